/**
 * One socket, from its challenge to its end. Which frames it takes follows from its state; the table
 * below is all there is: challenged → ready → closed.
 */

import type { Bytes } from '../sdk/base/bytes.js';
import type { RelayRefusal } from '../sdk/base/errors.js';
import type { Timer } from '../sdk/base/platform.js';
import { next, type Table } from '../sdk/base/state.js';
import {
  CLOSE,
  encodeRelayFrame,
  RELAY_FRAME,
  type RelayResult,
} from '../sdk/protocol/relay-frames.js';
import type { Gate, Place } from './admission.js';
import { Allowance } from './allowance.js';
import type { Clock } from './clock.js';
import { type Counters, RESULT_COUNTERS } from './counters.js';
import { keyName, readSend } from './envelope.js';
import type { Forward } from './forward.js';
import type { RelayLimits } from './limits.js';
import type { Challenge, Login } from './login.js';
import { readFrame } from './read-frame.js';
import type { Receiver, Router } from './router.js';
import { Outbox, type Wire } from './wire.js';

export interface SessionServices {
  readonly gate: Gate;
  /** Those whose sockets are open, for the heartbeat and the goodbye. */
  readonly sessions: Set<Session>;
  readonly clock: Clock;
  readonly limits: RelayLimits;
  readonly login: Login;
  readonly router: Router;
  readonly forward: Forward;
  readonly counters: Counters;
}

type SessionEvent = 'proved' | 'ended';

export const SESSION_STATES: Table<State['name'], SessionEvent> = {
  challenged: { proved: 'ready', ended: 'closed' },
  ready: { ended: 'closed' },
  closed: {},
};

type State =
  | { readonly name: 'challenged'; readonly challenge: Challenge; readonly deadline: Timer }
  | { readonly name: 'ready'; readonly key: string }
  | { readonly name: 'closed' };

/** Frames the relay itself writes. */
type OwnFrame = Parameters<typeof encodeRelayFrame>[0];

const CLOSED: State = { name: 'closed' };

/** RFC 6455 §7.4.1 and the IANA registry of close codes. */
const CLOSE_NORMAL = 1000;
const CLOSE_PROTOCOL_ERROR = 1002;
const CLOSE_UNSUPPORTED_DATA = 1003;
const CLOSE_SERVICE_RESTART = 1012;

export class Session implements Receiver {
  readonly #wire: Wire;
  readonly #place: Place;
  readonly #services: SessionServices;
  readonly #allowance: Allowance;
  readonly #outbox: Outbox;
  #state: State;
  /** Milliseconds of the monotonic clock: the last whole frame, the last ping. */
  #heardAt: number;
  #pingedAt: number;

  /** Sends the challenge. Nothing is accepted but one AUTH, within `authDeadlineMs`. */
  constructor(wire: Wire, place: Place, services: SessionServices) {
    this.#wire = wire;
    this.#place = place;
    this.#services = services;
    const { clock, limits, login, sessions } = services;
    sessions.add(this);
    const now = clock.monotonic();
    this.#allowance = new Allowance(limits, now);
    this.#outbox = new Outbox(wire, limits);
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
    if (!isBinary) this.#fault(CLOSE_UNSUPPORTED_DATA, 'only binary frames');
    else if (state.name === 'challenged') this.#prove(state.challenge, frame, now);
    else if (frame[0] === RELAY_FRAME.send) this.#forward(state.key, frame, now);
    else this.#control(frame, now);
  }

  /** A WebSocket ping or pong. */
  alive(): void {
    if (this.#state.name === 'closed') return;
    this.#isAllowed(this.#hear());
  }

  /** The socket is gone. */
  closed(): void {
    this.#services.sessions.delete(this);
    this.#move('ended', CLOSED);
  }

  /** The heartbeat: pings a silent socket, ends a dead or stalled one. */
  beat(now: number): void {
    if (this.#state.name === 'closed') return;
    const { pingAfterMs, silenceMs } = this.#services.limits;
    if (this.#outbox.behindForMs(now) >= silenceMs) this.#cut('slow');
    else if (now - this.#heardAt >= silenceMs) this.#cut('silent');
    else if (now - Math.max(this.#heardAt, this.#pingedAt) >= pingAfterMs) {
      this.#pingedAt = now;
      this.#wire.ping();
    }
  }

  receive(frame: Bytes): void {
    const written = this.#outbox.forward(frame);
    if (written === 'dropped') this.#services.counters.add('dropped');
    else if (written === 'full') this.#cut('slow');
  }

  replaced(): void {
    this.#services.counters.add('replaced');
    this.#shut(CLOSE.replaced, 'replaced', { kind: 'bye', reason: 'replaced' });
  }

  restarting(): void {
    this.#shut(CLOSE_SERVICE_RESTART, 'restarting', { kind: 'bye', reason: 'restarting' });
  }

  #prove(challenge: Challenge, bytes: Buffer, now: number): void {
    const proof = this.#services.login.judge(challenge, bytes, now);
    if ('refused' in proof) this.#refuse(proof.refused);
    else this.#begin(keyName(proof.publicKey), now);
  }

  #begin(key: string, now: number): void {
    if (this.#move('proved', { name: 'ready', key }) === null) return;
    const { counters, gate, limits, router } = this.#services;
    gate.prove(this.#place);
    counters.add('logins');
    this.#send({ kind: 'ok', framesPerSecond: limits.sendsPerS, burst: limits.sendBurst });
    router.join(key, this, now);
  }

  #forward(from: string, frame: Buffer, now: number): void {
    const header = readSend(frame);
    if (header.fault === 'no-frame') this.#fault(CLOSE_PROTOCOL_ERROR, 'no such frame');
    else if (!this.#allowance.send(frame.length, now)) this.#answer(header.id, 'rate-limited', now);
    else if (header.fault !== null) this.#answer(header.id, header.fault, now);
    else this.#services.forward(from, header.to, frame, now);
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

  #answer(id: number, result: RelayResult, now: number): void {
    this.#services.counters.add(RESULT_COUNTERS[result]);
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
    this.#shut(CLOSE.rateLimited, 'too many frames');
    return false;
  }

  #refuse(reason: RelayRefusal): void {
    this.#services.counters.add('refusals');
    this.#shut(CLOSE.unauthenticated, reason, { kind: 'error', reason });
  }

  #fault(code: number, reason: string): void {
    this.#services.counters.add('faulty');
    this.#shut(code, reason);
  }

  #shut(code: number, reason: string, last?: OwnFrame): void {
    if (this.#move('ended', CLOSED) === null) return;
    if (last !== undefined) this.#wire.send(encodeRelayFrame(last));
    this.#wire.close(code, reason);
  }

  #cut(why: 'silent' | 'slow'): void {
    if (this.#move('ended', CLOSED) === null) return;
    this.#services.counters.add(why);
    this.#wire.terminate();
  }

  /** Leaves the state it was in; null where the table has no such arrow. */
  #move(event: SessionEvent, to: State): State | null {
    const from = this.#state;
    if (next(SESSION_STATES, from.name, event) !== to.name) return null;
    this.#state = to;
    if (from.name === 'challenged') this.#services.clock.clearTimer(from.deadline);
    if (from.name === 'ready') this.#services.router.leave(from.key, this);
    return from;
  }
}
