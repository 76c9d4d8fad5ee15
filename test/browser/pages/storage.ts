/** Runs in a page: the storage contract on the browser's own IndexedDB, by each way of reading. */

import * as assert from 'uvu/assert';
import { IndexedDbStorage } from '../../../sdk/storage/indexeddb-storage.js';
import { storageContract } from '../../contracts/storage.js';
import type { PageSuite } from '../../support/in-page.js';

const timers = {
  setTimer: (run: () => void, ms: number) => setTimeout(run, ms),
  clearTimer: (timer: unknown) => clearTimeout(timer as number),
};

/** @param way `records` reads with `getAllRecords` where there is one, `older` as before it */
const suite: PageSuite<{ way: 'records' | 'older' }> = (test, { way }) => {
  if (way === 'older') Reflect.deleteProperty(IDBObjectStore.prototype, 'getAllRecords');

  storageContract(test, (name) => new IndexedDbStorage(indexedDB, name, timers));

  test('removes the database itself at a wipe', async () => {
    const storage = new IndexedDbStorage(indexedDB, 'gone', timers);
    await storage.open();
    await storage.wipe();
    const names = (await indexedDB.databases()).map((database) => database.name);
    assert.not.ok(names.includes('gone'));
  });

  test('writes with strict durability', async () => {
    const storage = new IndexedDbStorage(indexedDB, 'durable', timers);
    await storage.open();
    const original = IDBDatabase.prototype.transaction;
    const seen: string[] = [];
    IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...given) {
      const transaction = original.apply(this, given);
      seen.push(transaction.durability);
      return transaction;
    };
    try {
      await storage.write([{ table: 'meta', key: 'a', value: 1 }]);
    } finally {
      IDBDatabase.prototype.transaction = original;
      await storage.close();
    }
    assert.equal(seen, ['strict']);
  });
};

export default suite;
