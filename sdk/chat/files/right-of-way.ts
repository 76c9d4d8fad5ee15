/**
 * Words go before files: a file stands still while a word of its conversation is being stored or is on
 * its way, and goes in small steps as long as people talk. They share a line, a disk and a thread.
 */

import type { Platform } from '../../base/platform.js';
import type { Queue } from '../../base/queue.js';
import { FILE_HOLD_MS, FILE_TALK_MS } from '../../protocol/limits.js';

/** What is said in a conversation, as far as files heed it. */
export interface Talk {
  /** The name of my log, and how far it reaches. */
  readonly log: Uint8Array<ArrayBuffer>;
  readonly ownHead: number;
  /** Lamport clock: higher with each entry of either side. */
  readonly record: { readonly clock: number };
  /** How far the other side has stored my log of that name. */
  deliveredTo(log: Uint8Array<ArrayBuffer>): number;
}

/** The words of all conversations: where they are stored, and who waits for some to be delivered. */
export class Words {
  readonly queue: Queue;
  readonly waiting = new Set<() => void>();

  constructor(queue: Queue) {
    this.queue = queue;
  }

  /** Some went out or were delivered. */
  moved(): void {
    for (const go of this.waiting) go();
  }
}

/** For one run of a file. */
export class RightOfWay {
  readonly #platform: Platform;
  readonly #words: Words;
  readonly #talk: Talk;
  #clock: number;
  #talkedAt = Number.NEGATIVE_INFINITY;
  /** Words of mine up to here were waited for in vain: nobody takes them now. */
  #given = 0;

  constructor(platform: Platform, words: Words, talk: Talk) {
    this.#platform = platform;
    this.#words = words;
    this.#talk = talk;
    this.#clock = talk.record.clock;
  }

  /** Whether somebody said something since the run began, and lately. */
  get isTalking(): boolean {
    const { clock } = this.#talk.record;
    const now = this.#platform.monotonic();
    if (clock !== this.#clock) this.#talkedAt = now;
    this.#clock = clock;
    return now - this.#talkedAt < FILE_TALK_MS;
  }

  /** Resolves when no word is being stored and none of mine on its way; after `FILE_HOLD_MS` all the same. */
  async clear(): Promise<void> {
    const { queue } = this.#words;
    const until = this.#platform.monotonic() + FILE_HOLD_MS;
    await queue.idle();
    while (this.#isUnderWay) {
      const restMs = until - this.#platform.monotonic();
      if (restMs <= 0) return;
      if (!(await this.#isMoving(restMs))) this.#given = this.#talk.ownHead;
      await queue.idle();
    }
  }

  get #isUnderWay(): boolean {
    const { log, ownHead } = this.#talk;
    return ownHead > Math.max(this.#given, this.#talk.deliveredTo(log));
  }

  /** True as soon as words are told to be delivered, false where none are for so long. */
  #isMoving(withinMs: number): Promise<boolean> {
    const platform = this.#platform;
    const { waiting } = this.#words;
    return new Promise((resolve) => {
      const settle = (isMoving: boolean) => {
        platform.clearTimer(timer);
        waiting.delete(moved);
        resolve(isMoving);
      };
      const moved = () => settle(true);
      const timer = platform.setTimer(() => settle(false), withinMs);
      waiting.add(moved);
    });
  }
}
