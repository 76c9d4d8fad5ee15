/**
 * The storage contract on memory and on a simulated IndexedDB, and what only IndexedDB can get
 * wrong: other versions, other pages, full disks, and a browser that never answers.
 */

import 'fake-indexeddb/auto';
import { forceCloseDatabase } from 'fake-indexeddb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PimError } from '../../sdk/base/errors.js';
import type { Timer } from '../../sdk/base/platform.js';
import { IndexedDbStorage } from '../../sdk/storage/indexeddb-storage.js';
import { MemoryStorage } from '../../sdk/storage/memory-storage.js';
import { HOLDER, TABLES, type Write } from '../../sdk/storage/storage.js';
import { claim } from '../../sdk/tabs/seize.js';
import { refusal, storageContract } from './storage.js';

const memory = suite('memory');
storageContract(memory, () => new MemoryStorage());
memory.run();

const records = suite('IndexedDB with getAllRecords');
records('has getAllRecords in the simulation', () => {
  assert.ok('getAllRecords' in IDBObjectStore.prototype);
});
storageContract(records, (name) => new IndexedDbStorage(indexedDB, name));
records.run();

const older = suite('IndexedDB without getAllRecords');
const getAllRecords = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'getAllRecords');
older.before(() => {
  Reflect.deleteProperty(IDBObjectStore.prototype, 'getAllRecords');
});
older.after(() => {
  Object.defineProperty(IDBObjectStore.prototype, 'getAllRecords', getAllRecords ?? {});
});
storageContract(older, (name) => new IndexedDbStorage(indexedDB, name));
older.run();

const trouble = suite('IndexedDB');

/** Timers that ring when the test says so. */
function handTimers() {
  const waiting = new Map<Timer, () => void>();
  return {
    waiting,
    setTimer(run: () => void, ms: number): Timer {
      const timer = { ms };
      waiting.set(timer, run);
      return timer;
    },
    clearTimer: (timer: Timer) => void waiting.delete(timer),
    ring() {
      for (const run of waiting.values()) run();
    },
  };
}

/** A connection of some other program that closes for nobody. */
function holdOpen(name: string, version?: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Runs `run` while every transaction of the simulation goes through `change`. */
async function withTransactions(
  change: (transaction: IDBTransaction) => void,
  run: () => Promise<void>,
): Promise<void> {
  const original = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...given) {
    const transaction = original.apply(this, given);
    change(transaction);
    return transaction;
  };
  try {
    await run();
  } finally {
    IDBDatabase.prototype.transaction = original;
  }
}

const aborted = (name: string) => (transaction: IDBTransaction) => {
  const inner = transaction as unknown as { _abort(name: string): void };
  queueMicrotask(() => inner._abort(name));
};

trouble('says storage/full where the quota is used up, and loses nothing', async () => {
  const storage = new IndexedDbStorage(indexedDB, 'full');
  await storage.open();
  await storage.write([{ table: 'meta', key: 'a', value: 1 }]);
  const batch = [
    { table: 'meta', key: 'a', remove: true },
    { table: 'logs', key: 'b', value: 1 },
  ] as const;
  await withTransactions(aborted('QuotaExceededError'), async () => {
    const fault = await refusal(storage.write(batch), 'storage/full');
    assert.ok(fault.retryable);
    assert.is((fault.cause as Error).name, 'QuotaExceededError');
  });
  assert.is(await storage.get('meta', 'a'), 1);
  assert.equal(await storage.list('logs'), []);
  await storage.write(batch);
  assert.is(await storage.get('logs', 'b'), 1);
});

trouble('says storage/full where a single put finds the quota used up', async () => {
  const storage = new IndexedDbStorage(indexedDB, 'full at once');
  await storage.open();
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => {
    throw new DOMException('', 'QuotaExceededError');
  };
  try {
    await refusal(storage.write([{ table: 'meta', key: 'a', value: 1 }]), 'storage/full');
  } finally {
    IDBObjectStore.prototype.put = put;
  }
});

