/**
 * Storage in the browser's IndexedDB (Indexed Database API 3.0): one object store per table, keys
 * beside the values, so that a value may be anything the structured clone knows (a key that cannot
 * be exported, for one). Every failure leaves here as a `storage/…` error.
 * `IDBKeyRange` is the one global used: it belongs to every IDBFactory and cannot be reached from it.
 */

import { PimError } from '../base/errors.js';
import type { Platform } from '../base/platform.js';
import { attempt, openFault, unavailable } from './indexeddb-faults.js';
import {
  type Range,
  type Row,
  type Storage,
  TABLES,
  type TableName,
  type Write,
} from './storage.js';

/** Append only: entry i brings a database from version i to version i + 1. */
const MIGRATIONS: readonly ((database: IDBDatabase) => void)[] = [
  (database) => {
    for (const table of TABLES) database.createObjectStore(table);
  },
];

/**
 * Milliseconds. A healthy open takes below 100; Safari (WebKit bug 226547) and Firefox (storage
 * process gone) can leave a request without any answer.
 */
const ANSWER_LIMIT_MS = 8_000;
/** The largest count IndexedDB takes, an `unsigned long`. */
const MAX_COUNT = 2 ** 32 - 1;

type Timers = Pick<Platform, 'setTimer' | 'clearTimer'>;
type Direction = 'next' | 'prev';

/** An object store of IndexedDB 3.0; TypeScript's DOM does not know `getAllRecords` yet. */
interface NewerStore extends IDBObjectStore {
  getAllRecords?(options: {
    query: IDBKeyRange | null;
    count: number;
    direction: Direction;
  }): IDBRequest<Row[]>;
}

export class IndexedDbStorage implements Storage {
  readonly isPersistent = true;
  readonly #factory: IDBFactory;
  readonly #name: string;
  readonly #timers: Timers | null;
  /** Null while closed. */
  #database: IDBDatabase | null = null;

  /** @param timers bound the wait for a database that never answers; without them there is no limit */
  constructor(factory: IDBFactory, name: string, timers: Timers | null = null) {
    this.#factory = factory;
    this.#name = name;
    this.#timers = timers;
  }

  async open(): Promise<void> {
    if (this.#database !== null) return;
    try {
      const database = await this.#answer(this.#request());
      // Another page wants to upgrade or delete; holding on would only block it.
      database.onversionchange = () => this.#release(database);
      // The browser took the connection away: site data cleared, storage process gone.
      database.onclose = () => this.#release(database);
      this.#database = database;
    } catch (fault) {
      throw openFault(fault);
    }
  }

  async get(table: TableName, key: string): Promise<unknown> {
    const database = this.#require('get');
    return attempt('get', () => settled(database.transaction(table).objectStore(table).get(key)));
  }

  async list(table: TableName, range: Range = {}): Promise<Row[]> {
    const database = this.#require('list');
    const { from, to } = range;
    const count = Math.min(range.limit ?? MAX_COUNT, MAX_COUNT);
    // IndexedDB throws at a range without room for a key, and takes a count of 0 for "all".
    if ((from !== undefined && to !== undefined && from >= to) || count <= 0) return [];
    return attempt('list', () => {
      const store = database.transaction(table).objectStore(table);
      return rows(store, from, to, count, range.reverse === true ? 'prev' : 'next');
    });
  }

  async write(writes: readonly Write[]): Promise<void> {
    const database = this.#require('write');
    if (writes.length === 0) return;
    await attempt('write', () =>
      commit(database, new Set(writes.map((write) => write.table)), (transaction) => {
        for (const write of writes) {
          const store = transaction.objectStore(write.table);
          if ('remove' in write) store.delete(write.key);
          else store.put(write.value, write.key);
        }
      }),
    );
  }

  async wipe(): Promise<void> {
    const database = this.#require('wipe');
    await attempt('wipe', async () => {
      // Rows first: another page can delay the deletion of the database, but not this.
      await commit(database, TABLES, (transaction) => {
        for (const table of TABLES) transaction.objectStore(table).clear();
      });
      this.#release(database);
      await this.#answer(this.#factory.deleteDatabase(this.#name));
    });
  }

  async close(): Promise<void> {
    if (this.#database !== null) this.#release(this.#database);
  }

  #release(database: IDBDatabase): void {
    database.close();
    this.#database = null;
  }

  #require(operation: string): IDBDatabase {
    if (this.#database !== null) return this.#database;
    throw new PimError('storage/failed', 'The storage is closed.', { operation });
  }

  #request(): IDBOpenDBRequest {
    const request = this.#factory.open(this.#name, MIGRATIONS.length);
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const migrate of MIGRATIONS.slice(oldVersion)) migrate(request.result);
    };
    return request;
  }

  /** What `request` brings, within the limit. @throws storage/unavailable past it */
  #answer(request: IDBOpenDBRequest): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      let reason = 'no-answer';
      let isLate = false;
      const giveUp = () => {
        isLate = true;
        reject(unavailable(reason));
      };
      const timer = this.#timers?.setTimer(giveUp, ANSWER_LIMIT_MS);
      request.onblocked = () => {
        // The other page may only be finishing its last write, so the limit decides.
        reason = 'blocked';
        if (timer === undefined) giveUp();
      };
      settled(request)
        .finally(() => timer !== undefined && this.#timers?.clearTimer(timer))
        .then((database) => (isLate ? database?.close() : resolve(database)), reject);
    });
  }
}

/** The next result of a request; a cursor's comes again each time it has moved. */
function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** All that `fill` asks for, or nothing; durable when the promise resolves. */
function commit(
  database: IDBDatabase,
  tables: Iterable<TableName>,
  fill: (transaction: IDBTransaction) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction([...tables], 'readwrite', { durability: 'strict' });
    let thrown: unknown = null;
    transaction.oncomplete = () => resolve();
    // Not `onerror`: a full disk may show only when everything is written out, and in the abort.
    transaction.onabort = () => reject(thrown ?? transaction.error);
    try {
      fill(transaction);
    } catch (fault) {
      thrown = fault;
      transaction.abort();
    }
  });
}

async function rows(
  store: NewerStore,
  from: string | undefined,
  to: string | undefined,
  count: number,
  direction: Direction,
): Promise<Row[]> {
  const query = keyRange(from, to);
  if (store.getAllRecords !== undefined) {
    const records = await settled(store.getAllRecords({ query, count, direction }));
    return records.map(({ key, value }) => ({ key, value }));
  }
  if (direction === 'next') return forward(store, query, count);
  // A cursor that is read brings one row an event; one that jumps tells where the page begins.
  const jump = store.openKeyCursor(query, 'prev');
  let first = await settled(jump);
  if (first !== null && count > 1) {
    first.advance(count - 1);
    first = await settled(jump);
  }
  const page = keyRange((first?.key as string | undefined) ?? from, to);
  return (await forward(store, page, count)).reverse();
}

async function forward(
  store: IDBObjectStore,
  query: IDBKeyRange | null,
  count: number,
): Promise<Row[]> {
  const [keys, values] = await Promise.all([
    settled(store.getAllKeys(query, count)),
    settled(store.getAll(query, count)),
  ]);
  return keys.map((key, i) => ({ key: key as string, value: values[i] as unknown }));
}

function keyRange(from: string | undefined, to: string | undefined): IDBKeyRange | null {
  if (from === undefined) return to === undefined ? null : IDBKeyRange.upperBound(to, true);
  return to === undefined ? IDBKeyRange.lowerBound(from) : IDBKeyRange.bound(from, to, false, true);
}
