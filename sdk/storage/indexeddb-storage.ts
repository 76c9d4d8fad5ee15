/**
 * Storage in the browser's IndexedDB (Indexed Database API 3.0): one object store per table, keys
 * beside the values, so that a value may be anything the structured clone knows (a key that cannot
 * be exported, for one). Every failure leaves here as a `storage/…` error.
 * `IDBKeyRange` is the one global used: it belongs to every IDBFactory and cannot be reached from it.
 */

import { PimError } from '../base/errors.js';
import type { Platform } from '../base/platform.js';
import { attempt, openFault, unavailable } from './indexeddb-faults.js';
import { commit, last, rows, settled } from './indexeddb-rows.js';
import {
  HOLDER,
  type Range,
  type Row,
  type Storage,
  TABLES,
  type TableName,
  type Write,
} from './storage.js';

const VERSION = 2;
/** What version 2 of the schema added. */
const ADDED = ['files'];

/**
 * Milliseconds. A healthy open takes below 100; Safari (WebKit bug 226547) and Firefox (storage
 * process gone) can leave a request without any answer.
 */
const ANSWER_LIMIT_MS = 8_000;
/** The largest count IndexedDB takes, an `unsigned long`. */
const MAX_COUNT = 2 ** 32 - 1;

type Timers = Pick<Platform, 'setTimer' | 'clearTimer'>;
export class IndexedDbStorage implements Storage {
  readonly isPersistent = true;
  /** Writes end without waiting for this page, as reads do (see `last`); tabs/early-commit.ts says where. */
  endsWrites = false;
  readonly #factory: IDBFactory;
  readonly #name: string;
  readonly #timers: Timers | null;
  /** Null while closed, and where the browser took the connection away. */
  #database: IDBDatabase | null = null;
  #isDropped = false;
  #opening: Promise<IDBDatabase> | null = null;
  /** What `HOLDER` was when this page opened the store, or as it wrote it. */
  #holder: unknown;

  /** @param timers bound the wait for a database that never answers; without them there is no limit */
  constructor(factory: IDBFactory, name: string, timers: Timers | null = null) {
    this.#factory = factory;
    this.#name = name;
    this.#timers = timers;
  }

  async open(): Promise<void> {
    if (this.#database !== null) return;
    try {
      await this.#connect();
      this.#holder = await this.get('meta', HOLDER);
    } catch (fault) {
      throw openFault(fault);
    }
  }

  async get(table: TableName, key: string): Promise<unknown> {
    return this.#run('get', (database) =>
      last(database.transaction(table).objectStore(table).get(key)),
    );
  }

  async list(table: TableName, range: Range = {}): Promise<Row[]> {
    const { from, to } = range;
    const count = Math.min(range.limit ?? MAX_COUNT, MAX_COUNT);
    // IndexedDB throws at a range without room for a key, and takes a count of 0 for "all".
    if ((from !== undefined && to !== undefined && from >= to) || count <= 0) {
      return this.#run('list', async () => []);
    }
    return this.#run('list', (database) => {
      const store = database.transaction(table).objectStore(table);
      return rows(store, from, to, count, range.reverse === true ? 'prev' : 'next');
    });
  }

  async write(writes: readonly Write[], isLast?: boolean): Promise<void> {
    await this.#run('write', async (database) => {
      if (writes.length === 0) return;
      const tables = new Set(writes.map((write) => write.table));
      const fence = writes.every(({ table }) => table === 'files') ? 'files' : 'meta';
      let holder = this.#holder;
      await commit(database, tables.add(fence), (transaction) => {
        const guard = transaction.objectStore(fence);
        const taken = `${HOLDER}/${this.#holder}`;
        // Without it nothing fails, and what cannot fail may end early in every browser.
        if (!isLast) guard.add(0, taken);
        for (const write of writes) {
          const store = transaction.objectStore(write.table);
          const value = 'remove' in write ? undefined : write.value;
          if ('remove' in write) store.delete(write.key);
          else store.put(value, write.key);
          if (write.key === HOLDER) holder = value;
        }
        if (!isLast && holder === this.#holder) guard.delete(taken);
        if (isLast || this.endsWrites) transaction.commit();
      });
      this.#holder = holder;
    });
  }

  async wipe(): Promise<void> {
    await this.#run('wipe', async (database) => {
      // Rows first: another page can delay the deletion of the database, but not this.
      await commit(database, TABLES, (transaction) => {
        for (const table of TABLES) transaction.objectStore(table).clear();
      });
      this.#release(database);
      await this.#answer(this.#factory.deleteDatabase(this.#name));
    });
  }

  async close(): Promise<void> {
    this.#isDropped = false;
    if (this.#database !== null) this.#release(this.#database);
  }

  #release(database: IDBDatabase): void {
    database.close();
    if (this.#database === database) this.#database = null;
  }

  async #run<Result>(
    operation: string,
    run: (database: IDBDatabase) => Promise<Result>,
  ): Promise<Result> {
    return attempt(operation, async () => {
      if (this.#database === null && !this.#isDropped) {
        throw new PimError('storage/failed', 'The storage is closed.', { operation });
      }
      return run(this.#database ?? (await this.#connect()));
    });
  }

  #connect(): Promise<IDBDatabase> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #open(): Promise<IDBDatabase> {
    const database = await this.#answer(this.#request());
    // Another page wants to upgrade or delete; holding on would only block it.
    database.onversionchange = () => this.#release(database);
    // The browser took it away (storage process gone, disk swept): the next use opens it again.
    database.onclose = () => {
      this.#isDropped = this.#database === database;
      this.#release(database);
    };
    this.#isDropped = false;
    this.#database = database;
    return database;
  }

  #request(): IDBOpenDBRequest {
    const request = this.#factory.open(this.#name, VERSION);
    const isAgain = this.#isDropped;
    request.onupgradeneeded = ({ oldVersion }) => {
      // Site data was cleared meanwhile: an empty store in its place would only look like one.
      if (isAgain && oldVersion === 0) return request.transaction?.abort();
      for (const table of oldVersion === 0 ? TABLES : ADDED)
        request.result.createObjectStore(table);
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
