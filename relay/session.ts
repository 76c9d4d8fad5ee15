/**
 * One socket, from its challenge to its end. Which frames it takes follows from its state, see
 * session-state.ts.
 */

import type { RelayRefusal } from '../sdk/base/errors.js';
import { next } from '../sdk/base/state.js';
import {
  CLOSE,
  encodeRelayFrame,
  NOTE,
  RELAY_FRAME,
  type RelayResult,
} from '../sdk/protocol/relay-frames.js';
import { encodeTurn } from '../sdk/protocol/turn.js';
import type { Gate, Place } from './admission.js';
import { Allowance } from './allowance.js';
import type { Clock } from './clock.js';
import { type CounterName, type Counters, REFUSAL_COUNTERS, RESULT_COUNTERS } from './counters.js';
import { keyName, readSend } from './envelope.js';
import type { Forward } from './forward.js';
import type { Judge } from './hostility.js';
import type { RelayLimits } from './limits.js';
import type { Challenge } from './login.js';
import type { Memory, Sheddable } from './memory.js';
import { readFrame } from './read-frame.js';
import type { KeyEntry, Receiver, Router } from './router.js';
import {
  CLOSE_NORMAL,
  CLOSE_PROTOCOL_ERROR,
  CLOSE_SERVICE_RESTART,
  CLOSE_UNSUPPORTED_DATA,
  CLOSED,
  SESSION_STATES,
  type SessionEvent,
  type State,
} from './session-state.js';
import type { Trace } from './trace.js';
import type { TurnLogins } from './turn.js';
import { Outbox, type Wire } from './wire.js';

export interface SessionServices {
  readonly gate: Gate;
  /** Those whose sockets are open, for the heartbeat and the goodbye. */
  readonly sessions: Set<Session>;
  readonly clock: Clock;
  readonly limits: RelayLimits;
  readonly login: Judge;
  readonly router: Router;
  readonly forward: Forward;
  readonly counters: Counters;
  readonly memory: Memory;
  /** Null where no TURN server is offered. */
  readonly turn: TurnLogins | null;
  readonly trace: Trace;
}

/** Frames the relay itself writes. */
type OwnFrame = Parameters<typeof encodeRelayFrame>[0];

export class Session implements Receiver, Sheddable {
  readonly #wire: Wire;
  readonly #place: Place;
  readonly #services: SessionServices;
  readonly #allowance: Allowance;
  readonly #outbox: Outbox;
  #state: State;
  /** Milliseconds of the monotonic clock: the last whole frame, the last ping. */
  #heardAt: number;
  #pingedAt: number;
  /** When the next TURN login is due; never before the first one was given. */
  #turnAt = Number.POSITIVE_INFINITY;