trouble('says storage/failed with the operation where the browser fails', async () => {
  const storage = new IndexedDbStorage(indexedDB, 'failing');
  await storage.open();
  await withTransactions(aborted('UnknownError'), async () => {
    for (const operation of ['get', 'list', 'write', 'wipe'] as const) {
      const calls = {
        get: () => storage.get('meta', 'a'),
        list: () => storage.list('meta'),
        write: () => storage.write([{ table: 'meta', key: 'a', value: 1 }]),
        wipe: () => storage.wipe(),
      };
      const fault = await refusal(calls[operation](), 'storage/failed');
      assert.equal(fault.detail, { operation });
    }
  });
  await storage.write([{ table: 'meta', key: 'a', value: 2 }]);
  assert.is(await storage.get('meta', 'a'), 2);
});

trouble(
  'asks for strict durability, for the tables it writes to and for the one that names its holder',
  async () => {
    const storage = new IndexedDbStorage(indexedDB, 'durable');
    await storage.open();
    const seen: [string[], string][] = [];
    await withTransactions(
      (transaction) => void seen.push([[...transaction.objectStoreNames], transaction.durability]),
      () =>
        storage.write([
          { table: 'entries', key: 'a', value: 1 },
          { table: 'entries', key: 'b', value: 1 },
          { table: 'logs', key: 'b', value: 1 },
        ]),
    );
    assert.equal(seen, [[['entries', 'logs', 'meta'], 'strict']]);
  },
);

trouble('a write of a file takes no table that words are written to', async () => {
  const storage = new IndexedDbStorage(indexedDB, 'apart');
  await storage.open();
  const seen: string[][] = [];
  await withTransactions(
    (transaction) => void seen.push([...transaction.objectStoreNames]),
    async () => {
      await storage.write([{ table: 'files', key: 'a', value: 1 }]);
      await storage.write([
        { table: 'files', key: 'a', remove: true },
        { table: 'logs', key: 'b', value: 1 },
      ]);
    },
  );
  assert.equal(seen, [['files'], ['files', 'logs', 'meta']]);
});

trouble('a store of the time before files had a table of their own gets one', async () => {
  await new Promise<void>((resolve) => {
    const request = indexedDB.open('older', 1);
    request.onupgradeneeded = () => {
      for (const table of TABLES) {
        if (table !== 'files') request.result.createObjectStore(table).put('kept', 'a');
      }
    };
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
  });
  const storage = new IndexedDbStorage(indexedDB, 'older');
  await storage.open();
  await storage.write([{ table: 'files', key: 'b', value: 1 }]);
  assert.is(await storage.get('files', 'b'), 1);
  assert.is(await storage.get('logs', 'a'), 'kept');
});

