/**
 * Taking a store from a page that does not answer, and may wake in the middle of a write.
 */

import { toHex } from '../base/bytes.js';
import type { Platform } from '../base/platform.js';
import { HOLDER, type Storage } from '../storage/storage.js';

/** From here on nothing is written by the page before, whatever it believes. @throws storage/failed */
export async function claim(storage: Storage, platform: Platform): Promise<void> {
  await storage.write([{ table: 'meta', key: HOLDER, value: toHex(platform.random(8)) }]);
}
