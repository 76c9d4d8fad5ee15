/**
 * One contact as the network sees them: knocks until they answer, keeps one session per device of
 * theirs, and says in a word how far the connection is.
 */

import { backoff } from '../base/backoff.js';
import { type Bytes, toHex } from '../base/bytes.js';
import { PimError } from '../base/errors.js';
import { next, type Table } from '../base/state.js';
import { sleep } from '../base/time.js';
import { type Role, type SessionNames, sessionIdInput } from '../protocol/confirm.js';
import {
  MAX_CONTACT_DEVICES,
  MAX_EARLY_SIGNALS,
  NONCE_BYTES,
  NONCE_LIFE_MS,
} from '../protocol/limits.js';
import type { Channel } from './channel.js';
import { Handshake, type Incoming, type Nonces } from './handshake.js';
import { PeerSession, type SessionHost, type SessionState } from './session.js';
import { deviceName, isLower, type Verified } from './signaling.js';

/** Milliseconds between knocks. A friend who is there answers the first within a second. */
const KNOCK = { firstMs: 2_000, maxMs: 16_000 };
/** Knocks in a row before we are quiet until something changes; whoever comes online knocks too. */
const MAX_KNOCKS = 5;

export type PeerState = 'idle' | 'calling' | 'connecting' | 'connected' | 'offline';
type PeerEvent = 'call' | 'found' | 'secured' | 'lost' | 'gaveUp' | 'hungUp';

/** The states of a contact's connection; ARCHITECTURE.md draws this table. */
export const PEER: Table<PeerState, PeerEvent> = {
  idle: { call: 'calling', found: 'connecting', secured: 'connected', hungUp: 'idle' },
  calling: {
    call: 'calling',
    found: 'connecting',
    secured: 'connected',
    gaveUp: 'offline',
    hungUp: 'idle',
  },
  connecting: {
    call: 'connecting',
    found: 'connecting',
    secured: 'connected',
    lost: 'calling',
    gaveUp: 'offline',
    hungUp: 'idle',
  },
  connected: { secured: 'connected', lost: 'offline', hungUp: 'idle' },
  offline: {
    call: 'calling',
    found: 'connecting',
    secured: 'connected',
    gaveUp: 'offline',
    hungUp: 'idle',
  },
};

export interface PeerHost extends SessionHost {
  /** What is remembered of a device of this contact, by its name. */
  recall(device: string): number;
  remember(key: Bytes, device: string, seenTime: number): void;
  /** Another session is about to begin; false where there is no room for it. */
  makeRoom(key: Bytes): boolean;
  /** Relays that delivered altered frames since `since` (monotonic milliseconds). */
  alteredSince(since: number): string[];
  onState(peer: Peer): void;
  onSecure(peer: Peer, device: Bytes, channel: Channel): void;
}

interface End {
  readonly device: Bytes;
  readonly handshake: Handshake;
  /** Being set up. */
  pending: PeerSession | null;
  /** Confirmed; replaced only by one that is confirmed too. */
  current: PeerSession | null;
  /** Signals of a session that has not begun here yet. */
  early: Verified[];
}

export class Peer {
  readonly key: Bytes;
  readonly #host: PeerHost;
  readonly #role: Role;
  readonly #ends = new Map<string, End>();
  #state: PeerState = 'idle';
  #reason: PimError | null = null;
  #nonce: Bytes | null = null;
  #nonceAt = 0;
  #call: AbortController | null = null;
  #isLeaving = false;

  constructor(key: Bytes, host: PeerHost) {
    this.key = key;
    this.#host = host;
    this.#role = isLower(host.identity.keys.publicKey, key) ? 'low' : 'high';
  }

  get state(): PeerState {
    return this.#state;
  }

  /** Why the last attempt ended, while not connected. */
  get reason(): PimError | null {
    return this.#reason;
  }

