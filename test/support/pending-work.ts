/**
 * What of this process is under way for the people of a world: cryptography, transactions, packets. A
 * clock that is hurried waits for it: to those people it takes the time it takes here, not twenty times
 * that, and no limit of theirs runs out because this machine is slow.
 */

/** Turns of the event loop that a frame takes over a socket, through a relay and out again, and more. */
const QUIET_TURNS = 8;
/** Real milliseconds: where something is always under way, time passes all the same. */
const LONGEST_MS = 2_000;

export class PendingWork {
  #count = 0;
  #onNone: (() => void)[] = [];

  /** @returns to be called when it is done; a second call does nothing */
  begin(): () => void {
    let isOver = false;
    this.#count++;
    return () => {
      if (isOver) return;
      isOver = true;
      if (--this.#count > 0) return;
      for (const tell of this.#onNone.splice(0)) tell();
    };
  }

  /** The same promise; it counts until it settles. */
  during<Result>(promise: Promise<Result>): Promise<Result> {
    return promise.finally(this.begin());
  }

  /** Resolves when nothing has been under way for some turns, or has been for too long. */
  async rest(): Promise<void> {
    const end = performance.now() + LONGEST_MS;
    for (let quiet = 0; quiet < QUIET_TURNS && performance.now() < end; quiet++) {
      if (this.#count > 0) {
        quiet = -1;
        await this.#none(end - performance.now());
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #none(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, withinMs));
      this.#onNone.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
