/** Runs in a page whose quota `limitStorage` sets: a full disk is told as such and loses nothing. */

import * as assert from 'uvu/assert';
import { IndexedDbStorage } from '../../../sdk/storage/indexeddb-storage.js';
import { refusal } from '../../contracts/storage.js';
import type { PageSuite } from '../../support/in-page.js';

declare function limitStorage(bytes: number): Promise<void>;

/** @param endsWrites see `IndexedDbStorage.endsWrites` */
const suite: PageSuite<{ endsWrites: boolean }> = (test, { endsWrites }) => {
  test('says storage/full when the quota is used up, keeps all rows and works on', () =>
    fullDisk(endsWrites));
};

async function fullDisk(endsWrites: boolean): Promise<void> {
  // Before the first write: Chromium remembers for half a minute how much room it has found.
  await limitStorage(1_000_000);
  const storage = new IndexedDbStorage(indexedDB, 'full');
  await storage.open();
  storage.endsWrites = endsWrites;
  await storage.write([{ table: 'meta', key: 'small', value: 1 }]);
  const large = crypto.getRandomValues(new Uint8Array(65_536));
  const batch = Array.from(
    { length: 100 },
    (_, n) => ({ table: 'entries', key: String(n), value: large }) as const,
  );
  await refusal(
    storage.write([{ table: 'meta', key: 'small', remove: true }, ...batch]),
    'storage/full',
  );
  assert.is(await storage.get('meta', 'small'), 1);
  assert.equal(await storage.list('entries'), []);
  await limitStorage(100_000_000);
  await storage.write(batch);
  assert.is((await storage.list('entries')).length, 100);
  await storage.close();
}

export default suite;
