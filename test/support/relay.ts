/** Relays for one test each: a free port, no files, closed and checked at the end. */

import { createRelay, type Relay, type RelayOptions } from '../../relay/index.js';

/**
 * Runs `use` with a relay of its own. A fault inside the relay fails the test, even where no client
 * noticed it.
 */
export async function withRelay(
  options: RelayOptions,
  use: (relay: Relay) => Promise<void>,
): Promise<void> {
  const faults: string[] = [];
  const relay = createRelay({
    port: 0,
    host: '127.0.0.1',
    files: false,
    log: (_level, event, fields) => {
      if (event === 'fault') faults.push(String(fields?.what));
    },
    ...options,
  });
  await relay.listen();
  try {
    await use(relay);
  } finally {
    await relay.close();
  }
  if (faults.length > 0) throw new Error(`the relay had faults: ${faults.join('; ')}`);
}
