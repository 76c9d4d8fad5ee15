/**
 * Requests and transactions of IndexedDB as promises, and ranges of rows in the fewest requests.
 */

import type { Row, TableName } from './storage.js';

type Direction = 'next' | 'prev';

/** An object store of IndexedDB 3.0; TypeScript's DOM does not know `getAllRecords` yet. */
interface NewerStore extends IDBObjectStore {
  getAllRecords?(options: {
    query: IDBKeyRange | null;
    count: number;
    direction: Direction;
  }): IDBRequest<Row[]>;
}

/** The next result of a request; a cursor's comes again each time it has moved. */
export function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * The result of a transaction's last request. It ends without waiting for its page: one that is frozen
 * meanwhile would keep every other page from the tables it reads.
 */
export function last<Result>(request: IDBRequest<Result>): Promise<Result> {
  request.transaction?.commit();
  return settled(request);
}

/** All that `fill` asks for, or nothing; durable when the promise resolves. */
export function commit(
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

export async function rows(
  store: NewerStore,
  from: string | undefined,
  to: string | undefined,
  count: number,
  direction: Direction,
): Promise<Row[]> {
  const query = keyRange(from, to);
  if (store.getAllRecords !== undefined) {
    const records = await last(store.getAllRecords({ query, count, direction }));
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
    last(store.getAll(query, count)),
  ]);
  return keys.map((key, i) => ({ key: key as string, value: values[i] as unknown }));
}

function keyRange(from: string | undefined, to: string | undefined): IDBKeyRange | null {
  if (from === undefined) return to === undefined ? null : IDBKeyRange.upperBound(to, true);
  return to === undefined ? IDBKeyRange.lowerBound(from) : IDBKeyRange.bound(from, to, false, true);
}
