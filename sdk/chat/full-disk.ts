/**
 * Writes what a full disk did not take, ever later, for as long as somebody waits for it.
 */

import { backoff } from '../base/backoff.js';
import { isPimError } from '../base/errors.js';
import type { Platform } from '../base/platform.js';
import { sleep } from '../base/time.js';

/** Milliseconds between attempts. */
const RETRY = { firstMs: 2_000, maxMs: 60_000 };

export interface FullDiskHost {
  readonly platform: Platform;
  onFault(fault: unknown): void;
}

/**
 * @param first what became of the first attempt; told once, where there are others
 * @throws what the last attempt threw, where it is none to repeat or `signal` has aborted
 */
export async function writeAgain<Written>(
  { platform, onFault }: FullDiskHost,
  write: () => Promise<Written>,
  first: unknown,
  signal: AbortSignal,
): Promise<Written> {
  let fault = first;
  for (let attempt = 0; ; attempt++) {
    if (!isPimError(fault) || !fault.retryable || signal.aborted) throw fault;
    if (attempt === 0) onFault(fault);
    const random = (platform.random(1)[0] as number) / 256;
    await sleep(platform, backoff(RETRY, attempt, random), signal);
    if (signal.aborted) throw fault;
    try {
      return await write();
    } catch (next) {
      fault = next;
    }
  }
}
