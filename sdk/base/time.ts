/**
 * Waits with an end: every wait in pim has a limit or an AbortSignal, or both.
 */

import type { Platform } from './platform.js';

/** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
export function sleep(platform: Platform, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      platform.clearTimer(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = platform.setTimer(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** A signal that aborts after `ms` or with `parent`; `clear` when it is no longer needed. */
export function timeLimit(
  platform: Platform,
  ms: number,
  parent?: AbortSignal,
): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const abort = () => {
    platform.clearTimer(timer);
    controller.abort();
  };
  const timer = platform.setTimer(abort, ms);
  parent?.addEventListener('abort', abort, { once: true });
  if (parent?.aborted) abort();
  return {
    signal: controller.signal,
    clear: () => {
      platform.clearTimer(timer);
      parent?.removeEventListener('abort', abort);
    },
  };
}

/** Counts events in windows of one length: true while `max` is not exceeded. */
export function windowBudget(
  platform: Pick<Platform, 'monotonic'>,
  max: number,
  windowMs: number,
): () => boolean {
  const isWithin = sharedBudget(platform, max, windowMs, () => 1);
  return () => isWithin('');
}

/** As `windowBudget`, in equal shares: no source takes what is left for the other ones. */
export function sharedBudget(
  platform: Pick<Platform, 'monotonic'>,
  max: number,
  windowMs: number,
  sources: () => number,
): (source: string) => boolean {
  let start = Number.NEGATIVE_INFINITY;
  const counts = new Map<string, number>();
  return (source) => {
    const now = platform.monotonic();
    if (now - start >= windowMs) {
      start = now;
      counts.clear();
    }
    const count = (counts.get(source) ?? 0) + 1;
    counts.set(source, count);
    return count <= Math.floor(max / Math.max(1, sources()));
  };
}
