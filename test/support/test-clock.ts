/** A clock that runs as the real one does, until a test lets time pass faster. */

import { type Later, laneOf } from './jitter.js';
import { PendingWork } from './pending-work.js';

/** Real milliseconds of a turn, and how much time passes for the people in it: twenty times more. */
const TURN_MS = 5;
export const STEP_MS = 100;

/** Real time, and what was skipped of it. Timers run in order, also while time is hurried. */
export class TestClock {
  #skipped = 0;
  #timers: { at: number; run: () => void }[] = [];
  #alarm: NodeJS.Timeout | undefined;
  /** What is under way for the people of this clock. */
  readonly work = new PendingWork();

  /** What happens to somebody's connections, in order. */
  readonly laneOf = (owner: string): Later =>
    laneOf(this.work, owner.split('/', 1)[0] ?? '', 'rtc');

  readonly monotonic = (): number => performance.now() + this.#skipped;

  readonly setTimer = (run: () => void, ms: number): { at: number; run: () => void } => {
    const timer = { at: this.monotonic() + Math.max(0, ms), run };
    this.#timers.push(timer);
    this.#timers.sort((a, b) => a.at - b.at);
    this.#arm();
    return timer;
  };

  readonly clearTimer = (timer: unknown): void => {
    this.#timers = this.#timers.filter((each) => each !== timer);
    this.#arm();
  };

  /** Timers that still wait. */
  get waiting(): number {
    return this.#timers.length;
  }

  /** Lets `ms` pass faster than it would, but not while what was begun is still under way. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      await this.work.rest();
      this.#skipped += Math.min(left, STEP_MS);
      this.#ring();
      await new Promise((resolve) => setTimeout(resolve, TURN_MS));
    }
    await this.work.rest();
  }

  /** As if the machine had slept: `ms` are gone at once, and all timers are due. */
  jump(ms: number): void {
    this.#skipped += ms;
    this.#ring();
  }

  /** No timer runs any more. */
  stop(): void {
    this.#timers = [];
    this.#arm();
  }

  #ring(): void {
    for (;;) {
      const [next] = this.#timers;
      if (next === undefined || next.at > this.monotonic()) break;
      this.#timers.shift();
      next.run();
    }
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#alarm);
    const [next] = this.#timers;
    if (next === undefined) return;
    this.#alarm = setTimeout(() => this.#ring(), Math.max(0, next.at - this.monotonic()));
  }
}
