/**
 * One device of a contact: its handshake, the session being set up and the one that is confirmed.
 */

import { type Bytes, equal } from '../base/bytes.js';
import type { PimError } from '../base/errors.js';
import { type Role, type SessionNames, sessionIdInput } from '../protocol/confirm.js';
import { MAX_EARLY_SIGNALS, NONCE_BYTES, SESSION_ID_BYTES } from '../protocol/limits.js';
import type { Channel } from './channel.js';
import { offline, replaced } from './faults.js';
import { Handshake, type Incoming, type Nonces } from './handshake.js';
import { PeerSession } from './session.js';
import type { SessionHost, SessionState } from './session-state.js';
import type { Verified } from './signaling.js';

export interface EndHost extends SessionHost {
  /** Another session is about to begin; false where there is no room for it. */
  makeRoom(key: Bytes): boolean;
  /** Somebody who was here does not answer: it may be our own line. */
  onDoubt(): void;
}

export interface EndEvents {
  onState(state: SessionState): void;
  onSecure(end: DeviceEnd, channel: Channel): void;
  /** A session that was being set up came to nothing. */
  onFailed(reason: PimError): void;
  /** The confirmed session ended and no other took its place. */
  onLost(reason: PimError, wasGoodbye: boolean): void;
  /** The confirmed session fell silent, or is heard again. */
  onSilence(isSilent: boolean): void;
}

export class DeviceEnd {
  readonly device: Bytes;
  readonly #key: Bytes;
  readonly #role: Role;
  readonly #host: EndHost;
  readonly #events: EndEvents;
  readonly #handshake: Handshake;
  /** Being set up. */
  #pending: PeerSession | null = null;
  /** Confirmed; replaced only by one that is confirmed too. */
  #current: PeerSession | null = null;
  #isForgotten = false;
  /** Signals of a session that has not begun here yet: relays reorder. */
  #early: Verified[] = [];

