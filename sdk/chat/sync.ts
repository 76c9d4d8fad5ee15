/**
 * Two stores of one conversation brought level over a confirmed channel, docs/protocol.md §8: both
 * say how far they have each log, then send what the other lacks, in order; new entries follow on.
 * This one mechanism is the outbox, the redelivery and the deduplication.
 */

import { type Bytes, equal } from '../base/bytes.js';
import type { Platform } from '../base/platform.js';
import type { Channel } from '../peer/channel.js';
import { channelClosed, notOurs } from '../peer/faults.js';
import type { ChannelFrame, DatedHead, LogHead } from '../protocol/channel-frames.js';
import { decodeEntry, type Entry } from '../protocol/entry.js';
import { MAX_UNACKNOWLEDGED } from '../protocol/limits.js';
import type { Conversation } from './conversation.js';
import type { StoredEntry } from './entry-rows.js';
import { returns, settled } from './later.js';
import type { Me } from './level-talk.js';
import { isBeyond } from './older-copy.js';
import type { Asking, Returns } from './returns.js';

/** Entries read from the store in one go. */
const READ_BATCH = 128;
/** Entries written to it in one go, and acknowledged by one ACK. */
const WRITE_BATCH = 256;

export interface SyncHost {
  readonly me: Me;
  readonly platform: Platform;
  /** New entries of the other side, stored. */
  onEntries(entries: readonly StoredEntry[]): void;
  /** The other side has stored my log, or `log` of mine, up to `seq`; before, it had `from`. */
  onDelivered(from: number, seq: number, log?: Bytes): void;
  /** My log went out on the channel up to `seq`. @returns when that has been told; never rejects */
  onSent(from: number, seq: number): unknown;
  /** The other person is writing, or no longer. */
  onTyping(isTyping: boolean): void;
  onFault(fault: unknown): void;
}

export class Sync {
  readonly #channel: Channel;
  readonly #conversation: Conversation;
  readonly #host: SyncHost;
  readonly #ended = new AbortController();
  #hasHeard = false;
  /** The log `#sentUpTo` counts in; another one has begun where it is not the conversation's. */
  #log: Bytes;
  /** How far my log went out on this channel; null until the other side has said what it has. */
  #sentUpTo: number | null = null;
  #told: unknown; // settles when what went out has been told
  /** How far the other side has said to have stored it. */
  #acknowledged = 0;
  #isSending = false;
  readonly #arrived: Entry[] = [];
  #isStoring = false;
  /** Frames about other logs that are being looked at. */
  #others = 0;
  #returns: Promise<Returns | null> | undefined;

  constructor(channel: Channel, conversation: Conversation, host: SyncHost) {
    this.#channel = channel;
    this.#conversation = conversation;
    this.#host = host;
    this.#log = conversation.log;
  }

  /** How far my log went out on this channel. */
  get sentUpTo(): number {
    return this.#isInLog ? (this.#sentUpTo ?? 0) : 0;
  }

  /** Says what we have and begins to read. */
  start(): void {
    const { heads, record } = this.#conversation;
    this.#channel.send({ kind: 'have', clock: record.clock, heads });
    this.#channel.read((frame) => this.#take(frame));
  }

  /** The channel is gone: nothing is tried any longer. */
  stop(): void {
    this.#ended.abort();
  }

