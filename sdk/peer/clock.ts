/**
 * The time signals carry: this machine's clock made strictly increasing, over restarts too. Friends
 * order our knocks by it and drop repeated ones; nobody compares it with their own clock, so one that
 * is ten years off does no harm.
 */

import { MAX_U53 } from '../base/bytes.js';
import type { Platform } from '../base/platform.js';

export class SignalClock {
  readonly #platform: Platform;
  #last: number;

  /** @param last the highest time this device has used before */
  constructor(platform: Platform, last: number) {
    this.#platform = platform;
    this.#last = last;
  }

  get last(): number {
    return this.#last;
  }

  next(): number {
    const now = Math.floor(this.#platform.now());
    const usable = Number.isSafeInteger(now) && now > 0 ? now : 0;
    this.#last = Math.min(Math.max(usable, this.#last + 1), MAX_U53);
    return this.#last;
  }
}
