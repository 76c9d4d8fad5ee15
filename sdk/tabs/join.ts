/**
 * Where another tab has the lock: goes along with it, or takes its place where that is asked for.
 * Fetched when a second tab exists.
 */

import type { Access } from '../access.js';
import type { Prepare } from '../running.js';
import { databaseName } from '../running.js';
import { elsewhere } from './faults.js';
import { Follower } from './follower.js';
import { claim } from './seize.js';
import { snapshotOf } from './snapshot.js';

/**
 * @param takeOver where the tabs cannot hear each other, takes the lock by force
 * @param prepare changes the store first, which only the tab that leads can do: it takes the lock
 * @throws pim/elsewhere where the tabs cannot hear each other and `takeOver` is not set
 */
export async function join(access: Access, takeOver: boolean, prepare?: Prepare): Promise<void> {
  const { platform, profile } = access.options;
  const name = databaseName(profile);
  const channel = platform.openChannel?.(name) ?? null;
  if (channel !== null && prepare === undefined) return new Follower(access, channel).join();
  channel?.close();
  if (channel === null && !takeOver) throw elsewhere('This chat is open in another tab or window.');
  const lock = await platform.holdLock(name, true);
  await access.lead(lock, async (storage, suite) => {
    await claim(storage, platform);
    await prepare?.(storage, suite);
  });
}

/** Another tab took the lock away from this one, which goes along with it from here on. */
export async function yielded(access: Access): Promise<void> {
  const { platform, profile } = access.options;
  const channel = platform.openChannel?.(databaseName(profile)) ?? null;
  if (channel === null) {
    await access.stop();
    return access.emit('error', elsewhere('This chat goes on in another tab or window.'));
  }
  const follower = new Follower(access, channel, snapshotOf(access));
  const end = access.take(() => follower.end());
  const joined = follower.join();
  // The store is another tab's already: what cannot be written is written there.
  await end?.().catch(() => undefined);
  await joined;
}
