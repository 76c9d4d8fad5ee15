/**
 * One SDK instance for all chats of a page that belong to the same person: a second one would find
 * the identity taken, as in another tab.
 */

import type { Settings } from '../contract.js';
import type { PimPort } from '../port.js';

interface Shared {
  readonly pim: PimPort;
  users: number;
}

/** By the kind of storage: beside it, nothing in the settings makes another person. */
const shared = new Map<Settings['storage'], Shared>();
/** The end of the instance before; its identity is free only after. */
let stopped: Promise<unknown> = Promise.resolve();

/** @param make constructs the SDK; may throw for settings that cannot be */
export async function openShared(
  settings: Settings,
  make: (settings: Settings) => PimPort,
): Promise<{ readonly pim: PimPort; release(): void }> {
  if (settings.pim !== null) return { pim: settings.pim, release: () => undefined };
  await stopped;
  const { storage } = settings;
  const entry = shared.get(storage) ?? { pim: make(settings), users: 0 };
  shared.set(storage, entry);
  entry.users += 1;
  return { pim: entry.pim, release: () => release(storage, entry) };
}

function release(storage: Settings['storage'], entry: Shared): void {
  entry.users -= 1;
  if (entry.users > 0) return;
  shared.delete(storage);
  stopped = entry.pim.stop().catch(() => undefined); // nobody is left to be told
}
