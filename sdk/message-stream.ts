/**
 * The messages of one conversation as something to loop over with `for await`.
 */

import type { Message } from './events.js';

/**
 * Gives what is pushed, in order; ends when it is told to, after everything pushed was taken.
 * @param begin is given what pushes and what ends; returns what is to be called once the loop is left,
 * before or after its first turn, or ended
 */
export function messageStream(
  begin: (push: (message: Message) => void, end: () => void) => () => void,
): AsyncGenerator<Message, void, undefined> {
  const arrived: Message[] = [];
  let isEnded = false;
  let wake: () => void = () => undefined;
  const end = (): void => {
    isEnded = true;
    wake();
  };
  const letGo = begin((message) => {
    arrived.push(message);
    wake();
  }, end);
  const news = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const messages = (async function* () {
    try {
      while (!isEnded || arrived.length > 0) {
        if (arrived.length === 0) await news();
        yield* arrived.splice(0);
      }
    } finally {
      letGo();
    }
  })();
  const leave = messages.return.bind(messages);
  // A generator hears of `return` at its next `yield`, and not at all before its first turn.
  messages.return = (value) => {
    end();
    letGo();
    return leave(value);
  };
  return messages;
}
