/** Runs in a page: the storage contract on the browser's own IndexedDB, by each way of reading. */

import * as assert from 'uvu/assert';
import { settled } from '../../../sdk/storage/indexeddb-rows.js';
import { IndexedDbStorage } from '../../../sdk/storage/indexeddb-storage.js';
import { HOLDER, type Storage } from '../../../sdk/storage/storage.js';
import { takesBack } from '../../../sdk/tabs/early-commit.js';
import { refusal, storageContract } from '../../contracts/storage.js';
import type { PageSuite } from '../../support/in-page.js';

const timers = {
  setTimer: (run: () => void, ms: number) => setTimeout(run, ms),
  clearTimer: (timer: unknown) => clearTimeout(timer as number),
};

export interface Engine {
  /** `records` reads with `getAllRecords` where there is one, `older` as before it. */
  readonly way: 'records' | 'older';
  /** Whether it is known to take back a write that was told to end and fails. */
  readonly endsWrites: boolean;
}

const suite: PageSuite<Engine> = (test, { way, endsWrites }) => {
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

  test('writes nothing once another page has taken the store over', async () => {
    const [before, after] = [1, 2].map(() => new IndexedDbStorage(indexedDB, 'taken', timers));
    await before?.open();
    await after?.open();
    if (before) before.endsWrites = endsWrites;
    await after?.write([{ table: 'meta', key: HOLDER, value: 'after' }]);
    await refusal(before?.write([{ table: 'logs', key: 'a', value: 1 }]), 'storage/failed');
    assert.is(await after?.get('logs', 'a'), undefined);
    await after?.write([{ table: 'logs', key: 'a', value: 2 }]);
    assert.is(await after?.get('logs', 'a'), 2);
    await Promise.all([before?.close(), after?.close()]);
  });

  // Seconds each: once is enough.
  if (way === 'older') return;
  for (const [what, begin] of [
    ['look', (storage: Storage) => storage.get('logs', 'mine')],
    ['list', (storage: Storage) => storage.list('logs', { from: 'a', limit: 10 })],
    ['write', (storage: Storage) => storage.write([{ table: 'logs', key: 'mine', value: 1 }])],
  ] as const) {
    test(`a page that stands still in the middle of a ${what} holds up nobody`, async () => {
      const name = `still-${what}`;
      const storage = new IndexedDbStorage(indexedDB, name, timers);
      await storage.open();
      if (what === 'write') {
        storage.endsWrites = await takesBack(await settled(indexedDB.open(name)));
        assert.ok(storage.endsWrites || !endsWrites);
        if (!storage.endsWrites) return storage.close();
      }
      const other = await openElsewhere(name);
      const written = other.write();
      const work = begin(storage);
      const end = Date.now() + STILL_MS;
      while (Date.now() < end);
      assert.ok((await written) < end, 'while this page stood still');
      await work;
      other.close();
      await storage.close();
    });
  }
};

/** How long this page does nothing, and when within that time another thread begins to write. */
const STILL_MS = 2_500;
const AFTER_MS = 300;

const ELSEWHERE = `
let database;
onmessage = ({ data }) => {
  if (data === 'write') {
    setTimeout(() => {
      const transaction = database.transaction('logs', 'readwrite');
      transaction.objectStore('logs').put(1, 'theirs');
      transaction.oncomplete = () => postMessage(Date.now());
    }, ${AFTER_MS});
    return;
  }
  indexedDB.open(data).onsuccess = ({ target }) => {
    database = target.result;
    postMessage(0);
  };
};`;

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const policy = trustedTypes?.createPolicy('another-page', { createScriptURL: (url) => url });
const trusted = (url: string) => policy?.createScriptURL(url) ?? url;

/** The same database in a thread that goes on while this page stands still. */
async function openElsewhere(name: string) {
  const url = URL.createObjectURL(new Blob([ELSEWHERE], { type: 'text/javascript' }));
  const worker = new Worker(trusted(url));
  const ask = (message: string) =>
    new Promise<number>((resolve) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.postMessage(message);
    });
  await ask(name);
  // When it was written, in milliseconds since 1970.
  return { write: () => ask('write'), close: () => worker.terminate() };
}

export default suite;
