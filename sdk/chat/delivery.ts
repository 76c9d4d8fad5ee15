/**
 * Which of my entries are where: one Sync per confirmed channel, and from them the word people see
 * beside a message.
 */

import { type Bytes, equal } from '../base/bytes.js';
import type { Platform } from '../base/platform.js';
import type { Channel } from '../peer/channel.js';
import type { Peer } from '../peer/peer.js';
import type { EntryRef } from '../protocol/entry.js';
import type { Conversation } from './conversation.js';
import type { StoredEntry } from './entry-rows.js';
import type { Me } from './level-talk.js';
import { Sync } from './sync.js';

export type Progress = 'waiting' | 'sent' | 'delivered' | 'read';
/** What became of entries of mine: out, or no longer out, stored over there, or read. */
export type Step = 'moved' | 'delivered' | 'read';

export interface DeliveryHost {
  readonly me: Me;
  readonly platform: Platform;
  /** Whether the other person is to know what I have read, and I what they have. */
  readonly privacy: { readonly receipts: boolean };
  /** New entries of the other side, stored. */
  onArrived(conversation: Conversation, entries: readonly StoredEntry[]): void;
  /** The status of my entries behind `from`, up to `to`, may have changed: in my log, or in `log`. */
  onProgress(
    conversation: Conversation,
    from: number,
    to: number,
    step: Step,
    log?: Bytes,
  ): unknown;
  onTyping(conversation: Conversation, isTyping: boolean): void;
  onFault(fault: unknown): void;
}

interface Line {
  readonly sync: Sync;
  readonly conversation: Conversation;
}

export class Delivery {
  readonly #host: DeliveryHost;
  readonly #lines = new Map<Channel, Line>();

  constructor(host: DeliveryHost) {
    this.#host = host;
  }

  /** Conversations with somebody who is here now. */
  get live(): Conversation[] {
    return [...this.#lines.values()].map((line) => line.conversation);
  }

  /** Begins to bring a conversation level over a channel that was just confirmed. */
  attach(channel: Channel, conversation: Conversation): void {
    const sync: Sync = new Sync(channel, conversation, {
      ...this.#host,
      onEntries: (entries) => {
        this.#host.onArrived(conversation, entries);
        // Whoever else is here may lack them: another device of their author.
        for (const line of this.#linesOf(conversation))
          if (line.sync !== sync) line.sync.acknowledge(entries.map(({ entry }) => entry));
      },
      onDelivered: (from, to, log) =>
        this.#host.onProgress(conversation, from, to, 'delivered', log),
      onSent: (from, to) => this.#host.onProgress(conversation, from, to, 'moved'),
      onTyping: (isTyping) => this.#host.onTyping(conversation, isTyping),
      onFault: (fault) => this.#host.onFault(fault),
    });
    this.#lines.set(channel, { sync, conversation });
    sync.start();
  }

  /** Something was appended to my log: it goes out where somebody is here. */
  appended(conversation: Conversation): void {
    for (const line of this.#linesOf(conversation)) void line.sync.appended();
  }

  /** Tells whoever is here that something is being written, or no longer. */
  typing(conversation: Conversation, isTyping: boolean): void {
    for (const [channel, line] of this.#lines)
      if (line.conversation === conversation) channel.send({ kind: 'typing', isTyping });
  }

  stop(): void {
    for (const { sync } of this.#lines.values()) sync.stop();
  }

  progress(conversation: Conversation, ref: EntryRef): Progress {
    if (this.#host.privacy.receipts && conversation.readTo(ref.device) >= ref.seq) return 'read';
    if (conversation.deliveredTo(ref.device) >= ref.seq) return 'delivered';
    const isInLog = equal(ref.device, conversation.log);
    const sent = this.#linesOf(conversation).some((line) => line.sync.sentUpTo >= ref.seq);
    return isInLog && sent ? 'sent' : 'waiting';
  }

  /** Lets go of channels that have ended; what went out on them and was not stored waits again. */
  prune(peer: Peer, conversation: Conversation): void {
    const open = new Set(peer.channels);
    for (const [channel, line] of this.#lines) {
      if (line.conversation !== conversation || open.has(channel)) continue;
      this.#lines.delete(channel);
      line.sync.stop();
      const delivered = conversation.deliveredTo(conversation.log);
      const { sentUpTo } = line.sync;
      if (sentUpTo > delivered) this.#host.onProgress(conversation, delivered, sentUpTo, 'moved');
    }
  }

  #linesOf(conversation: Conversation): Line[] {
    return [...this.#lines.values()].filter((line) => line.conversation === conversation);
  }
}
