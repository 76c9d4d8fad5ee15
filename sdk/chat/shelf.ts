/**
 * One conversation's rows, read: single entries, pages of messages, my log from a number on.
 * Nothing here reads more rows than it is asked for.
 */

import type { Bytes } from '../base/bytes.js';
import { PimError } from '../base/errors.js';
import type { Entry, EntryRef } from '../protocol/entry.js';
import type { Range, Row, Storage } from '../storage/storage.js';
import { gapEntry, readRow, type StoredEntry } from './entry-rows.js';
import { logKey, prefixEnd } from './keys.js';

export interface Page {
  /** Newest first, or oldest first where the page lies after a message. */
  readonly entries: StoredEntry[];
  /** The place of the last row looked at, to go on from; null where there was none. */
  readonly end: string | null;
  readonly more: boolean;
}

export class Shelf {
  readonly #storage: Storage;
  readonly #id: Bytes;
  readonly #prefix: string;

  constructor(storage: Storage, id: Bytes, name: string) {
    this.#storage = storage;
    this.#id = id;
    this.#prefix = `${name}/`;
  }

  async get(ref: EntryRef): Promise<StoredEntry | null> {
    const row = await this.#storage.get('logs', logKey(this.#id, ref));
    return readRow(typeof row === 'string' ? await this.#storage.get('entries', row) : row);
  }

  /** The place of a message in reading order, a key. @throws message/unknown */
  async placeOf(ref: EntryRef): Promise<string> {
    const order = await this.#storage.get('logs', logKey(this.#id, ref));
    if (typeof order === 'string') return order;
    throw unknownMessage();
  }

  /** Messages before one of them, or the newest. A row that cannot be read takes no other with it. */
  async before(ref: EntryRef | null, limit: number): Promise<Page> {
    return this.rowsBefore(ref === null ? null : await this.placeOf(ref), limit);
  }

  /** Messages before a place in reading order, newest first. */
  rowsBefore(place: string | null, limit: number): Promise<Page> {
    const range = { from: this.#prefix, to: place ?? prefixEnd(this.#prefix), reverse: true };
    return this.#rows(range, limit);
  }

  /** Messages after one of them, oldest first. */
  async after(ref: EntryRef, limit: number): Promise<Page> {
    const from = `${await this.placeOf(ref)}\0`;
    return this.#rows({ from, to: prefixEnd(this.#prefix) }, limit);
  }

  /** Entries of one log behind `seq`, in order; nothing in the place of those that are damaged. */
  async behind(
    log: Omit<EntryRef, 'seq'>,
    seq: number,
    limit: number,
  ): Promise<{ readonly entry: Entry; readonly stored: StoredEntry | null }[]> {
    const from = logKey(this.#id, { ...log, seq: seq + 1 });
    const rows = await this.#storage.list('logs', {
      from,
      to: prefixEnd(from.slice(0, -8)),
      limit,
    });
    const values = await this.#valuesOf(rows);
    return rows.map((row, i) => {
      const stored = readRow(values[i]);
      return { stored, entry: stored?.entry ?? gapEntry(row, this.#id, log) };
    });
  }

  async #rows(range: Range, limit: number): Promise<Page> {
    const rows = await this.#storage.list('entries', { ...range, limit: limit + 1 });
    const here = rows.slice(0, limit);
    const entries = here.flatMap((row) => readRow(row.value) ?? []);
    return { entries, end: here.at(-1)?.key ?? null, more: rows.length > limit };
  }

  async #valuesOf(rows: readonly Row[]): Promise<unknown[]> {
    const places = rows.flatMap(({ value }) => (typeof value === 'string' ? value : []));
    const found = await this.#together(places);
    const reads = rows.map(({ value }) => {
      if (typeof value !== 'string') return value;
      return found.has(value) ? found.get(value) : this.#storage.get('entries', value);
    });
    return Promise.all(reads);
  }

  /** Entries of one log lie mostly side by side: one range instead of a request each. */
  async #together(places: readonly string[]): Promise<Map<string, unknown>> {
    const [from, last] = [places[0], places.at(-1)];
    if (places.length < 4 || from === undefined || last === undefined) return new Map();
    const range = { from, to: `${last}\0`, limit: places.length * 2 };
    const rows = await this.#storage.list('entries', range);
    return new Map(rows.map(({ key, value }) => [key, value]));
  }
}

export function unknownMessage(): PimError<'message/unknown'> {
  return new PimError('message/unknown', 'There is no such message in this conversation.', null);
}
