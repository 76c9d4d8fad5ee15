/**
 * New entries and what they do to earlier ones, as one write: an edit, a deletion or a reaction goes
 * into the row of the message it names, and waits in a row of its own where that is not here yet.
 * Words that were replaced or deleted leave the store with the write that says so.
 */

import { type Bytes, toHex } from '../base/bytes.js';
import { type Entry, type EntryRef, NO_TAG, NOTHING } from '../protocol/entry.js';
import { MAX_EARLY_CHANGES } from '../protocol/limits.js';
import type { Storage, TableName, Write } from '../storage/storage.js';
import {
  type Fold,
  gapEntry,
  readFold,
  readRow,
  type StoredEntry,
  writesOf,
} from './entry-rows.js';
import { fileKeys } from './file-keys.js';
import { deedOf, merge } from './fold.js';
import { logKey, messageId, orderKey, prefixEnd } from './keys.js';

export interface FoldingHost {
  readonly storage: Storage;
  /** Whether a message of the other person counts as unread. */
  isUnread(ref: EntryRef): boolean;
  /** Rows that wait for entries that are not here. */
  readonly waiting: number;
  /** Rows of an earlier record may lie under the new ones. */
  readonly isRebuilt: boolean;
}

export class Folding {
  readonly #host: FoldingHost;
  /** Rows as they will be, over those that are stored; undefined where one is removed. */
  readonly #rows = new Map<string, { table: TableName; key: string; value: unknown }>();
  /** Messages as they will be, by their place in reading order. */
  readonly #touched = new Map<string, StoredEntry>();
  readonly #fresh = new Set<string>();
  waiting: number;
  /** What is to be added to the unread count. */
  unread = 0;

  constructor(host: FoldingHost) {
    this.#host = host;
    this.waiting = host.waiting;
  }

  /** Takes one new entry in. */
  async add(stored: StoredEntry): Promise<void> {
    const { entry } = stored;
    const fold = isTarget(entry) ? await this.#early(entry, stored.fold ?? {}) : {};
    if (this.#host.isRebuilt) await this.#giveWay(entry);
    this.#place({ ...stored, fold });
    this.#fresh.add(orderKey(entry));
    if (entry.body.kind === 'text' && !fold.isDeleted && this.#host.isUnread(entry)) {
      this.unread++;
    }
    const deed = deedOf(entry);
    if (deed !== null) await this.#change(entry, deed.target, deed.fold);
  }

  /** Takes a row away. */
  remove(table: TableName, key: string): void {
    this.#put(table, key, undefined);
  }

  /** Says where a message that was moved is now. */
  point(from: string, to: Entry): void {
    this.#put('logs', from, orderKey(to));
  }

  /** A new entry as it stands after all of them. */
  final(stored: StoredEntry): StoredEntry {
    return this.#touched.get(orderKey(stored.entry)) ?? stored;
  }

  /** Earlier messages that read otherwise now. */
  get changed(): StoredEntry[] {
    return [...this.#touched].flatMap(([key, stored]) => (this.#fresh.has(key) ? [] : stored));
  }

  get writes(): Write[] {
    return [...this.#rows.values()].map(({ table, key, value }) =>
      value === undefined ? { table, key, remove: true } : { table, key, value },
    );
  }

  async #change(by: Entry, target: EntryRef, fold: Fold): Promise<void> {
    const found = await this.#find(by, target);
    if (found === null) return this.#wait(target, by, fold);
    if (!isTarget(found.entry)) return;
    const before = found.fold ?? {};
    const after = merge(before, fold);
    await this.#clear([before, fold], after);
    const isNews = after.isDeleted === true && before.isDeleted !== true;
    if (isNews) await this.#dropFile(found);
    if (isNews && found.entry.body.kind === 'text' && this.#host.isUnread(target)) this.unread--;
    this.#place({ ...found, fold: after });
  }

  /** The entry a change names, as it stands; null where it is not here. */
  async #find(by: Entry, target: EntryRef): Promise<StoredEntry | null> {
    const key = logKey(by.conversation, target);
    const log = await this.#get('logs', key);
    if (log === undefined) return null;
    const stored = readRow(typeof log === 'string' ? await this.#get('entries', log) : log);
    // What can no longer be read can still be deleted.
    const gap = () => ({
      entry: gapEntry({ key, value: log }, by.conversation, target),
      storedAt: 0,
    });
    return stored ?? gap();
  }

  async #wait(target: EntryRef, by: Entry, fold: Fold): Promise<void> {
    const key = earlyKey(by.conversation, target);
    const row = await this.#get('logs', key);
    if (row === undefined && this.waiting >= MAX_EARLY_CHANGES) return;
    if (row === undefined) this.waiting++;
    const before = readFold(row);
    const after = merge(before, fold);
    await this.#clear([before, fold], after);
    this.#put('logs', key, after);
  }

  /** What came before the entry it is about. */
  async #early(entry: Entry, fold: Fold): Promise<Fold> {
    const beneath = this.#host.isRebuilt ? await this.#get('entries', orderKey(entry)) : undefined;
    const known = merge(fold, readRow(beneath)?.fold ?? {});
    if (this.waiting === 0) return known;
    const key = earlyKey(entry.conversation, entry);
    const row = await this.#get('logs', key);
    if (row === undefined) return known;
    this.waiting--;
    this.remove('logs', key);
    return merge(known, readFold(row));
  }

