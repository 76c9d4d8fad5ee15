/**
 * All contacts as the network sees them, and the parts they share: relays, signalling, room for
 * connections. Strangers have no entry here: nothing is opened, gathered or answered for them.
 */

import { type Bytes, toHex } from '../base/bytes.js';
import { PimError } from '../base/errors.js';
import type { Logger, Platform } from '../base/platform.js';
import type { Identity } from '../crypto/identity.js';
import type { Suite } from '../crypto/suite.js';
import { MAX_PEER_CONNECTIONS } from '../protocol/limits.js';
import type { FrameSocket } from '../transport/frame-socket.js';
import type { LinkState } from '../transport/relay-link.js';
import { RelayPool } from '../transport/relay-pool.js';
import type { Channel } from './channel.js';
import { SignalClock } from './clock.js';
import { channelClosed } from './faults.js';
import { Peer, type PeerHost } from './peer.js';
import { Signaling, type Standing, type Verified } from './signaling.js';

export interface BookHost {
  readonly identity: Identity;
  readonly suite: Suite;
  readonly platform: Platform;
  readonly logger: Logger;
  /** No signal time above it was used by this device before. */
  readonly lastSignalTime: number;
  keepSignalTime(time: number): Promise<void>;
  /** Sockets that were dialled already. */
  readonly early?: Map<string, FrameSocket>;
  rtcConfig(key: Bytes): Promise<RTCConfiguration>;
  standing(key: Bytes): Standing;
  /** What is remembered of a contact's device: the newest knock taken from it. */
  recall(key: Bytes, device: string): number;
  remember(key: Bytes, device: string, seenTime: number): void;
  onInvite(signal: Verified): void;
  onAccept(signal: Verified): void;
  onPeer(peer: Peer): void;
  onSecure(peer: Peer, device: Bytes, channel: Channel): void;
  /** A relay takes envelopes from now on. */
  onReady(): void;
  onRelay(url: string, state: LinkState, reason: PimError | null): void;
}

export class PeerBook {
  readonly pool: RelayPool;
  readonly signaling: Signaling;
  readonly clock: SignalClock;
  readonly #host: BookHost;
  readonly #peers = new Map<string, Peer>();
  #isStopped = false;
  /** When each relay last delivered something altered, monotonic milliseconds, and how often. */
  readonly #altered = new Map<string, { at: number; count: number }>();

  constructor(host: BookHost) {
    this.#host = host;
    const { identity, suite, platform, logger } = host;
    this.clock = new SignalClock(platform, host.lastSignalTime, (time) =>
      host.keepSignalTime(time),
    );
    this.pool = new RelayPool({
      identity,
      platform,
      logger,
      onSealed: (sealed, url) => void this.signaling.receive(sealed, url),
      ...(host.early && { early: host.early }),
      onReady: () => host.onReady(),
      onState: (url, state, reason) => host.onRelay(url, state, reason),
    });
    this.signaling = new Signaling({
      identity,
      suite,
      platform,
      logger,
      clock: this.clock,
      pool: this.pool,
      standing: (key) => host.standing(key),
      onSignal: (signal) => this.#take(signal),
      onAltered: (url) => this.#noteAltered(url),
    });
  }

  get peers(): Peer[] {
    return [...this.#peers.values()];
  }

  alteredFrames(url: string): number {
    return this.#altered.get(url)?.count ?? 0;
  }

  /** The entry of a contact, made at the first use. */
  peer(key: Bytes): Peer {
    const name = toHex(key);
    const known = this.#peers.get(name);
    if (known !== undefined) return known;
    const peer = new Peer(key, this.#peerHost(key));
    this.#peers.set(name, peer);
    return peer;
  }

  /** The network may be another one, or we may have slept: what is believed to be there is asked. */
  wake(): void {
    this.pool.hurry();
    for (const peer of this.peers) peer.probe();
  }

  /** Ends everything with somebody and forgets the entry. */
  drop(key: Bytes): void {
    const name = toHex(key);
    this.#peers.get(name)?.hangUp(channelClosed());
    this.#peers.delete(name);
  }

  stop(): void {
    this.#isStopped = true;
    for (const peer of this.peers) peer.hangUp(channelClosed());
    this.#peers.clear();
    this.pool.stop();
  }

  #take(signal: Verified): void {
    const { kind } = signal.signal.body;
    // We may have stopped, or blocked somebody, while the signature was being checked.
    if (this.#isStopped || (kind !== 'invite' && !this.#isKnown(signal.signal.from))) return;
    if (kind === 'invite') return this.#host.onInvite(signal);
    if (kind === 'accept') return this.#host.onAccept(signal);
    this.peer(signal.signal.from).take(signal);
  }

  #peerHost(key: Bytes): PeerHost {
    const { identity, suite, platform, logger } = this.#host;
    return {
      identity,
      suite,
      platform,
      logger,
      signaling: this.signaling,
      rtcConfig: () => this.#host.rtcConfig(key),
      recall: (device) => this.#host.recall(key, device),
      remember: (of, device, seenTime) => this.#host.remember(of, device, seenTime),
      makeRoom: (asker) => this.#makeRoom(asker),
      alteredSince: (since) => this.#alteredSince(since),
      onDoubt: () => this.pool.probe(),
      onState: (peer) => this.#host.onPeer(peer),
      onSecure: (peer, device, channel) => this.#host.onSecure(peer, device, channel),
    };
  }

  #isKnown(key: Bytes): boolean {
    return !this.#isStopped && this.#host.standing(key) === 'contact';
  }

  /** The connection that was silent for longest gives way to a new one. */
  #makeRoom(asker: Bytes): boolean {
    if (!this.#isKnown(asker)) return false;
    const open = this.peers.flatMap((peer) => peer.sessions).length;
    if (open < MAX_PEER_CONNECTIONS) return true;
    const idle = this.peers
      .filter((peer) => peer.channels.length > 0 && toHex(peer.key) !== toHex(asker))
      .sort((a, b) => (a.lastHeard ?? 0) - (b.lastHeard ?? 0))[0];
    idle?.leave(new PimError('channel/closed', 'Too many connections at once.', null));
    return idle !== undefined;
  }

  #noteAltered(url: string): void {
    const count = this.alteredFrames(url) + 1;
    this.#altered.set(url, { at: this.#host.platform.monotonic(), count });
    // Told at 1, 2, 4, 8 …: a relay that floods must not flood the page with events.
    const isTold = Number.isInteger(Math.log2(count));
    const link = this.pool.links.find((each) => each.url === url);
    if (isTold && link !== undefined) this.#host.onRelay(url, link.state, link.reason);
  }

  #alteredSince(since: number): string[] {
    return [...this.#altered].filter(([, { at }]) => at >= since).map(([url]) => url);
  }
}