trouble('a page from which a store was taken writes no more of a file either', async () => {
  const platform = { random: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
  const [before, after] = [1, 2].map(() => new IndexedDbStorage(indexedDB, 'robbed'));
  await before!.open();
  for (const _ of [1, 2]) {
    const file: Write = { table: 'files', key: 'a', value: 1 };
    await before!.write([file]);
    await after!.open();
    await claim(after!, platform);
    await refusal(before!.write([file]), 'storage/failed');
    await refusal(before!.write([file, { ...file, table: 'logs' }]), 'storage/failed');
    await after!.write([{ ...file, value: 2 }]);
    assert.is(await after!.get('files', 'a'), 2);
    await after!.close();
    // Whoever opens it anew has it as it is.
    await before!.close();
    await before!.open();
  }
});

trouble(
  'writes nothing once another page has taken the store over, and all again as its holder',
  async () => {
    const [before, after] = [1, 2].map(() => new IndexedDbStorage(indexedDB, 'taken'));
    await before!.open();
    await before!.write([{ table: 'meta', key: HOLDER, value: 'before' }]);
    await before!.write([{ table: 'logs', key: 'a', value: 1 }]);
    await after!.open();
    await after!.write([{ table: 'meta', key: HOLDER, value: 'after' }]);
    await refusal(before!.write([{ table: 'logs', key: 'a', value: 2 }]), 'storage/failed');
    await refusal(before!.write([{ table: 'meta', key: HOLDER, value: 'x' }]), 'storage/failed');
    await after!.write([{ table: 'logs', key: 'b', value: 3 }]);
    assert.equal(await after!.list('logs'), [
      { key: 'a', value: 1 },
      { key: 'b', value: 3 },
    ]);
    await before!.close();
    await before!.open();
    await before!.write([{ table: 'logs', key: 'a', value: 4 }]);
    assert.is(await after!.get('logs', 'a'), 4, 'whoever opens it anew has it as it is');
  },
);

trouble('refuses what a newer version has written, and leaves it alone', async () => {
  const storage = new IndexedDbStorage(indexedDB, 'newer');
  await storage.open();
  await storage.write([{ table: 'meta', key: 'a', value: 1 }]);
  await storage.close();
  (await holdOpen('newer', 99)).close();
  const fault = await refusal(storage.open(), 'storage/unavailable');
  assert.equal(fault.detail, { reason: 'newer-version' });
  assert.is((fault.cause as Error).name, 'VersionError');
  const database = await holdOpen('newer');
  assert.is(database.version, 99);
  assert.equal([...database.objectStoreNames].sort(), [
    'contacts',
    'conversations',
    'entries',
    'files',
    'logs',
    'meta',
    'requests',
  ]);
  database.close();
});

trouble('gives way to a page that upgrades', async () => {
  const storage = new IndexedDbStorage(indexedDB, 'upgraded');
  await storage.open();
  const database = await holdOpen('upgraded', 99);
  await refusal(storage.get('meta', 'a'), 'storage/failed');
  database.close();
});

trouble('says that the browser denies storage', async () => {
  const denied = Object.assign(Object.create(indexedDB), {
    open: () => {
      throw new DOMException('', 'SecurityError');
    },
  });
  const fault = await refusal(new IndexedDbStorage(denied, 'a').open(), 'storage/unavailable');
  assert.equal(fault.detail, { reason: 'denied' });
});

trouble('gives up on a browser that never answers, and can be opened later', async () => {
  const timers = handTimers();
  let isDead = true;
  const silent = Object.assign(Object.create(indexedDB), {
    open: (name: string, version: number) =>
      isDead ? Object.assign(new IDBOpenDBRequest(), {}) : indexedDB.open(name, version),
  });
  const storage = new IndexedDbStorage(silent, 'silent', timers);
  const opening = storage.open();
  assert.equal([...timers.waiting.keys()], [{ ms: 8_000 }]);
  timers.ring();
  const fault = await refusal(opening, 'storage/unavailable');
  assert.equal(fault.detail, { reason: 'no-answer' });
  assert.instance(fault, PimError);
  isDead = false;
  timers.waiting.clear();
  await storage.open();
  assert.is(timers.waiting.size, 0);
  assert.equal(await storage.list('meta'), []);
});

trouble('closes a database that answers after the limit', async () => {
  const timers = handTimers();
  const storage = new IndexedDbStorage(indexedDB, 'late', timers);
  const opening = storage.open();
  timers.ring();
  await refusal(opening, 'storage/unavailable');
  await refusal(storage.get('meta', 'a'), 'storage/failed');
  // Were the late connection still open, this deletion would be blocked.
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase('late');
    request.onsuccess = () => resolve();
    request.onblocked = () => reject(new Error('blocked'));
  });
});

