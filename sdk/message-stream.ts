/**
 * The messages of one conversation as something to loop over with `for await`.
 */

import type { Message } from './events.js';

/** Collects what is pushed; ends when it is told to, after everything pushed was taken. */
export class MessageStream {
  readonly #arrived: Message[] = [];
  #isEnded = false;
  #wake: () => void = () => undefined;

  push(message: Message): void {
    this.#arrived.push(message);
    this.#wake();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** @param onLeft called once, when the loop is left or the stream has ended */
  async *read(onLeft: () => void): AsyncGenerator<Message, void, undefined> {
    try {
      for (;;) {
        yield* this.#arrived.splice(0);
        if (this.#isEnded) return;
        await this.#news();
      }
    } finally {
      onLeft();
    }
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#arrived.length > 0 || this.#isEnded) resolve();
    });
  }
}
