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

  /** @param onLeft called when the loop is left, before or after its first turn, or the stream ended */
  read(onLeft: () => void): AsyncGenerator<Message, void, undefined> {
    const messages = this.#read(onLeft);
    const leave = messages.return.bind(messages);
    // A generator hears of `return` at its next `yield`, and not at all before its first turn.
    messages.return = (value) => {
      this.end();
      onLeft();
      return leave(value);
    };
    return messages;
  }

  async *#read(onLeft: () => void): AsyncGenerator<Message, void, undefined> {
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
