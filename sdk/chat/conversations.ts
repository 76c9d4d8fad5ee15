/**
 * All conversations of this store, each made when it is first needed.
 */

import { type Bytes, compare, toHex } from '../base/bytes.js';
import { isPimError, type PimError } from '../base/errors.js';
import { Queue } from '../base/queue.js';
import type { Suite } from '../crypto/suite.js';
import { directConversationInput } from '../protocol/entry.js';
import { CONVERSATION_BYTES, DEVICE_BYTES } from '../protocol/limits.js';
import type { Row } from '../storage/storage.js';
import { Conversation, type ConversationHost } from './conversation.js';
import { CLOCK, clockOf, prefixEnd } from './keys.js';
import { type ConversationRecord, newConversation, readConversation } from './records.js';

export class Conversations {
  readonly #host: ConversationHost;
  readonly #suite: Suite;
  readonly #queue = new Queue();
  readonly #byName = new Map<string, Conversation>();
  readonly #byPeer = new Map<string, Conversation>();

  constructor(host: ConversationHost, suite: Suite) {
    this.#host = host;
    this.#suite = suite;
  }

  /** Damaged records are left out and told to `onFault`; their entries stay where they are. */
  load(rows: readonly Row[], onFault: (fault: PimError) => void): void {
    for (const row of rows) {
      try {
        this.#keep(readConversation(row.value));
      } catch (fault) {
        if (isPimError(fault)) onFault(fault);
      }
    }
  }

  get all(): Conversation[] {
    return [...this.#byName.values()];
  }

  /** By its name: 16 bytes, hexadecimal. */
  get(name: string): Conversation | null {
    return this.#byName.get(name) ?? null;
  }

  of(peer: Bytes): Conversation | null {
    return this.#byPeer.get(toHex(peer)) ?? null;
  }

  /**
   * The conversation with somebody; a new one reaches the store with its first entry. One after the
   * other, so that what is written at once keeps its order.
   */
  open(peer: Bytes): Promise<Conversation> {
    return this.#queue.run(() => this.#open(peer));
  }

  async #open(peer: Bytes): Promise<Conversation> {
    const known = this.of(peer);
    if (known !== null) return known;
    const mine = this.#host.me.key;
    const [low, high] = compare(mine, peer) < 0 ? [mine, peer] : [peer, mine];
    const hash = await this.#suite.sha256(directConversationInput(low, high));
    const id = toHex(hash.subarray(0, CONVERSATION_BYTES));
    const left = await this.#leftOf(id);
    const log = toHex(this.#host.random(DEVICE_BYTES));
    const record = { ...newConversation({ id, peer: toHex(peer), log }), ...left };
    return this.#keep(record);
  }

  forget(conversation: Conversation): void {
    this.#byName.delete(conversation.name);
    this.#byPeer.delete(toHex(conversation.peer));
  }

  /** What an earlier record of this conversation left: how far its clock was, and perhaps its rows. */
  async #leftOf(id: string): Promise<{ clock: number; isRebuilt: boolean }> {
    const { storage } = this.#host;
    const prefix = `${id}/`;
    const range = { from: prefix, to: prefixEnd(prefix), reverse: true, limit: 1 };
    const [kept, [newest]] = await Promise.all([
      storage.get('meta', CLOCK + id),
      storage.list('entries', range),
    ]);
    const clock = Number.isSafeInteger(kept) ? (kept as number) : 0;
    return {
      clock: Math.max(0, clock, clockOf(newest?.key ?? '')),
      isRebuilt: newest !== undefined,
    };
  }

  #keep(record: ConversationRecord): Conversation {
    const conversation = new Conversation(record, this.#host);
    this.#byName.set(record.id, conversation);
    this.#byPeer.set(record.peer, conversation);
    return conversation;
  }
}
