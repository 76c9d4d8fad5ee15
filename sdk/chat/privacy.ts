/** A choice of what I tell people. Fetched when one is made. */

import type { Storage } from '../storage/storage.js';
import { meta, PRIVACY, type Privacy, type Settings } from './settings.js';

/** @throws storage/full, storage/failed; nothing has changed then */
export async function setPrivacy(
  storage: Storage,
  settings: Settings,
  privacy: Privacy,
): Promise<void> {
  await storage.write([meta(PRIVACY, privacy)]);
  Object.assign(settings.privacy, privacy);
}
