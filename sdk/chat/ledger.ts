/**
 * The record of one conversation and the writes that change it: new entries, all that follows from
 * them and the record itself go into the store together, and only then is anybody told.
 */

import { type Bytes, equal } from '../base/bytes.js';
import type { TagOf } from '../crypto/entry-tag.js';
import type { Entry, EntryRef } from '../protocol/entry.js';
import type { Storage, Write } from '../storage/storage.js';
import { advanced, isPlain } from './advance.js';
import { type StoredEntry, writesOf } from './entry-rows.js';
import { logName } from './keys.js';
import { renewal, settled } from './later.js';
import type { ConversationRecord } from './records.js';
import type { Shelf } from './shelf.js';

export interface LedgerHost {
  readonly storage: Storage;
  readonly shelf: Shelf;
  readonly me: Bytes;
  readonly peer: Bytes;
  now(): number;
  readonly tagOf: TagOf;
}

/** What a write has done. */
export interface Written {
  /** The new entries, as they stand after all of them. */
  readonly stored: StoredEntry[];
  /** Messages that were here and read otherwise now. */
  readonly changed: readonly StoredEntry[];
}

export class Ledger {
  readonly #host: LedgerHost;
  #record: ConversationRecord;

  constructor(record: ConversationRecord, host: LedgerHost) {
    this.#record = record;
    this.#host = host;
  }

  get record(): ConversationRecord {
    return this.#record;
  }

  /** Adds entries. @throws storage/full, storage/failed; nothing was written then */
  async add(entries: readonly Entry[], change: Partial<ConversationRecord> = {}): Promise<Written> {
    const { storage, me } = this.#host;
    const before = this.#record;
    const storedAt = this.#host.now();
    const stored = entries.map((entry) => ({ entry, storedAt }));
    const record = advanced(before, entries, me);
    const isUnread = (ref: EntryRef) => this.#isUnread(ref);
    if (before.waiting === 0 && !before.isRebuilt && entries.every(isPlain)) {
      const texts = entries.filter((entry) => entry.body.kind === 'text' && isUnread(entry));
      const unread = before.unread + texts.length;
      await this.save({ ...record, unread, ...change }, stored.flatMap(writesOf));
      return { stored, changed: [] };
    }
    const { waiting, isRebuilt } = before;
    const { Folding } = await settled();
    const folded = new Folding({ storage, isUnread, waiting, isRebuilt });
    for (const each of stored) await folded.add(each);
    const unread = Math.max(0, before.unread + folded.unread);
    await this.save({ ...record, unread, waiting: folded.waiting, ...change }, folded.writes);
    return { stored: stored.map((each) => folded.final(each)), changed: folded.changed };
  }

  /** Writes a new record, and other rows with it. */
  async save(record: ConversationRecord, writes: readonly Write[] = []): Promise<void> {
    const row: Write = { table: 'conversations', key: record.id, value: record };
    await this.#host.storage.write([...writes, row]);
    this.#record = record;
  }

  /** Goes on where a page that died had come to. */
  async finishMoving(): Promise<void> {
    if (Object.keys(this.#record.moving).length === 0) return;
    const { moveOn } = await renewal();
    await moveOn({ ...this.#host, ledger: this });
  }

  #isUnread(ref: EntryRef): boolean {
    const isTheirs = equal(ref.author, this.#host.peer);
    return isTheirs && ref.seq > (this.#record.seen[logName(ref)] ?? 0);
  }
}
