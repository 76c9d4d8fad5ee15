/**
 * One conversation as it lies in the store: append-only logs, one per author and device. Everything
 * is written before anybody hears of it; an entry that was written is never lost, doubled or moved.
 */

import { type Bytes, equal, fromHex, toHex } from '../base/bytes.js';
import type { Queue } from '../base/queue.js';
import type { LogHead } from '../protocol/channel-frames.js';
import { type Entry, type EntryBody, type EntryRef, encodeEntry } from '../protocol/entry.js';
import { DEVICE_BYTES, MAX_CLOCK_LEAP, MAX_LOGS, MAX_PAGE } from '../protocol/limits.js';
import type { Storage, Write } from '../storage/storage.js';
import { gapEntry, readRow, removalsOf, type StoredEntry, writesOf } from './entry-rows.js';
import { logKey, logName, orderKey, parseLogName, prefixEnd } from './keys.js';
import type { ConversationRecord } from './records.js';

/** Entries of my log that were written last; a channel need not read them back. */
const RECENT = 64;

export interface ConversationHost {
  readonly storage: Storage;
  /** One write at a time over all conversations. */
  readonly queue: Queue;
  readonly me: { readonly key: Bytes };
  /** Random bytes, for the name of a new log. */
  random(length: number): Bytes;
  now(): number;
}

export class Conversation {
  readonly id: Bytes;
  readonly peer: Bytes;
  readonly #host: ConversationHost;
  #record: ConversationRecord;
  readonly #recent = new Map<number, Bytes>();

  constructor(record: ConversationRecord, host: ConversationHost) {
    this.#record = record;
    this.#host = host;
    this.id = fromHex(record.id);
    this.peer = fromHex(record.peer);
  }

  get record(): ConversationRecord {
    return this.#record;
  }

  get name(): string {
    return this.#record.id;
  }

