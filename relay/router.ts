/**
 * Which sockets are a key's, and the way to them. It answers nobody who sends: whether a key is
 * connected shows in no return value that reaches a sender.
 */

import type { RelayLimits } from './limits.js';
import { TokenBucket } from './token-bucket.js';

/** One socket that has proved its key. */
export interface Receiver {
  /** Copies one RECV frame; drops it where the socket is behind. */
  receive(frame: Uint8Array): void;
  /** A newer socket of the same key took this one's place. */
  replaced(): void;
}

/** What is known of a connected key: its sockets, and what it has sent and got lately. */
export class KeyEntry {
  readonly key: string;
  /** Oldest first. Replaced, never changed, so that a loop over it may lose members. */
  receivers: readonly Receiver[] = [];
  readonly #limits: RelayLimits;
  #arrivals: TokenBucket | null = null;
  #sends: TokenBucket | null = null;
  #bytes: TokenBucket | null = null;

  constructor(key: string, limits: RelayLimits) {
    this.key = key;
    this.#limits = limits;
  }

  /** One envelope to this key, from whomever. */
  arrive(now: number): boolean {
    const { deliveriesPerS, deliveryBurst } = this.#limits;
    this.#arrivals ??= new TokenBucket(deliveriesPerS, deliveryBurst, now);
    return this.#arrivals.take(1, now);
  }

  /** One frame from this key, through whichever of its sockets. */
  send(bytes: number, now: number): boolean {
    const { sendBurstBytesPerKey, sendBurstPerKey, sendBytesPerKeyPerS, sendsPerKeyPerS } =
      this.#limits;
    this.#sends ??= new TokenBucket(sendsPerKeyPerS, sendBurstPerKey, now);
    this.#bytes ??= new TokenBucket(sendBytesPerKeyPerS, sendBurstBytesPerKey, now);
    return this.#sends.take(1, now) && this.#bytes.take(bytes, now);
  }

  /** Forgets what has filled up again: a key that rests takes no more than its name. */
  rest(now: number): void {
    if (this.#arrivals?.isFull(now)) this.#arrivals = null;
    if (this.#sends?.isFull(now)) this.#sends = null;
    if (this.#bytes?.isFull(now)) this.#bytes = null;
  }
}

/** Told of the first socket of a key and of its last: cluster/cluster.ts. */
export interface KeyWatch {
  entered(key: string): void;
  left(key: string): void;
}

export type Delivery = 'delivered' | 'nobody' | 'limited';

export class Router {
  readonly #limits: RelayLimits;
  readonly #entries = new Map<string, KeyEntry>();
  readonly #watch: KeyWatch | null;

  constructor(limits: RelayLimits, watch: KeyWatch | null = null) {
    this.#limits = limits;
    this.#watch = watch;
  }

  /** Keys with at least one socket here. */
  get keys(): number {
    return this.#entries.size;
  }

  /**
   * Adds a socket to `key`. Where the key has its full number, the oldest gives way: a fresh proof
   * is worth more than a socket that may be dead without its relay knowing.
   */
  join(key: string, receiver: Receiver): KeyEntry {
    const entry = this.#entries.get(key) ?? this.#enter(key);
    const excess = entry.receivers.length + 1 - this.#limits.socketsPerKey;
    const evicted = entry.receivers.slice(0, Math.max(0, excess));
    entry.receivers = [...entry.receivers.slice(evicted.length), receiver];
    for (const each of evicted) each.replaced();
    return entry;
  }

  leave(entry: KeyEntry, receiver: Receiver): void {
    entry.receivers = entry.receivers.filter((each) => each !== receiver);
    if (entry.receivers.length > 0 || !this.#entries.delete(entry.key)) return;
    this.#watch?.left(entry.key);
  }

  /** Hands one RECV frame to every socket of `key`. The outcome is for counters only. */
  deliver(key: string, frame: Uint8Array, now: number): Delivery {
    const entry = this.#entries.get(key);
    if (entry === undefined) return 'nobody';
    if (!entry.arrive(now)) return 'limited';
    for (const receiver of entry.receivers) receiver.receive(frame);
    return 'delivered';
  }

  #enter(key: string): KeyEntry {
    const entry = new KeyEntry(key, this.#limits);
    this.#entries.set(key, entry);
    this.#watch?.entered(key);
    return entry;
  }
}
