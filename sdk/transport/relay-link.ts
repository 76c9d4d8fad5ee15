/**
 * The link to one relay: dialled, logged in, kept alive, and dialled again when lost. What it
 * carries is opaque to it.
 */

import type { Bytes } from '../base/bytes.js';
import { isPimError, PimError } from '../base/errors.js';
import type { Logger, Platform } from '../base/platform.js';
import { next, type Table } from '../base/state.js';
import { sleep, timeLimit } from '../base/time.js';
import type { Identity } from '../crypto/identity.js';
import {
  LINK_DEAD_AFTER_MS,
  LINK_PING_AFTER_MS,
  LINK_PROBE_MS,
  LOGIN_TIMEOUT_MS,
} from '../protocol/limits.js';
import { NOTE } from '../protocol/relay-frames.js';
import { foreign, isReplaced, left, unreachable } from './faults.js';
import { FrameSocket } from './frame-socket.js';
import type { TurnNote } from './given-turn.js';
import { Redial } from './redial.js';
import { judged, prove } from './relay-login.js';

/** Milliseconds a dial may take before news of the network make another one worth its while. */
const DIAL_FRESH_MS = 1_000;

export type LinkState = 'idle' | 'connecting' | 'online' | 'waiting' | 'refused' | 'closed';
type LinkEvent = 'dial' | 'welcomed' | 'lost' | 'refused' | 'stop';

/** The states of a link; ARCHITECTURE.md draws this table. */
export const LINK: Table<LinkState, LinkEvent> = {
  idle: { dial: 'connecting', stop: 'closed' },
  connecting: { welcomed: 'online', lost: 'waiting', refused: 'refused', stop: 'closed' },
  online: { lost: 'waiting', refused: 'refused', stop: 'closed' },
  waiting: { dial: 'connecting', stop: 'closed' },
  refused: { dial: 'connecting', stop: 'closed' },
  closed: {},
};

export interface LinkHost {
  readonly identity: Identity;
  readonly platform: Platform;
  readonly logger: Logger;
  /** Sockets that were dialled already, by URL; each is taken out by the link that uses it. */
  readonly early?: Map<string, FrameSocket>;
  /** A sealed envelope arrived. */
  onSealed(sealed: Bytes, url: string): void;
  /** The link takes envelopes from now on: our proof is out, and what follows it is read after it. */
  onReady(url: string): void;
  onState(url: string, state: LinkState, reason: PimError | null): void;
}

export class RelayLink {
  readonly url: string;
  /** The newest offer of TURN servers. It outlives the socket it came by: the servers are others. */
  turn: TurnNote | null = null;
  readonly #host: LinkHost;
  readonly #stop = new AbortController();
  #state: LinkState = 'idle';
  #reason: PimError | null = null;
  #socket: FrameSocket | null = null;
  #isReady = false;
  #hurry = new AbortController();
  #dialledAt = 0;
  #probedAt = Number.NEGATIVE_INFINITY;
  #nextId = 1;

  constructor(url: string, host: LinkHost) {
    this.url = url;
    this.#host = host;
  }

  get state(): LinkState {
    return this.#state;
  }

  get reason(): PimError | null {
    return this.#reason;
  }

