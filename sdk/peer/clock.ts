/**
 * The time signals carry: this machine's clock made strictly increasing, over restarts too. Friends
 * order our knocks by it and drop repeated ones; nobody compares it with their own clock, so one that
 * is ten years off does no harm.
 */

import { MAX_U53 } from '../base/bytes.js';
import type { Platform } from '../base/platform.js';

/** Milliseconds stored ahead of the clock: one write for all the signals of that time. */
const RESERVE_MS = 600_000;

export class SignalClock {
  readonly #platform: Platform;
  readonly #keep: (time: number) => Promise<void>;
  #last: number;
  /** No time beyond this one is used before a higher one is stored. */
  #reserved: number;
  #keeping: Promise<void> = Promise.resolve();

  /**
   * @param last no time above it was used before
   * @param keep stores what is `last` at the next start
   */
  constructor(platform: Platform, last: number, keep: (time: number) => Promise<void>) {
    this.#platform = platform;
    this.#keep = keep;
    this.#last = last;
    this.#reserved = last;
  }

  /** Stores the times of the next minutes, so that the first signal need not wait for it. */
  reserve(): void {
    this.#reserveFrom(this.#next());
  }

  /** A time above all before it, also those of a page that crashed, whatever the clock says. */
  async next(): Promise<number> {
    const time = this.#next();
    this.#last = time;
    if (time > this.#reserved) this.#reserveFrom(time);
    await this.#keeping;
    return time;
  }

  #next(): number {
    const now = Math.floor(this.#platform.now());
    const usable = Number.isSafeInteger(now) && now > 0 ? now : 0;
    return Math.min(Math.max(usable, this.#last + 1), MAX_U53);
  }

  /** A store that fails costs what it is for, not the signal. */
  #reserveFrom(time: number): void {
    this.#reserved = Math.min(time + RESERVE_MS, MAX_U53);
    this.#keeping = this.#keep(this.#reserved).catch(() => undefined);
  }
}
