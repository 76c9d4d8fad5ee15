/**
 * Which of my entries are where: one Sync per confirmed channel, and from them the word people see
 * beside a message.
 */

import { type Bytes, equal } from '../base/bytes.js';
import type { Channel } from '../peer/channel.js';
import type { Peer } from '../peer/peer.js';
import type { EntryRef } from '../protocol/entry.js';
import type { Conversation } from './conversation.js';
import type { StoredEntry } from './entry-rows.js';
import { Sync } from './sync.js';

export type Progress = 'waiting' | 'sent' | 'delivered';

export interface DeliveryHost {
  readonly me: { readonly key: Bytes };
  /** New entries of the other side, stored. */
  onArrived(conversation: Conversation, entries: readonly StoredEntry[]): void;
  /** The status of my entries behind `from`, up to `to`, may have changed. */
  onProgress(conversation: Conversation, from: number, to: number, isDelivered: boolean): void;
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
    const sync = new Sync(channel, conversation, {
      me: this.#host.me,
      onEntries: (entries) => this.#host.onArrived(conversation, entries),
      onDelivered: (from, to) => this.#host.onProgress(conversation, from, to, true),
      onSent: (from, to) => this.#host.onProgress(conversation, from, to, false),
      onFault: (fault) => this.#host.onFault(fault),
    });
    this.#lines.set(channel, { sync, conversation });
    sync.start();
  }

  /** Something was appended to my log: it goes out where somebody is here. */
  appended(conversation: Conversation): void {
    for (const line of this.#linesOf(conversation)) line.sync.appended();
  }

  progress(conversation: Conversation, ref: EntryRef): Progress {
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
      const delivered = conversation.deliveredTo(conversation.log);
      const { sentUpTo } = line.sync;
      if (sentUpTo > delivered) this.#host.onProgress(conversation, delivered, sentUpTo, false);
    }
  }

  #linesOf(conversation: Conversation): Line[] {
    return [...this.#lines.values()].filter((line) => line.conversation === conversation);
  }
}
