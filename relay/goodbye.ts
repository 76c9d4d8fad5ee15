/**
 * The end of a relay: clients are told to move, a few at a time where they are many, so that they do
 * not all knock at the next relay in the same moment.
 */

import type { Clock } from './clock.js';

/** Milliseconds between two groups. */
const STEP_MS = 50;
/** Milliseconds of the next relay's core that one login may cost. */
const PER_CLIENT_MS = 2;

/**
 * @param withinMs bound of the whole; with few clients it takes no time at all
 * @returns when the last one was told
 */
export async function sayGoodbye(
  sessions: Iterable<{ restarting(): void }>,
  clock: Clock,
  withinMs: number,
): Promise<void> {
  const left = [...sessions];
  const steps = Math.max(1, Math.floor(Math.min(withinMs, left.length * PER_CLIENT_MS) / STEP_MS));
  const group = Math.ceil(left.length / steps);
  while (left.length > 0) {
    for (const session of left.splice(0, group)) session.restarting();
    if (left.length === 0) return;
    await new Promise<void>((resolve) => {
      clock.setTimer(resolve, STEP_MS);
    });
  }
}