  #take(frame: ChannelFrame): void {
    if (frame.kind === 'have') void this.#begin(frame.clock, frame.heads);
    else if (frame.kind === 'ack') void this.#delivered(frame.head);
    else if (frame.kind === 'entry') this.#arrive(frame.bytes);
    else if (frame.kind === 'typing') this.#host.onTyping(frame.isTyping);
    else if (frame.kind === 'lack' || frame.kind === 'returned') void this.#level(frame);
  }

  async #begin(clock: number, heads: readonly DatedHead[]): Promise<void> {
    if (this.#hasHeard) return this.#refuse('a second HAVE');
    this.#hasHeard = true;
    // Where this cannot be written now, the entries that come tell of it.
    await this.#conversation.heard(clock).catch(() => undefined);
    try {
      let own = heads.find((head) => this.#isMine(head));
      if (own && (await isBeyond(this.#conversation, own))) {
        // Our store is an older copy: in the new log the other side has nothing.
        await this.#conversation.renew();
        own = undefined;
      }
      this.#log = this.#conversation.log;
      this.#acknowledged = this.#sentUpTo = own?.seq ?? 0;
      if (own) void this.#delivered(own);
      void this.appended();
      // The log they are writing comes by itself, and is theirs; any other is asked for.
      const [first, second] = heads.filter((head) => !this.#isMine(head));
      if (second || (first && equal(first.author, this.#host.me.key)))
        void this.#level({ kind: 'have', heads });
    } catch (fault) {
      this.#host.onFault(fault);
    }
  }

  /** What is about logs that are not written here or there now. */
  async #level(frame: Asking): Promise<void> {
    if (++this.#others > MAX_UNACKNOWLEDGED) return this.#refuse('more than we acknowledged');
    this.#returns ??= returns().then(
      ({ Returns }) => new Returns(this.#channel, this.#conversation, this.#host, this),
      // They are asked for on the next channel.
      () => null,
    );
    await (await this.#returns)?.take(frame);
    this.#others--;
  }

  async #delivered(head: LogHead): Promise<void> {
    if (!this.#isMine(head)) return this.#level({ kind: 'have', heads: [head] });
    this.#acknowledged = Math.max(this.#acknowledged, head.seq);
    void this.appended();
    // That it went out is read from the store before it is told; that it arrived is told after it.
    await this.#told;
    try {
      const news = await this.#written(() => this.#conversation.deliver(head));
      if (news) this.#host.onDelivered(head.seq - news, head.seq);
    } catch (fault) {
      this.#fault(fault);
    }
  }

  /** Sends what the other side lacks of my log: something was appended to it. */
  async appended(): Promise<void> {
    if (this.#isSending || this.#sentUpTo === null) return;
    this.#isSending = true;
    try {
      for (;;) {
        if (!this.#isInLog) {
          // Another channel found this store to be an older copy: here, too, the new log begins at 1.
          this.#log = this.#conversation.log;
          this.#sentUpTo = 0;
          this.#acknowledged = 0;
        }
        const from: number = this.#sentUpTo;
        const room = MAX_UNACKNOWLEDGED - (from - Math.min(from, this.#acknowledged));
        const entries = await this.#conversation.ownAfter(from, Math.min(READ_BATCH, room));
        if (!this.#isInLog) continue;
        if (entries.length === 0) return;
        for (const bytes of entries) {
          await this.#channel.ready();
          if (!this.#channel.send({ kind: 'entry', bytes })) return;
          this.#sentUpTo++;
        }
        this.#told = this.#host.onSent(from, this.#sentUpTo);
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
        const batch: Entry[] = [];
        const take = () => {
          batch.push(...this.#arrived.splice(0, WRITE_BATCH - batch.length));
          return batch;
        };
        const stored = await this.#written(() => this.#conversation.receive(take));
        if (stored.length > 0) this.#host.onEntries(stored);
        this.acknowledge(batch);
      }
    } catch (fault) {
      // Not stored, so not acknowledged: the other side sends it again on the next channel.
      this.#arrived.length = 0;
      this.#fault(fault);
      this.#channel.end(channelClosed(fault));
    } finally {
      this.#isStoring = false;
    }
  }

  /**
   * A disk that takes nothing is told of once and tried again, ever later, on the same channel: the
   * other side waits for its ACK meanwhile, so no more than its window comes in.
   */
  #written<Result>(write: () => Promise<Result>): Promise<Result> {
    return write().catch(async (fault) => {
      const part = await settled().catch(() => {
        throw fault; // what is the matter is the disk, not the part that waits for it
      });
      return part.writeAgain(this.#host, write, fault, this.#ended.signal);
    });
  }

  #fault(fault: unknown): void {
    if (!this.#ended.signal.aborted) this.#host.onFault(fault);
  }

  /** Says how far the logs of these entries are stored here. */
  acknowledge(batch: readonly Entry[]): void {
    for (const head of this.#conversation.heads) {
      const isTouched = batch.some(
        (entry) => equal(entry.author, head.author) && equal(entry.device, head.device),
      );
      if (isTouched) this.#channel.send({ kind: 'ack', head });
    }
  }

  get #isInLog(): boolean {
    return equal(this.#log, this.#conversation.log);
  }

  #isMine(head: LogHead): boolean {
    const isHere = equal(head.conversation, this.#conversation.id);
    const isMine = equal(head.author, this.#host.me.key);
    return isHere && isMine && equal(head.device, this.#conversation.log);
  }

  /** Ends the channel: the other side does not do as agreed. */
  #refuse(reason: string): void {
    this.#channel.end(notOurs(reason));
  }
}
