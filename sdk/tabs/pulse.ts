/**
 * Whether the leader is there, as a following tab finds out: by what it hears, and where it hears
 * nothing by asking. What is counted are looks of this tab's own that came in time, so that neither a
 * page that slept nor a machine that is busy takes another tab for dead.
 */

import type { Platform, Timer } from '../base/platform.js';

/** Milliseconds between looks. */
const BEAT_MS = 400;
/** Looks without a word after which the leader is taken to be gone. */
const SILENT_BEATS = 3;
/** The same before its first word: its code may have to be fetched, its store to be opened. */
const SILENT_BEATS_AT_FIRST = 13;
/** Milliseconds a look may be late; beyond, this page slept, and the silence says nothing. */
const LATE_MS = 1_000;

export class Pulse {
  readonly #platform: Platform;
  readonly #ask: () => void;
  readonly #gone: () => void;
  #timer: Timer | null = null;
  #dueAt = 0;
  #silent = 0;
  #limit = SILENT_BEATS_AT_FIRST;

  /** @param gone told again after as many looks, for as long as nothing is heard */
  constructor(platform: Platform, ask: () => void, gone: () => void) {
    this.#platform = platform;
    this.#ask = ask;
    this.#gone = gone;
  }

  start(): void {
    this.#dueAt = this.#platform.monotonic() + BEAT_MS;
    this.#timer = this.#platform.setTimer(() => this.#look(), BEAT_MS);
  }

  stop(): void {
    if (this.#timer !== null) this.#platform.clearTimer(this.#timer);
    this.#timer = null;
  }

  heard(): void {
    this.#silent = 0;
  }

  /** It runs: from now on it answers quickly. */
  known(): void {
    this.#limit = SILENT_BEATS;
  }

  #look(): void {
    const isLate = this.#platform.monotonic() - this.#dueAt > LATE_MS;
    this.#silent = isLate ? 0 : this.#silent + 1;
    this.start();
    if (this.#silent <= this.#limit) {
      // Whoever has heard something since the last look need not ask.
      if (this.#silent > 1 || this.#limit === SILENT_BEATS_AT_FIRST) this.#ask();
      return;
    }
    this.#silent = 0;
    this.#gone();
  }
}
