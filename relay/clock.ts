/**
 * The relay's time: a part of the SDK's Platform, so that one fake clock serves the tests of both.
 */

import type { Platform } from '../sdk/base/platform.js';

export type Clock = Pick<Platform, 'now' | 'monotonic' | 'setTimer' | 'clearTimer'>;

/** The machine's own. Its timers keep no process alive: the listening server does that. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer: (run, ms) => setTimeout(run, ms).unref(),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
