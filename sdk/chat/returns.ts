/**
 * Logs that nobody writes on here or there now, brought level: those of other devices, those that a
 * store has lost, my own words among them. Whoever lacks entries asks for them, docs/protocol.md §8.3.
 * Fetched when there are such logs.
 */

import { type Bytes, equal } from '../base/bytes.js';
import type { Channel } from '../peer/channel.js';
import { notOurs } from '../peer/faults.js';
import type { ChannelFrame, LogHead } from '../protocol/channel-frames.js';
import { decodeEntry, type Entry, encodeEntry } from '../protocol/entry.js';
import { MAX_LOGS, MAX_RETURNED } from '../protocol/limits.js';
import type { StoredEntry } from './entry-rows.js';
import { logName } from './keys.js';
import type { LevelTalk, Me } from './level-talk.js';
import { readByThem, seenByMe } from './own-reading.js';

/** Entries of theirs among which receipts are looked for when a log of mine comes back. */
const READ_DEPTH = 4_096;

/** What is said about such logs: which there are, which is asked for, what is in it. */
export type Asking =
  | { readonly kind: 'have'; readonly heads: readonly LogHead[] }
  | Extract<ChannelFrame, { readonly kind: 'lack' | 'returned' }>;

export interface ReturnsHost {
  readonly me: Me;
  /** Entries that were returned, stored. */
  onEntries(entries: readonly StoredEntry[]): void;
  onDelivered(from: number, seq: number, log: Bytes): void;
  onFault(fault: unknown): void;
}

export class Returns {
  readonly #channel: Channel;
  readonly #conversation: LevelTalk;
  readonly #host: ReturnsHost;
  readonly #sync: { acknowledge(entries: readonly Entry[]): void };
  /** How far the other side has logs that are shorter here. */
  readonly #wanted = new Map<string, LogHead>();
  /** Logs of which something could not be taken: not asked for again on this channel. */
  readonly #refused = new Set<string>();
  /** The log that is asked for, and up to where. */
  #asked: { readonly name: string; readonly upTo: number } | null = null;
  readonly #came: Entry[] = [];
  #isStoring = false;
  #answered: Promise<void> = Promise.resolve();

  constructor(
    channel: Channel,
    conversation: LevelTalk,
    host: ReturnsHost,
    sync: { acknowledge(entries: readonly Entry[]): void },
  ) {
    this.#channel = channel;
    this.#conversation = conversation;
    this.#host = host;
    this.#sync = sync;
  }

  /** Whoever calls waits for what came of it: so much waits at once, and no more. */
  async take(frame: Asking): Promise<void> {
    try {
      if (frame.kind === 'have') await this.#hear(frame.heads);
      else if (frame.kind === 'returned') await this.#arrive(frame.bytes);
      else await this.#answer(frame.head);
    } catch (fault) {
      // Nothing more is asked for on this channel; the next one begins where this one was.
      this.#host.onFault(fault);
    }
  }