  /** Confirmed channels, one a device. */
  get channels(): Channel[] {
    return [...this.#ends.values()].flatMap((end) => end.current?.channel ?? []);
  }

  get sessions(): PeerSession[] {
    return [...this.#ends.values()].flatMap((end) => [end.pending ?? [], end.current ?? []].flat());
  }

  /** Monotonic milliseconds at which any device of theirs was last heard; null for never. */
  get lastHeard(): number | null {
    const times = this.channels.map((channel) => channel.lastHeard);
    return times.length === 0 ? null : Math.max(...times);
  }

  /** Looks for them, unless they are here or being looked for already. */
  call(): void {
    if (this.#state === 'connected' || this.#call !== null) return;
    const call = new AbortController();
    this.#call = call;
    this.#move('call', null);
    void this.#knock(call).finally(() => {
      if (this.#call === call) this.#call = null;
    });
  }

  /** Ends everything with them; they are told where we are connected. */
  hangUp(reason: PimError): void {
    this.#call?.abort();
    this.leave(reason);
    this.#move('hungUp', null);
  }

  /** Closes the connection on purpose, so that nobody mends it; either side may knock again. */
  leave(reason: PimError): void {
    this.#isLeaving = true;
    for (const session of this.sessions) session.close(reason, true);
    this.#isLeaving = false;
  }

  take(verified: Verified): void {
    const { body, fromDevice, time, session } = verified.signal;
    const end = this.#endOf(fromDevice);
    if (end === null) return;
    if (body.kind === 'knock') void this.#step(end, { kind: 'knock', time, nonce: body.nonce });
    else if (body.kind === 'hello') {
      const nonces = { low: body.nonceLow, high: body.nonceHigh };
      void this.#step(end, { kind: 'hello', time, nonces });
    } else if (body.kind === 'offer') void this.#takeOffer(end, verified);
    else if (!this.#takeInSession(end, verified, session)) {
      if (end.early.length >= MAX_EARLY_SIGNALS) end.early.shift();
      end.early.push(verified);
    }
  }

  async #knock(call: AbortController): Promise<void> {
    const { platform, signaling } = this.#host;
    const since = platform.monotonic();
    for (let attempt = 0; attempt < MAX_KNOCKS && !call.signal.aborted; attempt++) {
      if (this.#state === 'calling') {
        const nonce = this.#knockNonce();
        for (const end of this.#ends.values())
          if (end.current === null) end.handshake.knocking(nonce);
        await signaling.signAndSend({ to: this.key }, { kind: 'knock', nonce });
      }
      const random = (platform.random(1)[0] as number) / 256;
      await sleep(platform, backoff(KNOCK, attempt, random), call.signal);
    }
    if (call.signal.aborted || this.#state !== 'calling') return;
    this.#giveUp(since);
  }

  #giveUp(since: number): void {
    const relays = this.#host.alteredSince(since);
    if (relays.length > 0) return this.#move('gaveUp', altered(relays));
    this.#move('gaveUp', this.#reason ?? offline());
  }

  /**
   * Low knocks with a nonce of its own each time; high keeps one that was not taken up yet, because
   * an OFFER that carries it may be under way.
   */
  #knockNonce(): Bytes {
    const now = this.#host.platform.monotonic();
    const isUsable = this.#role === 'high' && now - this.#nonceAt < NONCE_LIFE_MS;
    const isSpent = [...this.#ends.values()].some((end) => end.handshake.isSpent);
    if (this.#nonce === null || !isUsable || isSpent) {
      this.#nonce = this.#host.platform.random(NONCE_BYTES);
      this.#nonceAt = now;
    }
    return this.#nonce;
  }

  async #takeOffer(end: End, verified: Verified): Promise<void> {
    const { body, time } = verified.signal;
    if (body.kind !== 'offer') return;
    const hash = await this.#host.suite.sha256(verified.whole);
    const nonces = { low: body.nonceLow, high: body.nonceHigh };
    await this.#step(end, { kind: 'offer', time, nonces, hash }, verified);
  }

  /** One move of the handshake, and what follows from it. */
  async #step(end: End, incoming: Incoming, verified?: Verified): Promise<void> {
    const step = end.handshake.take(incoming);
    switch (step.do) {
      case 'nothing':
        return this.#host.logger('debug', `${incoming.kind} ignored: ${step.why}`);
      case 'hello': {
        const body = {
          kind: 'hello',
          nonceLow: step.nonces.low,
          nonceHigh: step.nonces.high,
        } as const;
        await this.#host.signaling.signAndSend({ to: this.key, toDevice: end.device }, body);
        return;
      }
      case 'repeat-offer':
      case 'repeat-answer':
        return end.pending?.repeat();
      case 'offer': {
        const session = await this.#begin(end, step.nonces);
        return session?.offer(step.nonces);
      }
      case 'answer': {
        const session = await this.#begin(end, step.nonces);
        if (verified === undefined || incoming.kind !== 'offer') return;
        if (session === null || !this.#isFor(session, verified)) return;
        void session.answer(verified, incoming.hash);
        return this.#takeEarly(end);
      }
    }
  }

  async #begin(end: End, nonces: Nonces): Promise<PeerSession | null> {
    const names = this.#names(end.device);
    const input = sessionIdInput(names, nonces.low, nonces.high);
    const id = (await this.#host.suite.sha256(input)).slice(0, 16) as Bytes;
    if (!this.#host.makeRoom(this.key)) return null;
    const ends = { role: this.#role, names, id, theirKey: this.key, theirDevice: end.device };
    const session: PeerSession = new PeerSession(ends, this.#host, {
      onState: (state) => this.#sessionMoved(state),
      onSecure: (channel) => this.#secured(end, session, channel),
      onEnd: (reason, wasGoodbye) => this.#ended(end, session, reason, wasGoodbye),
    });
    const replaced = end.pending;
    end.pending = session;
    replaced?.close(replacedBy());
    return session;
  }

  #sessionMoved(state: SessionState): void {
    if (state === 'describing' && this.#state !== 'connected') this.#move('found', this.#reason);
  }

  #secured(end: End, session: PeerSession, channel: Channel): void {
    const before = end.current;
    end.current = session;
    if (end.pending === session) end.pending = null;
    end.early = [];
    end.handshake.connected();
    this.#call?.abort();
    this.#host.remember(this.key, deviceName(end.device), end.handshake.remembered.seenTime);
    this.#move('secured', null);
    before?.close(replacedBy());
    this.#host.onSecure(this, end.device, channel);
  }

  #ended(end: End, session: PeerSession, reason: PimError, wasGoodbye: boolean): void {
    if (end.pending === session) {
      end.pending = null;
      end.handshake.failed();
      this.#reason = reason;
      if (this.#state === 'connecting' && !this.#isBusy) this.#retry();
      return;
    }
    if (end.current !== session) return;
    end.current = null;
    end.handshake.failed();
    if (this.channels.length > 0) return;
    this.#move('lost', wasGoodbye ? offline() : reason);
    if (this.#isBusy) return this.#move('found', null);
    // Whoever says goodbye knocks again when they are back; a line that broke is mended at once.
    if (!wasGoodbye && !this.#isLeaving) this.call();
  }

  get #isBusy(): boolean {
    return [...this.#ends.values()].some((end) => end.pending !== null);
  }

  /** An attempt failed: the knocks that are left go on, or a sentence says why there are none. */
  #retry(): void {
    if (this.#call !== null) return this.#move('lost', this.#reason);
    this.#move('gaveUp', this.#reason);
  }

  #takeInSession(end: End, verified: Verified, session: Bytes): boolean {
    const found = [end.pending, end.current].find(
      (each) => each !== null && toHex(each.ends.id) === toHex(session),
    );
    if (found === null || found === undefined) return false;
    const { body } = verified.signal;
    if (body.kind === 'answer') {
      void found.takeAnswer(verified);
    } else if (body.kind === 'candidates') found.takeCandidates(body.candidates);
    else if (body.kind === 'bye' && found === end.pending) found.close(offline());
    return true;
  }

  #takeEarly(end: End): void {
    for (const verified of end.early.splice(0)) {
      this.#takeInSession(end, verified, verified.signal.session);
    }
  }

  #isFor(session: PeerSession, verified: Verified): boolean {
    return toHex(session.ends.id) === toHex(verified.signal.session);
  }

