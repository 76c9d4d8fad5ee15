/**
 * One conversation as it lies in the store: append-only logs, one per author and device. Everything
 * is written before anybody hears of it; an entry that was written is never lost, doubled or moved.
 */

import { type Bytes, fromHex, toHex } from '../base/bytes.js';
import type { Queue } from '../base/queue.js';
import type { DatedHead } from '../protocol/channel-frames.js';
import { type Entry, type EntryBody, type EntryRef, encodeEntry } from '../protocol/entry.js';
import { MAX_CLOCK_LEAP } from '../protocol/limits.js';
import type { Storage } from '../storage/storage.js';
import { freshOf, readTo } from './advance.js';
import type { StoredEntry } from './entry-rows.js';
import { logName, parseLogName } from './keys.js';
import { renewal } from './later.js';
import { Ledger } from './ledger.js';
import type { Me } from './level-talk.js';
import type { ConversationRecord } from './records.js';
import { type Page, Shelf } from './shelf.js';

/** Entries of my log that were written last; a channel need not read them back. */
const RECENT = 64;

/** See `append`. */
export type Once = (
  record: ConversationRecord,
  seq: number,
) => Partial<ConversationRecord> | null | Promise<Partial<ConversationRecord>>;

export interface ConversationHost {
  readonly storage: Storage;
  /** One write at a time over all conversations. */
  readonly queue: Queue;
  readonly me: Me;
  /** Random bytes, for the name of a new log. */
  random(length: number): Bytes;
  now(): number;
  /** Messages that were here read otherwise now; told after the write has committed. */
  onChanged(conversation: Conversation, messages: readonly StoredEntry[]): void;
  /** The other person has read my log of that name behind `from`, up to `to`. */
  onRead(conversation: Conversation, device: string, from: number, to: number): void;
}

export class Conversation {
  readonly id: Bytes;
  readonly peer: Bytes;
  readonly shelf: Shelf;
  readonly #host: ConversationHost;
  readonly #ledger: Ledger;
  readonly #recent = new Map<number, Bytes>();

