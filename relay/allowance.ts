/** What one socket may ask of the relay: forwarding, and answers that forward nothing. */

import type { RelayLimits } from './limits.js';
import { TokenBucket } from './token-bucket.js';

export class Allowance {
  readonly #sends: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #controls: TokenBucket;

  constructor(limits: RelayLimits, now: number) {
    this.#sends = new TokenBucket(limits.sendsPerS, limits.sendBurst, now);
    this.#bytes = new TokenBucket(limits.sendBytesPerS, limits.sendBurstBytes, now);
    this.#controls = new TokenBucket(limits.controlsPerS, limits.controlBurst, now);
  }

  send(bytes: number, now: number): boolean {
    return this.#sends.take(1, now) && this.#bytes.take(bytes, now);
  }

  control(now: number): boolean {
    return this.#controls.take(1, now);
  }
}