  /** Every log and how far it reaches here. */
  get heads(): LogHead[] {
    return Object.entries(this.#record.heads).map(([name, seq]) => ({
      conversation: this.id,
      ...parseLogName(name),
      seq,
    }));
  }

  /** The name of my log in this conversation; the `device` of my entries. */
  get log(): Bytes {
    return fromHex(this.#record.log);
  }

  /** How far my log reaches. */
  get ownHead(): number {
    return this.#record.heads[logName({ author: this.#host.me.key, device: this.log })] ?? 0;
  }

  /** How far the other side has stored my log of that name. */
  deliveredTo(device: Bytes): number {
    return this.#record.delivered[toHex(device)] ?? 0;
  }

  /**
   * Writes entries of mine, one after the other, in one transaction.
   * @param profile what I have told about myself with these, as text to compare with
   * @throws storage/full, storage/failed; nothing was written then
   */
  append(bodies: readonly EntryBody[], profile = this.#record.profile): Promise<StoredEntry[]> {
    return this.#host.queue.run(async () => {
      const [author, device] = [this.#host.me.key, this.log];
      const time = this.#host.now();
      const entries = bodies.map((body, i): Entry => {
        const seq = this.ownHead + 1 + i;
        const after = this.#record.clock + 1 + i;
        return { conversation: this.id, author, device, seq, after, time, body };
      });
      const record = this.#advance(entries, 0);
      await this.#write(entries, { ...record, profile });
      for (const entry of entries) this.#remember(entry);
      return entries.map((entry) => ({ entry, storedAt: time }));
    });
  }

  /**
   * Writes what the other side sent. Repetitions are left out; so is everything from the first
   * entry on that does not continue its log, is not theirs, or leaps ahead with its clock.
   * @returns what was new, stored
   */
  receive(entries: readonly Entry[]): Promise<StoredEntry[]> {
    return this.#host.queue.run(async () => {
      const fresh = this.#acceptable(entries);
      if (fresh.length === 0) return [];
      const storedAt = this.#host.now();
      const unread = fresh.filter((entry) => entry.body.kind === 'text').length;
      await this.#write(fresh, this.#advance(fresh, unread));
      return fresh.map((entry) => ({ entry, storedAt }));
    });
  }

  /** The other side has stored my log up to `seq`; true where that is news. */
  async deliver(seq: number): Promise<boolean> {
    return this.#host.queue.run(async () => {
      const name = this.#record.log;
      if (seq > this.ownHead || seq <= (this.#record.delivered[name] ?? 0)) return false;
      const delivered = { ...this.#record.delivered, [name]: seq };
      await this.#save({ ...this.#record, delivered });
      return true;
    });
  }

  /**
   * The other side has more of my log than I have: this store is an older copy. A new log begins,
   * and what the old copy does not know to have arrived is written into it again.
   */
  renew(): Promise<void> {
    return this.#host.queue.run(async () => {
      const undelivered = await this.#readOwn(this.deliveredTo(this.log), MAX_PAGE);
      const log = toHex(this.#host.random(DEVICE_BYTES));
      const [author, device] = [this.#host.me.key, fromHex(log)];
      const entries = undelivered.map((entry, i) => ({ ...entry, author, device, seq: i + 1 }));
      const storedAt = this.#host.now();
      const record = { ...this.#record, log, heads: this.#advance(entries, 0).heads };
      const moved = undelivered.flatMap(removalsOf);
      await this.#save(record, [...moved, ...entries.flatMap((each) => writesOf(each, storedAt))]);
      this.#recent.clear();
    });
  }

  /** Nothing is unread any longer; true where something was. */
  async markRead(): Promise<boolean> {
    if (this.#record.unread === 0) return false;
    return this.#host.queue.run(async () => {
      await this.#save({ ...this.#record, unread: 0 });
      return true;
    });
  }

  /** My entries of this device behind `seq`, in order, encoded. */
  async ownAfter(seq: number, limit: number): Promise<Bytes[]> {
    const recent: Bytes[] = [];
    for (let next = seq + 1; next <= this.ownHead && recent.length < limit; next++) {
      const bytes = this.#recent.get(next);
      if (bytes === undefined) return (await this.#readOwn(seq, limit)).map(encodeEntry);
      recent.push(bytes);
    }
    return recent;
  }

  async get(ref: EntryRef): Promise<StoredEntry | null> {
    const key = await this.#host.storage.get('logs', logKey(this.id, ref));
    return typeof key === 'string' ? readRow(await this.#host.storage.get('entries', key)) : null;
  }

  /**
   * Entries in reading order, newest first, before `ref` or from the end.
   * A row that cannot be read any more is left out, and does not take the others with it.
   */
  async page(
    before: EntryRef | null,
    limit: number,
  ): Promise<{ entries: StoredEntry[]; more: boolean }> {
    const prefix = `${this.name}/`;
    const anchor = before === null ? null : await this.get(before);
    const to = anchor === null ? prefixEnd(prefix) : orderKey(anchor.entry);
    const range = { from: prefix, to, reverse: true, limit: limit + 1 };
    const rows = await this.#host.storage.list('entries', range);
    const entries = rows.slice(0, limit).flatMap((row) => readRow(row.value) ?? []);
    return { entries, more: rows.length > limit };
  }

  #acceptable(entries: readonly Entry[]): Entry[] {
    const heads: Record<string, number> = { ...this.#record.heads };
    let clock = this.#record.clock;
    const fresh: Entry[] = [];
    for (const entry of entries) {
      const name = logName(entry);
      const head = heads[name] ?? 0;
      if (entry.seq <= head) continue;
      const isTheirs = equal(entry.author, this.peer) && equal(entry.conversation, this.id);
      if (!isTheirs || entry.seq !== head + 1 || entry.after > clock + MAX_CLOCK_LEAP) break;
      if (head === 0 && Object.keys(heads).length >= MAX_LOGS) break;
      heads[name] = entry.seq;
      clock = Math.max(clock, entry.after);
      fresh.push(entry);
    }
    return fresh;
  }

  #advance(entries: readonly Entry[], unread: number): ConversationRecord {
    const heads: Record<string, number> = { ...this.#record.heads };
    let { clock } = this.#record;
    for (const entry of entries) {
      heads[logName(entry)] = entry.seq;
      clock = Math.max(clock, entry.after);
    }
    return { ...this.#record, heads, clock, unread: this.#record.unread + unread };
  }

  async #write(entries: readonly Entry[], record: ConversationRecord): Promise<void> {
    const storedAt = this.#host.now();
    const writes = entries.flatMap((entry) => writesOf(entry, storedAt));
    await this.#save(record, writes);
  }

  async #save(record: ConversationRecord, writes: readonly Write[] = []): Promise<void> {
    const row: Write = { table: 'conversations', key: record.id, value: record };
    await this.#host.storage.write([...writes, row]);
    this.#record = record;
  }

  #remember(entry: Entry): void {
    this.#recent.set(entry.seq, encodeEntry(entry));
    this.#recent.delete(entry.seq - RECENT);
  }

  async #readOwn(seq: number, limit: number): Promise<Entry[]> {
    const ref = { author: this.#host.me.key, device: this.log };
    const from = logKey(this.id, { ...ref, seq: seq + 1 });
    const to = prefixEnd(from.slice(0, -8));
    const rows = await this.#host.storage.list('logs', { from, to, limit });
    const read = rows.map((row) => this.#host.storage.get('entries', String(row.value)));
    const values = await Promise.all(read);
    return rows.map((row, i) => readRow(values[i])?.entry ?? gapEntry(row, this.id, ref));
  }
}