  /** Sends the challenge. Nothing is accepted but one AUTH, within `authDeadlineMs`. */
  constructor(wire: Wire, place: Place, services: SessionServices) {
    this.#wire = wire;
    this.#place = place;
    this.#services = services;
    const { clock, limits, login, sessions } = services;
    sessions.add(this);
    const now = clock.monotonic();
    this.#allowance = new Allowance(limits, place);
    this.#outbox = new Outbox(wire, limits, services.memory);
    this.#heardAt = now;
    this.#pingedAt = now;
    const challenge = login.challenge(now);
    const deadline = clock.setTimer(() => this.#refuse('late'), limits.authDeadlineMs);
    this.#state = { name: 'challenged', challenge, deadline };
    this.#send({
      kind: 'challenge',
      nonce: challenge.nonce,
      serverTime: clock.now(),
      maxFrame: limits.maxFrameBytes,
    });
  }

  /** One whole WebSocket message. */
  message(frame: Buffer, isBinary: boolean): void {
    const state = this.#state;
    if (state.name === 'closed') return;
    const now = this.#hear();
    const { counters } = this.#services;
    counters.add('framesIn');
    counters.add('bytesIn', frame.length);
    if (!isBinary) this.#fault(CLOSE_UNSUPPORTED_DATA, 'only binary frames');
    else if (state.name === 'challenged') this.#prove(state.challenge, frame, now);
    else if (frame[0] === RELAY_FRAME.send) this.#forward(state.entry, frame, now);
    else this.#control(frame, now);
  }

  /** A WebSocket ping, or a pong (null). */
  alive(ping: Buffer | null): void {
    if (this.#state.name === 'closed') return;
    if (this.#isAllowed(this.#hear()) && ping !== null) this.#wire.pong(ping);
  }

  /** The socket is gone. */
  closed(): void {
    this.#services.sessions.delete(this);
    this.#move('ended', CLOSED);
    this.#outbox.empty();
  }

  /** The heartbeat: pings a silent socket, ends a dead or stalled one. */
  beat(now: number): void {
    if (this.#state.name === 'closed') return;
    this.#allowance.rest(now);
    if (this.#state.name === 'ready') this.#state.entry.rest(now);
    if (now >= this.#turnAt) this.#offerTurn('turnRenewed', now);
    const { pingAfterMs, silenceMs } = this.#services.limits;
    if (this.#outbox.behindForMs(now) >= silenceMs) this.#cut('slow');
    else if (now - this.#heardAt >= silenceMs) this.#cut('silent');
    else if (now - Math.max(this.#heardAt, this.#pingedAt) >= pingAfterMs) {
      this.#pingedAt = now;
      this.#wire.ping();
    }
  }

  receive(frame: Uint8Array): void {
    const { counters, memory, sessions } = this.#services;
    const written = this.#outbox.forward(frame);
    if (memory.isCrowded) memory.relieve(sessions);
    if (written === 'full') this.#cut('slow');
    else if (written === 'dropped') counters.add('dropped');
    else {
      counters.add('framesOut');
      counters.add('bytesOut', frame.length);
    }
  }

  get waiting(): number {
    return this.#state.name === 'closed' ? 0 : this.#outbox.look();
  }

  cutOff(): void {
    this.#cut('shed');
  }

  sendAway(): void {
    this.#services.counters.add('shed');
    this.#shut(CLOSE.busy, 'busy', { kind: 'bye', reason: 'busy' });
  }

  replaced(): void {
    this.#services.counters.add('replaced');
    this.#shut(CLOSE.replaced, 'replaced', { kind: 'bye', reason: 'replaced' });
  }

  restarting(): void {
    this.#shut(CLOSE_SERVICE_RESTART, 'restarting', { kind: 'bye', reason: 'restarting' });
  }

  /** Ends whatever state it is in. */
  terminate(): void {
    this.#move('ended', CLOSED);
    this.#wire.terminate();
  }

  #prove(challenge: Challenge, bytes: Buffer, now: number): void {
    const proof = this.#services.login.judge(challenge, bytes, now);
    if ('refused' in proof) this.#refuse(proof.refused);
    else this.#begin(keyName(proof.publicKey), now);
  }

  #begin(key: string, now: number): void {
    const { counters, gate, limits, router, trace } = this.#services;
    if (this.#move('proved', { name: 'ready', entry: router.join(key, this) }) === null) return;
    gate.prove(this.#place);
    counters.add('logins');
    trace('login', this.#place, key);
    this.#send({ kind: 'ok', framesPerSecond: limits.sendsPerS, burst: limits.sendBurst });
    this.#offerTurn('turnGiven', now);
  }

  #offerTurn(counter: 'turnGiven' | 'turnRenewed', now: number): void {
    const { counters, turn } = this.#services;
    if (turn === null) return;
    this.#turnAt = now + turn.renewMs;
    counters.add(counter);
    this.#send({ kind: 'note', type: NOTE.turn, body: encodeTurn(turn.offer()) });
  }

  #forward(from: KeyEntry, frame: Buffer, now: number): void {
    const header = readSend(frame);
    if (header.fault === 'no-frame') {
      this.#fault(CLOSE_PROTOCOL_ERROR, 'no such frame');
      return;
    }
    const over = this.#allowance.overRate(from, frame.length, now);
    if (over !== null) this.#slowDown(header.id, over, now);
    else if (header.fault === null) this.#services.forward(from.key, header.to, frame, now);
    else this.#answer(header.id, header.fault, RESULT_COUNTERS[header.fault], now);
  }

  /** Tells it, and reads on a little later: to take in what is refused costs more than to refuse it. */
  #slowDown(id: number, counter: CounterName, now: number): void {
    this.#answer(id, 'rate-limited', counter, now);
    if (this.#state.name === 'ready') this.#wire.hold(this.#services.limits.holdMs);
  }

  #control(bytes: Buffer, now: number): void {
    const frame = readFrame(bytes);
    switch (frame?.kind) {
      case 'ping':
        if (this.#isAllowed(now)) this.#send({ kind: 'pong', token: frame.token });
        break;
      case 'pong':
        this.#isAllowed(now);
        break;
      case 'bye':
        this.#shut(CLOSE_NORMAL, '');
        break;
      case 'auth':
      case 'foreign':
        this.#refuse('proof');
        break;
      default:
        this.#fault(CLOSE_PROTOCOL_ERROR, 'no such frame');
    }
  }

  #answer(id: number, result: RelayResult, counter: CounterName, now: number): void {
    this.#services.counters.add(counter);
    if (this.#isAllowed(now)) this.#send({ kind: 'result', id, result });
  }

  #send(frame: OwnFrame): void {
    if (this.#outbox.say(encodeRelayFrame(frame)) === 'full') this.#cut('slow');
  }

  #hear(): number {
    this.#heardAt = this.#services.clock.monotonic();
    return this.#heardAt;
  }

  /** False, and the socket is ended, where it has asked for too much that forwards nothing. */
  #isAllowed(now: number): boolean {
    if (this.#allowance.control(now)) return true;
    this.#services.counters.add('flooding');
    this.#dismiss(CLOSE.rateLimited, 'too many frames');
    return false;
  }

  #refuse(reason: RelayRefusal): void {
    const { counters, trace } = this.#services;
    const counter = REFUSAL_COUNTERS[reason];
    counters.add('refusals');
    if (counter !== undefined) counters.add(counter);
    trace('refused', this.#place, null, reason);
    // A wrong proof has cost more than any other frame.
    if (reason === 'origin') this.#place.network?.wrongProof(this.#heardAt);
    this.#dismiss(CLOSE.unauthenticated, reason, { kind: 'error', reason });
  }

  #fault(code: number, reason: string): void {
    this.#services.counters.add('faulty');
    this.#dismiss(code, reason);
  }

  #shut(code: number, reason: string, last?: OwnFrame): void {
    if (this.#move('ended', CLOSED) === null) return;
    if (last !== undefined) this.#wire.write(encodeRelayFrame(last));
    this.#wire.close(code, reason);
  }

  /** Ends a client that does what no honest one does: nothing more of it is read. */
  #dismiss(code: number, reason: string, last?: OwnFrame): void {
    if (this.#move('ended', CLOSED) === null) return;
    if (last !== undefined) this.#wire.write(encodeRelayFrame(last));
    this.#wire.dismiss(code, reason);
  }

  #cut(why: 'silent' | 'slow' | 'shed'): void {
    if (this.#move('ended', CLOSED) === null) return;
    this.#services.counters.add(why);
    this.#services.trace('ended', this.#place, null, why);
    this.#wire.terminate();
    this.#outbox.empty();
  }

  /** Leaves the state it was in; null where the table has no such arrow. */
  #move(event: SessionEvent, to: State): State | null {
    const from = this.#state;
    if (next(SESSION_STATES, from.name, event) !== to.name) return null;
    this.#state = to;
    if (from.name === 'challenged') this.#services.clock.clearTimer(from.deadline);
    if (from.name === 'ready') this.#services.router.leave(from.entry, this);
    return from;
  }
}
