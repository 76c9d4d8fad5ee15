/**
 * One contact as the network sees them: knocks until they answer, keeps one session per device of
 * theirs, and says in a word how far the connection is.
 */

import { backoff } from '../base/backoff.js';
import type { Bytes } from '../base/bytes.js';
import type { PimError } from '../base/errors.js';
import type { Timer } from '../base/platform.js';
import { next, type Table } from '../base/state.js';
import { sleep } from '../base/time.js';
import type { Role } from '../protocol/confirm.js';
import { MAX_CONTACT_DEVICES, NONCE_BYTES, NONCE_LIFE_MS } from '../protocol/limits.js';
import type { Channel } from './channel.js';
import { DeviceEnd, type EndHost } from './device-end.js';
import { altered, offline } from './faults.js';
import { Mending } from './mending.js';
import type { PeerSession } from './session.js';
import type { SessionState } from './session-state.js';
import { deviceName, isLower, type Verified } from './signaling.js';

/** Milliseconds between knocks. A friend who is there answers the first within a second. */
const KNOCK = { firstMs: 2_000, maxMs: 16_000 };
/** Milliseconds without an answer, after which they count as away; the knocks go on. */
const AWAY_AFTER_MS = 3_000;
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

export interface PeerHost extends EndHost {
  /** The time of the newest knock taken from a device of this contact, by its name. */
  recall(device: string): number;
  remember(key: Bytes, device: string, seenTime: number): void;
  /** Relays that delivered altered frames since `since` (monotonic milliseconds). */
  alteredSince(since: number): string[];
  onState(peer: Peer): void;
  onSecure(peer: Peer, device: Bytes, channel: Channel): void;
}

export class Peer {
  readonly key: Bytes;
  readonly #host: PeerHost;
  readonly #role: Role;
  readonly #ends = new Map<string, DeviceEnd>();
  #state: PeerState = 'idle';
  #reason: PimError | null = null;
  #nonce: Bytes | null = null;
  #nonceAt = 0;
  #call: AbortController | null = null;
  /** Monotonic milliseconds since which they are looked for, or an attempt of theirs is under way. */
  #since = 0;
  /** The last knock, and the relays that had it. */
  #knocked: { readonly whole: Bytes; readonly had: Set<string> } | null = null;
  #isLeaving = false;
  /** Until nobody's answer means that they are away. */
  #patience: Timer | null = null;
  readonly #mending: Mending;

  constructor(key: Bytes, host: PeerHost) {
    this.key = key;
    this.#host = host;
    this.#mending = new Mending(host.platform, () => this.call());
    this.#role = isLower(host.identity.keys.publicKey, key) ? 'low' : 'high';
  }

  get state(): PeerState {
    return this.#state;
  }

  /** Why the last attempt ended, while not connected. */
  get reason(): PimError | null {
    return this.#reason;
  }

  /** Confirmed channels, one a device; those that fell silent among them. */
  get channels(): Channel[] {
    return [...this.#ends.values()].flatMap((end) => end.channel ?? []);
  }

  get sessions(): PeerSession[] {
    return [...this.#ends.values()].flatMap((end) => end.sessions);
  }

  /** Monotonic milliseconds at which any device of theirs was last heard; null for never. */
  get lastHeard(): number | null {
    const times = this.channels.map((channel) => channel.lastHeard);
    return times.length === 0 ? null : Math.max(...times);
  }

  /** Looks for them, unless they are here or being looked for already. */
  call(): void {
    if (this.#isLive) return;
    if (this.#call !== null && this.#state !== 'offline') return this.#spread();
    this.#call?.abort();
    this.#mending.stop();
    const call = new AbortController();
    this.#call = call;
    this.#knocked = null;
    this.#move('call', null);
    void this.#knock(call).finally(() => {
      if (this.#call === call) this.#call = null;
    });
  }

  /** Whether they are still here: asked now, where they are believed to be. */
  probe(): void {
    for (const channel of this.channels) channel.probe();
  }

  /** Ends everything with them; they are told where we are connected. */
  hangUp(reason: PimError): void {
    this.#call?.abort();
    this.leave(reason);
    this.#mending.stop();
    this.#move('hungUp', null);
  }

  /** Closes the connection on purpose, so that nobody mends it; either side may knock again. */
  leave(reason: PimError): void {
    this.#isLeaving = true;
    for (const session of this.sessions) session.close(reason, true);
    this.#isLeaving = false;
  }

  take(verified: Verified): void {
    this.#endOf(verified.signal.fromDevice)?.take(verified);
  }

  async #knock(call: AbortController): Promise<void> {
    const { platform, signaling } = this.#host;
    this.#since = platform.monotonic();
    // An attempt that is under way takes its time from no knock: those left follow where it fails.
    for (let knocks = 0; knocks < MAX_KNOCKS && !call.signal.aborted; ) {
      if (this.#isLooking) {
        knocks++;
        const nonce = this.#knockNonce();
        for (const end of this.#ends.values()) end.knocking(nonce);
        const whole = await signaling.sign({ to: this.key }, { kind: 'knock', nonce });
        this.#knocked = { whole, had: new Set() };
        this.#spread();
      }
      const random = (platform.random(1)[0] as number) / 256;
      await sleep(platform, backoff(KNOCK, Math.max(0, knocks - 1), random), call.signal);
    }
    if (!call.signal.aborted && this.#isLooking) this.#giveUp();
  }

  /** The knock that is out goes to the relays that have not had it: one may be there only now. */
  #spread(): void {
    if (!this.#isLooking || this.#knocked === null) return;
    void this.#host.signaling.send(this.key, this.#knocked.whole, this.#knocked.had);
  }

  #giveUp(): void {
    // Before anybody is told: who is told may want to try again.
    this.#call = null;
    this.#away();
  }

  #away(): void {
    const relays = this.#host.alteredSince(this.#since);
    // What was altered is why nothing came of it; a false proof is worse, and came directly.
    const isRelayed = relays.length > 0 && this.#reason?.code !== 'peer/impostor';
    this.#move('gaveUp', isRelayed ? altered(relays) : (this.#reason ?? offline()));
  }

  /**
   * Low knocks with a nonce of its own each time; high keeps one that was not taken up yet, because
   * an OFFER that carries it may be under way.
   */
  #knockNonce(): Bytes {
    const now = this.#host.platform.monotonic();
    const isUsable = this.#role === 'high' && now - this.#nonceAt < NONCE_LIFE_MS;
    const isSpent = [...this.#ends.values()].some((end) => end.isSpent);
    if (this.#nonce === null || !isUsable || isSpent) {
      this.#nonce = this.#host.platform.random(NONCE_BYTES);
      this.#nonceAt = now;
    }
    return this.#nonce;
  }

  #secured(end: DeviceEnd, channel: Channel): void {
    this.#host.remember(this.key, deviceName(end.device), end.seenTime);
    this.#here();
    this.#host.onSecure(this, end.device, channel);
  }

  #here(): void {
    this.#call?.abort();
    this.#mending.secured();
    this.#move('secured', null);
  }

