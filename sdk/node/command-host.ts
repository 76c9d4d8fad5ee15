/** What a command needs of its process, as one argument, so that tests run commands in their own. */

import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

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
  /** IP addresses of this machine that others on its networks reach. */
  lanAddresses(): readonly string[];
  /** Calls `run` whenever the process is asked to read its files again (SIGHUP). */
  onReload(run: () => void): void;
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
    lanAddresses: () =>
      Object.values(networkInterfaces()).flatMap((addresses = []) =>
        // Link-local addresses need the name of an interface, which no URL can hold.
        addresses
          .filter(({ address, internal }) => !internal && !address.startsWith('fe80:'))
          .map(({ address }) => address),
      ),
    onReload: (run) => {
      process.on('SIGHUP', run);
    },
    untilStopped: () =>
      new Promise((resolve) => {
        // Without a listener the second signal has its default effect.
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
      }),
  };
}