  constructor(
    ends: { readonly key: Bytes; readonly device: Bytes; readonly role: Role },
    seenTime: number,
    host: EndHost,
    events: EndEvents,
  ) {
    this.device = ends.device;
    this.#key = ends.key;
    this.#role = ends.role;
    this.#host = host;
    this.#events = events;
    const { platform } = host;
    this.#handshake = new Handshake(
      ends.role,
      { seenTime },
      () => platform.random(NONCE_BYTES),
      () => platform.monotonic(),
    );
  }

  get channel(): Channel | null {
    return this.#current?.channel ?? null;
  }

  /** Whether the other end of a confirmed session answers. */
  get isLive(): boolean {
    return this.channel?.isSilent === false;
  }

  get isBusy(): boolean {
    return this.#pending !== null;
  }

  get sessions(): PeerSession[] {
    return [this.#pending, this.#current].filter((session) => session !== null);
  }

  /** Whether there was nothing here to keep; then nothing that is under way begins a session any more. */
  forget(): boolean {
    this.#isForgotten = this.sessions.length === 0;
    return this.#isForgotten;
  }

  /** Whether the nonce at hand belongs to a session already. */
  get isSpent(): boolean {
    return this.#handshake.isSpent;
  }

  /** The time of the newest knock taken from this device. */
  get seenTime(): number {
    return this.#handshake.remembered.seenTime;
  }

  /** A KNOCK to all devices is going out with `nonce`. */
  knocking(nonce: Bytes): void {
    if (!this.isLive) this.#handshake.knocking(nonce);
  }

  take(verified: Verified): void {
    const { body, time } = verified.signal;
    if (body.kind === 'knock') void this.#step({ kind: 'knock', time, nonce: body.nonce });
    else if (body.kind === 'hello') {
      const nonces = { low: body.nonceLow, high: body.nonceHigh };
      void this.#step({ kind: 'hello', time, nonces });
    } else if (body.kind === 'offer') void this.#takeOffer(verified);
    else if (!this.#takeInSession(verified)) {
      if (this.#early.length >= MAX_EARLY_SIGNALS) this.#early.shift();
      this.#early.push(verified);
    }
  }

  async #takeOffer(verified: Verified): Promise<void> {
    const { body, time } = verified.signal;
    if (body.kind !== 'offer') return;
    const hash = await this.#host.suite.sha256(verified.whole);
    const nonces = { low: body.nonceLow, high: body.nonceHigh };
    await this.#step({ kind: 'offer', time, nonces, hash }, verified);
  }

  /** One move of the handshake, and what follows from it. */
  async #step(incoming: Incoming, offer?: Verified): Promise<void> {
    const step = this.#handshake.take(incoming);
    switch (step.do) {
      case 'nothing':
        return this.#host.logger('debug', `${incoming.kind} ignored: ${step.why}`);
      case 'hello': {
        const { low: nonceLow, high: nonceHigh } = step.nonces;
        const route = { to: this.#key, toDevice: this.device };
        await this.#host.signaling.signAndSend(route, { kind: 'hello', nonceLow, nonceHigh });
        return;
      }
      case 'repeat-offer':
      case 'repeat-answer':
        return this.#pending?.repeat();
      case 'offer': {
        const session = await this.#begin(step.nonces);
        return session?.offer();
      }
      case 'answer': {
        const session = await this.#begin(step.nonces);
        if (session === null || offer === undefined || incoming.kind !== 'offer') return;
        if (!equal(session.ends.id, offer.signal.session)) return session.close(offline());
        void session.answer(offer, incoming.hash);
        for (const early of this.#early.splice(0)) this.#takeInSession(early);
      }
    }
  }

  async #begin(nonces: Nonces): Promise<PeerSession | null> {
    const names = this.#names();
    const input = sessionIdInput(names, nonces.low, nonces.high);
    const hash = await this.#host.suite.sha256(input);
    if (this.#isForgotten || !this.#host.makeRoom(this.#key)) {
      this.#handshake.failed(nonces);
      return null;
    }
    const ends = {
      role: this.#role,
      names,
      id: hash.slice(0, SESSION_ID_BYTES) as Bytes,
      nonces,
      theirKey: this.#key,
      theirDevice: this.device,
    };
    const session: PeerSession = new PeerSession(ends, this.#host, {
      onState: (state) => this.#events.onState(state),
      onSecure: (channel) => this.#secured(session, channel),
      onEnd: (reason, wasGoodbye) => this.#ended(session, reason, wasGoodbye),
    });
    const before = this.#pending;
    this.#pending = session;
    before?.close(replaced());
    return session;
  }

  #secured(session: PeerSession, channel: Channel): void {
    const before = this.#current;
    this.#current = session;
    if (this.#pending === session) this.#pending = null;
    this.#early = [];
    this.#handshake.connected(session.ends.nonces);
    channel.onDoubt = () => this.#host.onDoubt();
    channel.onSilence = (isSilent) => this.#silence(session, isSilent);
    this.#events.onSecure(this, channel);
    before?.close(replaced());
  }

  #ended(session: PeerSession, reason: PimError, wasGoodbye: boolean): void {
    this.#handshake.failed(session.ends.nonces);
    if (this.#pending === session) {
      this.#pending = null;
      return this.#events.onFailed(reason);
    }
    if (this.#current !== session) return;
    this.#current = null;
    this.#events.onLost(reason, wasGoodbye);
  }

  /** A silent session is kept, for it may be heard again; another one may take its place meanwhile. */
  #silence(session: PeerSession, isSilent: boolean): void {
    if (this.#current !== session) return;
    if (isSilent) this.#handshake.failed(session.ends.nonces);
    this.#events.onSilence(isSilent);
  }

  #takeInSession(verified: Verified): boolean {
    const { body, session, seq } = verified.signal;
    const found = this.sessions.find((each) => equal(each.ends.id, session));
    if (found === undefined) return false;
    if (body.kind === 'answer') void found.takeAnswer(verified);
    else if (body.kind === 'candidates') found.takeCandidates(seq, body.candidates);
    else if (body.kind === 'bye' && found === this.#pending) found.close(offline());
    return true;
  }

  #names(): SessionNames {
    const { keys, device: own } = this.#host.identity;
    return this.#role === 'low'
      ? { low: keys.publicKey, high: this.#key, deviceLow: own, deviceHigh: this.device }
      : { low: this.#key, high: keys.publicKey, deviceLow: this.device, deviceHigh: own };
  }
}
