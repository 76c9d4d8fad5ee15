/**
 * Storage that is gone with the page: for tests, for `storage: 'memory'`, and where the platform
 * keeps nothing. Values are cloned on the way in and out, as IndexedDB does, so that code that works
 * here works there.
 */

import { PimError } from '../base/errors.js';
import {
  type Range,
  type Row,
  type Storage,
  TABLES,
  type TableName,
  type Write,
} from './storage.js';

interface Table {
  /** Sorted by UTF-16 code unit; holds exactly the keys of `values`. */
  readonly keys: string[];
  readonly values: Map<string, unknown>;
}

export class MemoryStorage implements Storage {
  readonly isPersistent = false;
  /** Null while closed. */
  #tables: Readonly<Record<TableName, Table>> | null = null;

  async open(): Promise<void> {
    this.#tables ??= emptyTables();
  }

  async get(table: TableName, key: string): Promise<unknown> {
    return clone(this.#require('get')[table].values.get(key), 'get');
  }

  async list(table: TableName, range: Range = {}): Promise<Row[]> {
    const { keys, values } = this.#require('list')[table];
    const from = range.from === undefined ? 0 : position(keys, range.from);
    const to = range.to === undefined ? keys.length : position(keys, range.to);
    const count = Math.min(range.limit ?? Number.POSITIVE_INFINITY, to - from);
    const rows: Row[] = [];
    for (let i = 0; i < count; i++) {
      const key = keys[range.reverse === true ? to - 1 - i : from + i] as string;
      rows.push({ key, value: clone(values.get(key), 'list') });
    }
    return rows;
  }

  async write(writes: readonly Write[]): Promise<void> {
    const tables = this.#require('write');
    // Cloning is all that can fail, so it comes before the first change: all of `writes` or none.
    const cloned = writes.map((write) =>
      'remove' in write ? write : { ...write, value: clone(write.value, 'clone') },
    );
    for (const write of cloned) apply(tables[write.table], write);
  }

  async wipe(): Promise<void> {
    this.#require('wipe');
    this.#tables = null;
  }

  async close(): Promise<void> {
    this.#tables = null;
  }

  #require(operation: string): Readonly<Record<TableName, Table>> {
    if (this.#tables !== null) return this.#tables;
    throw new PimError('storage/failed', 'The storage is closed.', { operation });
  }
}

function emptyTables(): Record<TableName, Table> {
  const tables = TABLES.map((table) => [table, { keys: [], values: new Map() }] as const);
  return Object.fromEntries(tables) as unknown as Record<TableName, Table>;
}

function apply({ keys, values }: Table, write: Write): void {
  const at = position(keys, write.key);
  if ('remove' in write) {
    if (values.delete(write.key)) keys.splice(at, 1);
    return;
  }
  if (!values.has(write.key)) keys.splice(at, 0, write.key);
  values.set(write.key, write.value);
}

/** Where `key` is or would be: the number of keys before it. */
function position(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function clone(value: unknown, operation: string): unknown {
  if (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') {
    return value;
  }
  try {
    return structuredClone(value);
  } catch (fault) {
    const message = 'A value that cannot be copied was to be stored.';
    throw new PimError('storage/failed', message, { operation }, fault);
  }
}
