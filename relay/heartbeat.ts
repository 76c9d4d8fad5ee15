/**
 * One timer for all sockets: looks at each several times per ping interval, which spreads the pings
 * over time as the sockets' own activity is spread.
 */

import type { Timer } from '../sdk/base/platform.js';
import type { Clock } from './clock.js';

const LOOKS_PER_PING = 6;

/** @returns the function that stops it */
export function startHeartbeat(
  clock: Clock,
  pingAfterMs: number,
  beating: Iterable<{ beat(now: number): void }>,
): () => void {
  let timer: Timer;
  const look = () => {
    timer = clock.setTimer(look, pingAfterMs / LOOKS_PER_PING);
    const now = clock.monotonic();
    for (const each of beating) each.beat(now);
  };
  timer = clock.setTimer(look, pingAfterMs / LOOKS_PER_PING);
  return () => clock.clearTimer(timer);
}
