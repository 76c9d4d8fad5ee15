/**
 * One thing after the other: what reads, decides and writes must not interleave with itself.
 */

export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `task` when all earlier ones have ended, however they ended. */
  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task, task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything asked for so far has ended. */
  idle(): Promise<void> {
    return this.#last.then(() => undefined);
  }
}
