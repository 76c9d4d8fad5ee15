/** One timer for many: looks at each of them, again and again. */

import type { Timer } from '../sdk/base/platform.js';
import type { Clock } from './clock.js';

/**
 * Looks at a socket per ping interval, which spreads the pings over time as the sockets' own
 * activity is spread.
 */
export const LOOKS_PER_PING = 6;

/** @returns the function that stops it */
export function startHeartbeat(
  clock: Clock,
  everyMs: number,
  beating: Iterable<{ beat(now: number): void }>,
): () => void {
  let timer: Timer;
  const look = () => {
    timer = clock.setTimer(look, everyMs);
    const now = clock.monotonic();
    for (const each of beating) each.beat(now);
  };
  timer = clock.setTimer(look, everyMs);
  return () => clock.clearTimer(timer);
}