  /** An attempt failed: the knocks that are left go on, or a sentence says why there are none. */
  #failed(reason: PimError): void {
    this.#reason = reason;
    if (this.#state !== 'connecting' || this.#isBusy) return;
    if (this.#call === null) this.#giveUp();
    else this.#move('lost', reason);
  }

  #lost(reason: PimError, wasGoodbye: boolean): void {
    if (this.#isLive || this.#state !== 'connected') this.#host.onState(this);
    // Whoever says goodbye knocks again when they are back.
    this.#gone(wasGoodbye ? offline() : reason, !wasGoodbye && !this.#isLeaving);
  }

  /** Silence is no end: whoever slept is heard again. Whoever does not is looked for meanwhile. */
  #silence(isSilent: boolean): void {
    if (!isSilent) return this.#here();
    this.#gone(offline(), true);
  }

  /** None of their devices that was here is here any longer, unless another one is. */
  #gone(reason: PimError, isMended: boolean): void {
    if (this.#isLive) return;
    if (this.#state === 'connected') this.#move('lost', reason);
    if (this.#isBusy) this.#move('found', null);
    else if (isMended) this.#mending.broke();
  }

  #sessionMoved(state: SessionState): void {
    if (state !== 'describing' || this.#isLive) return;
    if (this.#call === null && this.#state !== 'connecting') {
      this.#since = this.#host.platform.monotonic();
    }
    this.#move('found', this.#reason);
  }

  get #isLive(): boolean {
    return [...this.#ends.values()].some((end) => end.isLive);
  }

  /** Whether they are waited for and have not answered yet. */
  get #isLooking(): boolean {
    return this.#state === 'calling' || this.#state === 'offline';
  }

  get #isBusy(): boolean {
    return [...this.#ends.values()].some((end) => end.isBusy);
  }

  #endOf(device: Bytes): DeviceEnd | null {
    const name = deviceName(device);
    const known = this.#ends.get(name);
    if (known !== undefined) return known;
    if (this.#ends.size >= MAX_CONTACT_DEVICES && !this.#forgetOne()) return null;
    const ends = { key: this.key, device, role: this.#role };
    const end = new DeviceEnd(ends, this.#host.recall(name), this.#host, {
      onState: (state) => this.#sessionMoved(state),
      onSecure: (which, channel) => this.#secured(which, channel),
      onFailed: (reason) => this.#failed(reason),
      onLost: (reason, wasGoodbye) => this.#lost(reason, wasGoodbye),
      onSilence: (isSilent) => this.#silence(isSilent),
    });
    if (this.#nonce !== null) end.knocking(this.#nonce);
    this.#ends.set(name, end);
    return end;
  }

  #forgetOne(): boolean {
    for (const [name, end] of this.#ends) {
      if (end.forget()) return this.#ends.delete(name);
    }
    return false;
  }

  #move(event: PeerEvent, reason: PimError | null): void {
    const state = next(PEER, this.#state, event);
    if (state === null) return;
    this.#state = state;
    this.#reason = reason;
    const { platform } = this.#host;
    if (this.#patience !== null) platform.clearTimer(this.#patience);
    this.#patience =
      state === 'calling' ? platform.setTimer(() => this.#away(), AWAY_AFTER_MS) : null;
    this.#host.onState(this);
  }
}
