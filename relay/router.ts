/**
 * Which sockets are a key's, and the way to them. It answers nobody who sends: whether a key is
 * connected shows in no return value that reaches a sender.
 * Here a message bus between several relay processes would attach: `join` and `leave` are its
 * subscriptions, `deliver` its publication.
 */

import type { Bytes } from '../sdk/base/bytes.js';
import type { RelayLimits } from './limits.js';
import { TokenBucket } from './token-bucket.js';

/** One socket that has proved its key. */
export interface Receiver {
  /** Takes one RECV frame; drops it where the socket is behind. */
  receive(frame: Bytes): void;
  /** A newer socket of the same key took this one's place. */
  replaced(): void;
}

interface Entry {
  /** Oldest first. Replaced, never changed, so that a loop over it may lose members. */
  receivers: readonly Receiver[];
  /** Per receiving key, all senders together; it goes with the last socket. */
  readonly bucket: TokenBucket;
}

export type Delivery = 'delivered' | 'nobody' | 'limited';

export class Router {
  readonly #limits: RelayLimits;
  readonly #entries = new Map<string, Entry>();

  constructor(limits: RelayLimits) {
    this.#limits = limits;
  }

  /** Keys with at least one socket here. */
  get keys(): number {
    return this.#entries.size;
  }

  /**
   * Adds a socket to `key`. Where the key has its full number, the oldest gives way: a fresh proof
   * is worth more than a socket that may be dead without its relay knowing.
   */
  join(key: string, receiver: Receiver, now: number): void {
    const entry = this.#entries.get(key) ?? this.#enter(key, now);
    const excess = entry.receivers.length + 1 - this.#limits.socketsPerKey;
    const evicted = entry.receivers.slice(0, Math.max(0, excess));
    entry.receivers = [...entry.receivers.slice(evicted.length), receiver];
    for (const each of evicted) each.replaced();
  }

  leave(key: string, receiver: Receiver): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.receivers = entry.receivers.filter((each) => each !== receiver);
    if (entry.receivers.length === 0) this.#entries.delete(key);
  }

  /** Hands one RECV frame to every socket of `key`. The outcome is for counters only. */
  deliver(key: string, frame: Bytes, now: number): Delivery {
    const entry = this.#entries.get(key);
    if (entry === undefined) return 'nobody';
    if (!entry.bucket.take(1, now)) return 'limited';
    for (const receiver of entry.receivers) receiver.receive(frame);
    return 'delivered';
  }

  #enter(key: string, now: number): Entry {
    const { deliveriesPerS, deliveryBurst } = this.#limits;
    const entry = { receivers: [], bucket: new TokenBucket(deliveriesPerS, deliveryBurst, now) };
    this.#entries.set(key, entry);
    return entry;
  }
}