  /** Whether it takes envelopes. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Dials, and keeps the link until `stop`. */
  start(): void {
    if (this.#state !== 'idle') return;
    void this.#run();
  }

  stop(): void {
    if (this.#state === 'closed') return;
    this.#socket?.send({ kind: 'bye', reason: 'leaving' });
    this.#stop.abort();
    this.#hurry.abort();
    this.#socket?.close();
    this.#move('stop', null);
  }

  /** The network is back or another one, or somebody looks: dials now, or asks for a sign of life. */
  hurry(): void {
    const isLeft = this.#state === 'refused' && isReplaced(this.#reason);
    if (this.#state === 'waiting' || isLeft) this.#hurry.abort();
    else this.probe();
  }

  /** Has the relay give a sign of life; one that gives none, or a dial that is stuck, is dialled anew. */
  probe(): void {
    const { platform } = this.#host;
    const [now, socket] = [platform.monotonic(), this.#socket];
    const isStuck = this.#state === 'connecting' && now - this.#dialledAt > DIAL_FRESH_MS;
    if (isStuck) return this.#hurry.abort();
    if (this.#state !== 'online' || socket === null || now - this.#probedAt < DIAL_FRESH_MS) return;
    this.#probedAt = now;
    socket.send({ kind: 'ping', token: platform.random(8) });
    platform.setTimer(() => {
      if (socket !== this.#socket || socket.lastHeard >= now) return;
      this.#hurry.abort();
      socket.close();
    }, LINK_PROBE_MS);
  }

  /** Hands over one envelope; false where the link is not ready. Nobody learns whether it arrived. */
  send(to: Bytes, sealed: Bytes): boolean {
    if (!this.#isReady || this.#socket === null) return false;
    const id = this.#nextId;
    this.#nextId = (this.#nextId + 1) >>> 0;
    return this.#socket.send({ kind: 'send', id, to, sealed });
  }

  async #run(): Promise<void> {
    const { platform } = this.#host;
    const redial = new Redial(platform);
    while (!this.#stop.signal.aborted) {
      this.#hurry = new AbortController();
      this.#dialledAt = platform.monotonic();
      this.#move('dial', this.#reason);
      let onlineAt = Number.POSITIVE_INFINITY;
      try {
        await this.#connect();
        onlineAt = platform.monotonic();
        await this.#carry();
      } catch (fault) {
        this.#lose(fault);
      } finally {
        this.#isReady = false;
        this.#socket?.close();
        this.#socket = null;
      }
      if (this.#stop.signal.aborted) return;
      const waitMs = redial.waitMs(onlineAt, this.#state === 'refused');
      await sleep(platform, waitMs, this.#hurry.signal);
    }
  }

  async #connect(): Promise<void> {
    const { platform, identity, early } = this.#host;
    const limit = timeLimit(platform, LOGIN_TIMEOUT_MS, this.#hurry.signal);
    try {
      const { signal } = limit;
      const socket = early?.get(this.url) ?? new FrameSocket(this.url, platform);
      early?.delete(this.url);
      this.#socket = socket;
      await prove(socket, this.url, identity, platform, signal);
      this.#isReady = true;
      this.#host.onReady(this.url);
      await judged(socket, this.url, signal);
      this.#move('welcomed', null);
    } finally {
      limit.clear();
    }
  }

  /** Frames of an online link, until it ends. */
  async #carry(): Promise<void> {
    const socket = this.#socket;
    if (socket === null) return;
    const beat = this.#heartbeat(socket);
    try {
      for (;;) {
        const frame = await socket.next(this.#stop.signal);
        if (frame.kind === 'receive') this.#host.onSealed(frame.sealed, this.url);
        else if (frame.kind === 'ping') socket.send({ kind: 'pong', token: frame.token });
        else if (frame.kind === 'result') this.#refused(frame.result);
        else if (frame.kind === 'bye') return this.#lose(left(this.url, frame.reason));
        else if (frame.kind === 'note') this.#note(frame.type, frame.body);
        else if (frame.kind !== 'pong') throw foreign(this.url, `unexpected ${frame.kind}`);
      }
    } finally {
      beat();
    }
  }

  #note(type: number, body: Bytes): void {
    if (type !== NOTE.turn) return;
    this.turn = { body, at: this.#host.platform.monotonic() };
    // Whoever makes a connection loads it; that is likely to be soon.
    import('./given-turn.js').catch(() => undefined);
  }

  /** The relay did not take a frame; the ends repeat what matters, so this is only told. */
  #refused(result: string): void {
    this.#host.logger('info', `a relay did not take a frame: ${result}`);
    if (result !== 'rate-limited' || this.#reason !== null) return;
    const message = 'The relay takes no more from us for the moment.';
    this.#reason = new PimError('relay/rate-limited', message, { url: this.url });
    this.#host.onState(this.url, this.#state, this.#reason);
  }

  /** Pings after silence, gives up after more of it. Returns its end. */
  #heartbeat(socket: FrameSocket): () => void {
    const { platform } = this.#host;
    const beat = (): void => {
      const silentMs = platform.monotonic() - socket.lastHeard;
      if (silentMs >= LINK_DEAD_AFTER_MS && pinged) return socket.close();
      if (silentMs >= LINK_PING_AFTER_MS) {
        // Where it cannot even be sent, nobody reads at the other end.
        socket.send({ kind: 'ping', token: platform.random(8) });
        pinged = true;
      } else pinged = false;
      timer = platform.setTimer(beat, LINK_PING_AFTER_MS / 3);
    };
    let pinged = false;
    let timer = platform.setTimer(beat, LINK_PING_AFTER_MS / 3);
    return () => platform.clearTimer(timer);
  }

  #lose(fault: unknown): void {
    if (this.#stop.signal.aborted) return;
    const reason = isPimError(fault) ? fault : unreachable(this.url, fault);
    const isFinal = reason.code === 'relay/refused' || reason.code === 'relay/version';
    const isBusy = isPimError(reason, 'relay/refused') && isPassing(reason.detail.reason);
    this.#move(isFinal && !isBusy ? 'refused' : 'lost', reason);
  }

  #move(event: LinkEvent, reason: PimError | null): void {
    const state = next(LINK, this.#state, event);
    if (state === null) return;
    this.#state = state;
    this.#reason = reason;
    this.#host.onState(this.url, state, reason);
  }
}

/** Refusals that time alone may cure. */
function isPassing(reason: string): boolean {
  return reason === 'busy' || reason === 'late';
}
