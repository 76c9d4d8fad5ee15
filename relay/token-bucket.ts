/**
 * A rate with room for bursts: tokens drip in up to a brim, what happens takes some out. Time is
 * passed in, so a bucket owns no timer and costs nothing while nobody asks.
 */

export class TokenBucket {
  readonly #perMs: number;
  readonly #brim: number;
  #tokens: number;
  #filledAt: number;

  /**
   * @param perS tokens a second
   * @param brim tokens at once after a rest; the bucket begins full
   * @param now milliseconds of a monotonic clock
   */
  constructor(perS: number, brim: number, now: number) {
    this.#perMs = perS / 1000;
    this.#brim = brim;
    this.#tokens = brim;
    this.#filledAt = now;
  }

  /** Takes `count` tokens, or none and returns false where there are fewer. */
  take(count: number, now: number): boolean {
    const dripped = Math.max(0, now - this.#filledAt) * this.#perMs;
    this.#tokens = Math.min(this.#brim, this.#tokens + dripped);
    this.#filledAt = now;
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }
  /** Takes `count` tokens, or what there is. */
  drain(count: number): void {
    this.#tokens = Math.max(0, this.#tokens - count);
  }

  /** It would be no different had it never been used. */
  isFull(now: number): boolean {
    return this.#tokens + Math.max(0, now - this.#filledAt) * this.#perMs >= this.#brim;
  }
}
