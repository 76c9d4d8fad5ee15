/**
 * Taking a store from a page that does not answer, and may wake in the middle of a write.
 */

import { toHex } from '../base/bytes.js';
import type { Platform } from '../base/platform.js';
import { prefixEnd } from '../chat/keys.js';
import { HOLDER, type Storage, type Write } from '../storage/storage.js';

/** Pages a store was taken from that it remembers; then it forgets all of them. */
const MAX_ROBBED = 1_000;

/** From here on nothing is written by the page before, whatever it believes. @throws storage/failed */
export async function claim(storage: Storage, platform: Pick<Platform, 'random'>): Promise<void> {
  const from = `${HOLDER}/`;
  const robbed = await storage.list('meta', { from, to: prefixEnd(from) });
  const forgotten = robbed.length < MAX_ROBBED ? [] : robbed;
  await storage.write([
    ...forgotten.flatMap(({ key }): Write[] => [
      { table: 'meta', key, remove: true },
      { table: 'files', key, remove: true },
    ]),
    { table: 'files', key: from + (await storage.get('meta', HOLDER)), value: 0 },
    { table: 'meta', key: HOLDER, value: toHex(platform.random(8)) },
  ]);
}
