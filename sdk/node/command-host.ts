/** What a command needs of its process, as one argument, so that tests run commands in their own. */

import { readFileSync } from 'node:fs';

export interface CommandHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A person reads along; otherwise a log collector does. */
  readonly isTerminal: boolean;
  /** One line of what was asked for. */
  out(text: string): void;
  /** One line about it: logs and complaints. */
  err(text: string): void;
  /** @throws what node:fs throws */
  readFile(path: string): string;
  /** Resolves when the process is asked to end. Asked again, it ends at once. */
  untilStopped(): Promise<void>;
}

export function processHost(): CommandHost {
  return {
    env: process.env,
    isTerminal: process.stderr.isTTY === true,
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
    readFile: (path) => readFileSync(path, 'utf8'),
    untilStopped: () =>
      new Promise((resolve) => {
        // Without a listener the second signal has its default effect.
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
      }),
  };
}