trouble('waits for another page that holds on, then says so', async () => {
  const timers = handTimers();
  let tellBlocked: () => void = () => undefined;
  const isBlocked = new Promise<void>((resolve) => {
    tellBlocked = resolve;
  });
  const watched: IDBFactory = Object.assign(Object.create(indexedDB), {
    deleteDatabase(name: string) {
      const request = indexedDB.deleteDatabase(name);
      request.addEventListener('blocked', () => tellBlocked());
      return request;
    },
  });
  const storage = new IndexedDbStorage(watched, 'held', timers);
  await storage.open();
  const other = await holdOpen('held');
  const wiping = storage.wipe();
  await isBlocked;
  timers.ring();
  const fault = await refusal(wiping, 'storage/unavailable');
  assert.equal(fault.detail, { reason: 'blocked' });
  const left = other.transaction('meta').objectStore('meta').count();
  await new Promise((resolve) => left.addEventListener('success', resolve));
  assert.is(left.result, 0);
  other.close();
});

trouble('is done with a wipe as soon as the other page lets go', async () => {
  const timers = handTimers();
  const storage = new IndexedDbStorage(indexedDB, 'let go', timers);
  await storage.open();
  const other = await holdOpen('let go');
  other.addEventListener('versionchange', () => setImmediate(() => other.close()));
  await storage.wipe();
  assert.is(timers.waiting.size, 0);
  const names = (await indexedDB.databases()).map((database) => database.name);
  assert.not.ok(names.includes('let go'));
});

trouble('gives up at once on a page that holds on, where it has no timers', async () => {
  const storage = new IndexedDbStorage(indexedDB, 'held without timers');
  await storage.open();
  const other = await holdOpen('held without timers');
  const fault = await refusal(storage.wipe(), 'storage/unavailable');
  assert.equal(fault.detail, { reason: 'blocked' });
  other.close();
});

/** The connections a storage opens, for the test to take away. */
function watchedFactory() {
  const opened: IDBDatabase[] = [];
  const open = (...given: Parameters<IDBFactory['open']>) => {
    const request = indexedDB.open(...given);
    request.addEventListener('success', () => opened.push(request.result));
    return request;
  };
  const factory = new Proxy(indexedDB, {
    get: (target, name) => (name === 'open' ? open : Reflect.get(target, name).bind(target)),
  });
  /** As a browser does whose storage process ended. */
  const drop = () => {
    for (const database of opened.splice(0)) forceCloseDatabase(database as never);
    return new Promise((resolve) => setTimeout(resolve));
  };
  return { factory, opened, drop };
}

trouble('a connection the browser takes away is opened again by the next use, once', async () => {
  const { factory, opened, drop } = watchedFactory();
  const storage = new IndexedDbStorage(factory, 'dropped');
  await storage.open();
  await storage.write([{ table: 'meta', key: 'a', value: 1 }]);
  await drop();
  const [value, rows] = await Promise.all([
    storage.get('meta', 'a'),
    storage.list('meta'),
    storage.write([{ table: 'meta', key: 'b', value: 2 }]),
  ]);
  assert.equal([value, rows[0]], [1, { key: 'a', value: 1 }]);
  assert.is(opened.length, 1, 'for all three');
  assert.is(await storage.get('meta', 'b'), 2);
  await storage.close();
  await refusal(storage.get('meta', 'a'), 'storage/failed');
});

trouble('a store that was cleared away is not made anew beneath a running chat', async () => {
  const { factory, drop } = watchedFactory();
  const storage = new IndexedDbStorage(factory, 'cleared');
  await storage.open();
  await storage.write([{ table: 'meta', key: 'a', value: 1 }]);
  await drop();
  await new Promise((resolve) => {
    indexedDB.deleteDatabase('cleared').onsuccess = resolve;
  });
  await refusal(storage.get('meta', 'a'), 'storage/failed');
  await refusal(storage.write([{ table: 'meta', key: 'b', value: 1 }]), 'storage/failed');
  assert.not.ok((await indexedDB.databases()).some(({ name }) => name === 'cleared'));
  await storage.close();
});

trouble('a storage that was closed stays closed when its connection goes as well', async () => {
  const { factory, drop } = watchedFactory();
  const storage = new IndexedDbStorage(factory, 'closed and gone');
  await storage.open();
  await storage.close();
  await drop();
  await refusal(storage.get('meta', 'a'), 'storage/failed');
});

trouble.run();
