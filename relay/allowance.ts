/**
 * What one socket may ask of the relay: forwarding, and answers that forward nothing. A socket at
 * rest has no buckets, because full ones are all the same.
 */

import type { Place } from './admission.js';
import type { CounterName } from './counters.js';
import type { RelayLimits } from './limits.js';
import type { KeyEntry } from './router.js';
import { TokenBucket } from './token-bucket.js';

export class Allowance {
  readonly #limits: RelayLimits;
  readonly #place: Place;
  #sends: TokenBucket | null = null;
  #bytes: TokenBucket | null = null;
  #controls: TokenBucket | null = null;

  constructor(limits: RelayLimits, place: Place) {
    this.#limits = limits;
    this.#place = place;
  }

  /** Which rate a SEND is over, by its counter: the socket's, the key's or the network's. */
  overRate(from: KeyEntry, bytes: number, now: number): CounterName | null {
    if (!this.#send(bytes, now)) return 'rateLimited';
    if (!from.send(bytes, now)) return 'keyRateLimited';
    return this.#place.network?.send(bytes, now) === false ? 'ipRateLimited' : null;
  }

  control(now: number): boolean {
    const { controlBurst, controlsPerS } = this.#limits;
    this.#controls ??= new TokenBucket(controlsPerS, controlBurst, now);
    return this.#controls.take(1, now);
  }

  /** Forgets what has filled up again. */
  rest(now: number): void {
    if (this.#sends?.isFull(now)) this.#sends = null;
    if (this.#bytes?.isFull(now)) this.#bytes = null;
    if (this.#controls?.isFull(now)) this.#controls = null;
  }

  #send(bytes: number, now: number): boolean {
    const { sendBurst, sendBurstBytes, sendBytesPerS, sendsPerS } = this.#limits;
    this.#sends ??= new TokenBucket(sendsPerS, sendBurst, now);
    this.#bytes ??= new TokenBucket(sendBytesPerS, sendBurstBytes, now);
    return this.#sends.take(1, now) && this.#bytes.take(bytes, now);
  }
}
