/**
 * Two stores of one conversation brought level over a confirmed channel, docs/protocol.md §8: both
 * say how far they have each log, then send what the other lacks, in order; new entries follow on.
 * This one mechanism is the outbox, the redelivery and the deduplication.
 */

import { type Bytes, equal } from '../base/bytes.js';
import type { Channel } from '../peer/channel.js';
import { channelClosed, notOurs } from '../peer/faults.js';
import type { ChannelFrame, LogHead } from '../protocol/channel-frames.js';
import { decodeEntry, type Entry } from '../protocol/entry.js';
import { MAX_UNACKNOWLEDGED } from '../protocol/limits.js';
import type { Conversation } from './conversation.js';
import type { StoredEntry } from './entry-rows.js';

/** Entries read from the store, and written to it, in one go. */
const BATCH = 64;

export interface SyncHost {
  readonly me: { readonly key: Bytes };
  /** New entries of the other side, stored. */
  onEntries(entries: readonly StoredEntry[]): void;
  /** The other side has stored my log up to `seq`; `from` is what it had before. */
  onDelivered(from: number, seq: number): void;
  /** My log went out on the channel up to `seq`. */
  onSent(from: number, seq: number): void;
  onFault(fault: unknown): void;
}

export class Sync {
  readonly #channel: Channel;
  readonly #conversation: Conversation;
  readonly #host: SyncHost;
  /** How far my log went out on this channel; null until the other side has said what it has. */
  #sentUpTo: number | null = null;
  /** How far the other side has said to have stored it. */
  #acknowledged = 0;
  #isSending = false;
  readonly #arrived: Entry[] = [];
  #isStoring = false;

  constructor(channel: Channel, conversation: Conversation, host: SyncHost) {
    this.#channel = channel;
    this.#conversation = conversation;
    this.#host = host;
  }

  /** How far my log went out on this channel. */
  get sentUpTo(): number {
    return this.#sentUpTo ?? 0;
  }

  /** Says what we have and begins to read. */
  start(): void {
    this.#channel.send({ kind: 'have', heads: this.#conversation.heads });
    this.#channel.read((frame) => this.#take(frame));
  }

  /** Something was appended to my log. */
  appended(): void {
    void this.#sendMissing();
  }

  #take(frame: ChannelFrame): void {
    if (frame.kind === 'have') this.#begin(frame.heads);
    else if (frame.kind === 'ack') void this.#delivered(frame.head);
    else if (frame.kind === 'entry') this.#arrive(frame.bytes);
  }

  #begin(heads: readonly LogHead[]): void {
    if (this.#sentUpTo !== null) return this.#refuse('a second HAVE');
    const own = heads.find((head) => this.#isMine(head));
    if (own !== undefined && own.seq > this.#conversation.ownHead) return void this.#renew();
    this.#sentUpTo = own?.seq ?? 0;
    this.#acknowledged = this.#sentUpTo;
    if (own !== undefined) void this.#delivered(own);
    void this.#sendMissing();
  }

  /** Our store is an older copy of itself: a new log begins, of which the other side has nothing. */
  async #renew(): Promise<void> {
    this.#sentUpTo = 0;
    try {
      await this.#conversation.renew();
      await this.#sendMissing();
    } catch (fault) {
      this.#host.onFault(fault);
    }
  }

  async #delivered(head: LogHead): Promise<void> {
    if (!this.#isMine(head)) return;
    this.#acknowledged = Math.max(this.#acknowledged, head.seq);
    void this.#sendMissing();
    const before = this.#conversation.deliveredTo(this.#conversation.log);
    try {
      const isNews = await this.#conversation.deliver(head.seq);
      if (isNews) this.#host.onDelivered(before, head.seq);
    } catch (fault) {
      this.#host.onFault(fault);
    }
  }

  async #sendMissing(): Promise<void> {
    if (this.#isSending || this.#sentUpTo === null) return;
    this.#isSending = true;
    try {
      for (;;) {
        const from: number = this.#sentUpTo;
        const room = MAX_UNACKNOWLEDGED - (from - Math.min(from, this.#acknowledged));
        const entries = await this.#conversation.ownAfter(from, Math.min(BATCH, room));
        if (entries.length === 0) return;
        for (const bytes of entries) {
          await this.#channel.ready();
          if (!this.#channel.send({ kind: 'entry', bytes })) return;
          this.#sentUpTo++;
        }
        this.#host.onSent(from, this.#sentUpTo);
      }
    } catch (fault) {
      this.#host.onFault(fault);
    } finally {
      this.#isSending = false;
    }
  }

  #arrive(bytes: Bytes): void {
    if (this.#arrived.length >= MAX_UNACKNOWLEDGED)
      return this.#refuse('more than we acknowledged');
    try {
      this.#arrived.push(decodeEntry(bytes));
    } catch {
      return this.#refuse('a malformed entry');
    }
    if (!this.#isStoring) void this.#store();
  }

  /** Writes what has arrived, a batch at a time, and acknowledges only what is durable. */
  async #store(): Promise<void> {
    this.#isStoring = true;
    try {
      while (this.#arrived.length > 0) {
        const batch = this.#arrived.splice(0, BATCH);
        const stored = await this.#conversation.receive(batch);
        if (stored.length > 0) this.#host.onEntries(stored);
        this.#acknowledge(batch);
      }
    } catch (fault) {
      // Not stored, so not acknowledged: the other side sends it again on the next channel.
      this.#arrived.length = 0;
      this.#host.onFault(fault);
      this.#channel.end(channelClosed(fault));
    } finally {
      this.#isStoring = false;
    }
  }

  #acknowledge(batch: readonly Entry[]): void {
    for (const head of this.#conversation.heads) {
      const isTouched = batch.some(
        (entry) => equal(entry.author, head.author) && equal(entry.device, head.device),
      );
      if (isTouched) this.#channel.send({ kind: 'ack', head });
    }
  }

  #isMine(head: LogHead): boolean {
    const isHere = equal(head.conversation, this.#conversation.id);
    const isMine = equal(head.author, this.#host.me.key);
    return isHere && isMine && equal(head.device, this.#conversation.log);
  }

  #refuse(reason: string): void {
    this.#channel.end(notOurs(reason));
  }
}