  /** Where a moved message was known by the place of this one, it goes by its own from now on. */
  async #giveWay(entry: Entry): Promise<void> {
    const order = await this.#get('logs', logKey(entry.conversation, entry));
    if (typeof order !== 'string' || order === orderKey(entry)) return;
    const moved = readRow(await this.#get('entries', order));
    if (moved?.alias !== messageId(entry)) return;
    const { alias: _, ...stored } = moved;
    this.#place(stored);
  }

  #place(stored: StoredEntry): void {
    const { fold, entry } = stored;
    const isGone = fold?.isDeleted === true && entry.body !== NOTHING;
    const placed = isGone ? { ...stored, entry: { ...entry, body: NOTHING, tag: NO_TAG } } : stored;
    for (const write of writesOf(placed)) {
      if ('value' in write) this.#put(write.table, write.key, write.value);
    }
    this.#touched.set(orderKey(entry), placed);
  }

  /** Takes the words of edits that are not the newest any longer out of the store. */
  async #clear(before: readonly Fold[], after: Fold): Promise<void> {
    for (const { edit } of before) {
      if (edit === undefined || edit.key === after.edit?.key) continue;
      const stored = readRow(await this.#get('logs', edit.key));
      if (stored?.entry.body.kind !== 'edit') continue;
      const body = { ...stored.entry.body, text: '' };
      const [write] = writesOf({ ...stored, entry: { ...stored.entry, body, tag: NO_TAG } });
      if (write !== undefined && 'value' in write) this.#put('logs', edit.key, write.value);
    }
  }

  /** A file goes with its message. */
  async #dropFile({ entry, alias }: StoredEntry): Promise<void> {
    if (entry.body.kind !== 'text' || entry.body.file === undefined) return;
    const { records, bytes } = fileKeys(toHex(entry.conversation), alias ?? messageId(entry));
    const segments = await this.#host.storage.list('files', { from: bytes, to: prefixEnd(bytes) });
    for (const key of [...records, ...segments.map((row) => row.key)]) this.remove('files', key);
  }

  async #get(table: TableName, key: string): Promise<unknown> {
    const row = this.#rows.get(`${table}/${key}`);
    return row === undefined ? this.#host.storage.get(table, key) : row.value;
  }

  #put(table: TableName, key: string, value: unknown): void {
    this.#rows.set(`${table}/${key}`, { table, key, value });
  }
}

/** Whether later entries may be about this one. */
function isTarget({ body }: Entry): boolean {
  return body.kind === 'text' || body.kind === 'unknown';
}

/** What waits for an entry that is not here yet: beside the logs of its conversation. */
function earlyKey(conversation: Bytes, ref: EntryRef): string {
  return logKey(conversation, ref).replace('/', '/?');
}