  constructor(record: ConversationRecord, host: ConversationHost) {
    this.#host = host;
    this.id = fromHex(record.id);
    this.peer = fromHex(record.peer);
    this.shelf = new Shelf(host.storage, this.id, record.id);
    this.#ledger = new Ledger(record, {
      storage: host.storage,
      shelf: this.shelf,
      me: host.me.key,
      peer: this.peer,
      now: () => host.now(),
      tagOf: host.me.tagOf,
    });
  }

  get record(): ConversationRecord {
    return this.#ledger.record;
  }

  get name(): string {
    return this.record.id;
  }

  /** Every log and how far it reaches here. */
  get heads(): DatedHead[] {
    return Object.entries(this.record.heads).map(([name, seq]) => ({
      conversation: this.id,
      ...parseLogName(name),
      seq,
      time: this.record.times[name] ?? 0,
    }));
  }

  /** The name of my log in this conversation; the `device` of my entries. */
  get log(): Bytes {
    return fromHex(this.record.log);
  }

  /** How far my log reaches. */
  get ownHead(): number {
    return this.#headOf(this.log);
  }

  /** How far the other side has stored my log of that name. */
  deliveredTo(device: Bytes): number {
    return this.record.delivered[toHex(device)] ?? 0;
  }

  /** How far the other person says to have read my log of that name. */
  readTo(device: Bytes): number {
    return this.record.read[toHex(device)] ?? 0;
  }

  /**
   * Writes entries of mine, one after the other, in one transaction with `change`.
   * @param once says what else goes into the record with the last of them, by its number; or null
   * where they were written before, and are not again
   * @throws storage/full, storage/failed; nothing was written then
   */
  append(
    bodies: readonly EntryBody[],
    change?: Partial<ConversationRecord>,
    once?: Once,
  ): Promise<StoredEntry[]> {
    return this.#host.queue.run(async () => {
      await this.#ledger.finishMoving();
      const also = await once?.(this.record, this.ownHead + bodies.length);
      return also === null ? [] : this.#write(await this.#own(bodies), { ...change, ...also });
    });
  }

  /**
   * Writes what the other side sent. Repetitions are left out; so is what does not continue its log,
   * is not of its author, or leaps ahead with its clock.
   * @param take gives the entries when it is this conversation's turn to write
   * @param author them, or me where I know the entries for mine
   * @returns what was new, stored
   */
  receive(take: () => readonly Entry[], author = this.peer): Promise<StoredEntry[]> {
    return this.#host.queue.run(async () => {
      const fresh = freshOf(this.record, take(), { id: this.id, peer: author });
      return fresh.length === 0 ? [] : this.#write(fresh);
    });
  }

  /** The other side has stored a log of mine up to `seq`. @returns how many of its entries are news */
  deliver({ device, seq }: Omit<EntryRef, 'author'>): Promise<number> {
    return this.#host.queue.run(async () => {
      const news = seq - this.deliveredTo(device);
      if (seq > this.#headOf(device) || news <= 0) return 0;
      const delivered = { ...this.record.delivered, [toHex(device)]: seq };
      await this.#ledger.save({ ...this.record, delivered });
      return news;
    });
  }

  /** The other side knows entries up to this Lamport clock: what is written next stands behind them. */
  heard(clock: number): Promise<unknown> {
    return this.append([], {}, (record) => {
      const near = Math.min(clock, record.clock + MAX_CLOCK_LEAP);
      return near > record.clock ? { clock: near } : null;
    });
  }

  /**
   * The other side has more of my log than I have: this store is an older copy. A new log begins,
   * and what the old copy does not know to have arrived is written into it again.
   */
  async renew(): Promise<void> {
    const { renewed } = await renewal();
    await this.append([], {}, (record) => renewed(record, this.#host));
    // Writes nothing but what is to be moved.
    await this.append([]);
  }

  /**
   * Nothing is unread any longer.
   * @param isTold whether the other person is to hear of it
   * @returns null where nothing was unread, else the entries that tell them
   */
  async markRead(isTold = false): Promise<StoredEntry[] | null> {
    if (this.record.unread === 0) return null;
    return this.#host.queue.run(async () => {
      const { read, seen } = readTo(this.record, this);
      return this.#write(await this.#own(isTold ? read : []), { unread: 0, seen });
    });
  }

  /** My entries of this device behind `seq`, in order, encoded. */
  async ownAfter(seq: number, limit: number): Promise<Bytes[]> {
    const recent: Bytes[] = [];
    for (let next = seq + 1; next <= this.ownHead && recent.length < limit; next++) {
      const bytes = this.#recent.get(next);
      if (bytes === undefined) return this.#readOwn(seq, limit);
      recent.push(bytes);
    }
    return recent;
  }

  get(ref: EntryRef): Promise<StoredEntry | null> {
    return this.shelf.get(ref);
  }

  /**
   * Messages in reading order, newest first, before `ref` or from the end.
   * @throws message/unknown where `ref` is not here
   */
  page(before: EntryRef | null, limit: number): Promise<Page> {
    return this.shelf.before(before, limit);
  }

  #nameOf(device: Bytes): string {
    return logName({ author: this.#host.me.key, device });
  }

  #headOf(device: Bytes): number {
    return this.record.heads[this.#nameOf(device)] ?? 0;
  }

  #own(bodies: readonly EntryBody[]): Promise<Entry[]> {
    const [author, device, time] = [this.#host.me.key, this.log, this.#host.now()];
    const entries = bodies.map(async (body, i) => {
      const [seq, after] = [this.ownHead + 1 + i, this.record.clock + 1 + i];
      const entry = { conversation: this.id, author, device, seq, after, time, body };
      return { ...entry, tag: await this.#host.me.tagOf(entry) };
    });
    return Promise.all(entries);
  }

  /** Stores new entries with all that follows from them, then tells. */
  async #write(
    entries: readonly Entry[],
    change?: Partial<ConversationRecord>,
  ): Promise<StoredEntry[]> {
    const before = this.record.read;
    const { stored, changed } = await this.#ledger.add(entries, change);
    // Words that were taken back must not go out from memory.
    if (changed.length > 0 || change?.log) this.#recent.clear();
    const own = this.#nameOf(this.log);
    for (const entry of entries) if (logName(entry) === own) this.#remember(entry);
    if (changed.length > 0) this.#host.onChanged(this, changed);
    for (const [device, to] of Object.entries(this.record.read)) {
      const from = before[device] ?? 0;
      if (to > from) this.#host.onRead(this, device, from, to);
    }
    return stored;
  }

  #remember(entry: Entry): void {
    this.#recent.set(entry.seq, encodeEntry(entry));
    this.#recent.delete(entry.seq - RECENT);
  }

  async #readOwn(seq: number, limit: number): Promise<Bytes[]> {
    const log = { author: this.#host.me.key, device: this.log };
    return (await this.shelf.behind(log, seq, limit)).map(({ entry }) => encodeEntry(entry));
  }
}
