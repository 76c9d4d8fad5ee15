/**
 * How long to wait before the next try: capped exponential growth with full jitter, so that ten
 * thousand clients of a restarted relay do not all come back in one second.
 */

export interface BackoffPolicy {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * @param attempt 0 for the first repetition
 * @param random a number in [0, 1)
 * @returns milliseconds, between half the step and the whole step
 */
export function backoff(policy: BackoffPolicy, attempt: number, random: number): number {
  const step = Math.min(policy.maxMs, policy.firstMs * 2 ** Math.min(attempt, 30));
  return Math.round(step * (0.5 + random / 2));
}