  /** The other side has these logs so far. */
  async #hear(heads: readonly LogHead[]): Promise<void> {
    for (const head of heads) {
      const name = logName(head);
      const isMine = this.#isMine(head);
      const isOurs = isMine || equal(head.author, this.#conversation.peer);
      if (!isOurs || !equal(head.conversation, this.#conversation.id)) continue;
      const here = this.#headOf(name);
      if (isMine) await this.#delivered({ ...head, seq: Math.min(head.seq, here) });
      const isWritten = equal(head.device, this.#conversation.log) && isMine;
      if (head.seq <= here || isWritten || this.#refused.has(name)) continue;
      if (this.#wanted.has(name) || this.#wanted.size < MAX_LOGS) this.#wanted.set(name, head);
    }
    this.#ask();
  }

  /** Gives what is asked for, one request after the other. */
  #answer(from: LogHead): Promise<void> {
    this.#answered = this.#answered.catch(() => undefined).then(() => this.#give(from));
    return this.#answered;
  }

  async #arrive(bytes: Bytes): Promise<void> {
    // Twice what is asked for at once: of a log that was refused the rest may still be coming.
    if (this.#came.length >= 2 * MAX_RETURNED) return this.#refuse('more than was asked for');
    try {
      this.#came.push(decodeEntry(bytes));
    } catch {
      return this.#refuse('a malformed entry');
    }
    if (!this.#isStoring) await this.#store();
  }

  /** My own words first: theirs that are being written come meanwhile. */
  #ask(): void {
    const wanted = [...this.#wanted].sort(([, a], [, b]) => this.#rank(a) - this.#rank(b));
    for (const [name, head] of wanted) {
      if (this.#asked !== null) return;
      const here = this.#headOf(name);
      if (here < head.seq) {
        const upTo = Math.min(head.seq, here + MAX_RETURNED);
        this.#asked = { name, upTo };
        this.#channel.send({ kind: 'lack', head: { ...head, seq: here + 1 } });
      } else this.#wanted.delete(name);
    }
  }

  #rank(head: LogHead): number {
    return this.#isMine(head) ? 0 : 1;
  }

  async #give(from: LogHead): Promise<void> {
    const { shelf, id } = this.#conversation;
    if (!equal(from.conversation, id)) return;
    for (const { entry } of await shelf.behind(from, from.seq - 1, MAX_RETURNED)) {
      // One that was moved away stands in another log.
      if (!equal(entry.device, from.device)) return;
      await this.#channel.ready();
      if (!this.#channel.send({ kind: 'returned', bytes: encodeEntry(entry) })) return;
    }
  }

  async #store(): Promise<void> {
    this.#isStoring = true;
    try {
      while (this.#came.length > 0) {
        const asked = this.#asked;
        const came = this.#came.splice(0);
        const batch = came.filter((entry) => logName(entry) === asked?.name);
        if (asked === null || batch.length === 0) continue;
        await this.#persist(asked.name, batch);
        if (this.#asked === null || this.#headOf(asked.name) >= asked.upTo) {
          this.#asked = null;
          this.#ask();
        }
      }
    } finally {
      this.#came.length = 0;
      this.#isStoring = false;
    }
  }

  /** Stores what can be taken of one log; where that is not all of it, it is not asked for again. */
  async #persist(name: string, batch: readonly Entry[]): Promise<void> {
    const conversation = this.#conversation;
    const [first] = batch;
    const last = batch.at(-1);
    if (first === undefined || last === undefined) return;
    const isMine = this.#isMine(first);
    const known = isMine ? await this.#knownOf(batch) : batch;
    const stored = await conversation.receive(() => known, first.author);
    const seq = this.#headOf(name);
    if (isMine && stored.length > 0) {
      await this.#delivered({ ...first, seq });
      await seenByMe(conversation, stored);
      // All of a log, or the few that were just written on another device.
      await readByThem(conversation, first, first.seq === 1 ? READ_DEPTH : MAX_RETURNED);
    }
    if (stored.length > 0) {
      this.#host.onEntries(stored);
      this.#sync.acknowledge(known);
    }
    if (seq >= last.seq) return;
    this.#refused.add(name);
    this.#wanted.delete(name);
    this.#asked = null;
  }

  /** Those that I have written: up to the first that nobody but me can have, and I have not. */
  async #knownOf(batch: readonly Entry[]): Promise<Entry[]> {
    const tags = await Promise.all(batch.map(({ tag: _, ...said }) => this.#host.me.tagOf(said)));
    const end = batch.findIndex(
      (entry, i) => !isEmpty(entry) && !equal(entry.tag, tags[i] as Bytes),
    );
    return batch.slice(0, end < 0 ? batch.length : end);
  }

  async #delivered(head: LogHead): Promise<void> {
    const news = await this.#conversation.deliver(head);
    if (news > 0) this.#host.onDelivered(head.seq - news, head.seq, head.device);
  }

  #headOf(name: string): number {
    return this.#conversation.record.heads[name] ?? 0;
  }

  #isMine({ author }: { readonly author: Bytes }): boolean {
    return equal(author, this.#host.me.key);
  }

  #refuse(reason: string): void {
    this.#channel.end(notOurs(reason));
  }
}

/** Whether there is nothing left that could be altered: what stood there was taken back or is lost. */
function isEmpty({ body }: Entry): boolean {
  if (body.kind === 'edit') return body.text === '';
  return body.kind === 'unknown' && body.code === 0 && body.bytes.length === 0;
}
