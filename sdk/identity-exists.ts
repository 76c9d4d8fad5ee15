/**
 * Whether somebody is at home on this device. Fetched when a page asks before it starts anything.
 */

import type { Platform } from './base/platform.js';
import { hasIdentity } from './chat/at-home.js';
import { databaseName } from './running.js';
import { IndexedDbStorage } from './storage/indexeddb-storage.js';

/** Looks for a stored identity without creating anything. */
export async function identityExists(platform: Platform, profile: string): Promise<boolean> {
  const { indexedDB } = platform;
  const name = databaseName(profile);
  const databases = await indexedDB?.databases?.().catch(() => []);
  if (indexedDB === null || databases?.every((each) => each.name !== name)) return false;
  const storage = new IndexedDbStorage(indexedDB, name, platform);
  try {
    await storage.open();
    return await hasIdentity(storage);
  } catch {
    return false;
  } finally {
    await storage.close().catch(() => undefined);
  }
}
