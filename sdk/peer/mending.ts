/**
 * When a line that broke is mended: at once the first time, ever later where it does not hold (a full
 * disk, a peer that does odd things), so that two devices never connect in a storm.
 */

import { backoff } from '../base/backoff.js';
import type { Platform, Timer } from '../base/platform.js';

/** Milliseconds between attempts from the second break in a row on. */
const MEND = { firstMs: 2_000, maxMs: 60_000 };
/** Milliseconds a line must have held for its break to count as the first. */
const STEADY_AFTER_MS = 30_000;

export class Mending {
  readonly #platform: Platform;
  readonly #mend: () => void;
  #securedAt = 0;
  /** Breaks in a row of lines that did not hold. */
  #breaks = 0;
  #timer: Timer | null = null;

  constructor(platform: Platform, mend: () => void) {
    this.#platform = platform;
    this.#mend = mend;
  }

  secured(): void {
    this.stop();
    this.#securedAt = this.#platform.monotonic();
  }

  broke(): void {
    const isSteady = this.#platform.monotonic() - this.#securedAt >= STEADY_AFTER_MS;
    this.#breaks = isSteady ? 1 : this.#breaks + 1;
    if (this.#breaks === 1) return this.#mend();
    const random = (this.#platform.random(1)[0] as number) / 256;
    const waitMs = backoff(MEND, this.#breaks - 2, random);
    this.#timer = this.#platform.setTimer(this.#mend, waitMs);
  }

  /** Nothing is to be mended any longer, or it is being done. */
  stop(): void {
    if (this.#timer !== null) this.#platform.clearTimer(this.#timer);
    this.#timer = null;
  }
}