  #names(device: Bytes): SessionNames {
    const { keys, device: own } = this.#host.identity;
    return this.#role === 'low'
      ? { low: keys.publicKey, high: this.key, deviceLow: own, deviceHigh: device }
      : { low: this.key, high: keys.publicKey, deviceLow: device, deviceHigh: own };
  }

  #endOf(device: Bytes): End | null {
    const name = deviceName(device);
    const known = this.#ends.get(name);
    if (known !== undefined) return known;
    if (this.#ends.size >= MAX_CONTACT_DEVICES && !this.#forgetOne()) return null;
    const { platform } = this.#host;
    const handshake = new Handshake(
      this.#role,
      { seenTime: this.#host.recall(name) },
      () => platform.random(NONCE_BYTES),
      () => platform.monotonic(),
    );
    if (this.#nonce !== null) handshake.knocking(this.#nonce);
    const end: End = { device, handshake, pending: null, current: null, early: [] };
    this.#ends.set(name, end);
    return end;
  }

  #forgetOne(): boolean {
    for (const [name, end] of this.#ends) {
      if (end.current !== null || end.pending !== null) continue;
      return this.#ends.delete(name);
    }
    return false;
  }

  #move(event: PeerEvent, reason: PimError | null): void {
    const state = next(PEER, this.#state, event);
    if (state === null) return;
    this.#state = state;
    this.#reason = reason;
    this.#host.onState(this);
  }
}

function offline(): PimError<'peer/offline'> {
  return new PimError('peer/offline', 'They are not here at the moment.', null);
}

function altered(relays: string[]): PimError<'peer/altered'> {
  const message = 'What reached us had been altered on its way. Nothing was connected.';
  return new PimError('peer/altered', message, { relays });
}

function replacedBy(): PimError<'channel/closed'> {
  return new PimError('channel/closed', 'A newer connection took its place.', null);
}
