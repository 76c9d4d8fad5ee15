/**
 * What people's programs see of what is stored: internal records in, frozen public snapshots out.
 */

import { type Bytes, equal, fromHex } from './base/bytes.js';
import { cleanLine } from './base/check.js';
import type { PimError } from './base/errors.js';
import type { Chat } from './chat/chat.js';
import type { Conversation } from './chat/conversation.js';
import { type Fold, isShown, type StoredEntry } from './chat/entry-rows.js';
import { messageId } from './chat/keys.js';
import { keyOf } from './chat/people.js';
import type { ContactRecord, RequestRecord } from './chat/records.js';
import type {
  ConnectionStatus,
  Contact,
  ContactRequest,
  ConversationSummary,
  Message,
  MessageReaction,
  RelayStatus,
} from './events.js';
import { noRelay } from './peer/faults.js';
import type { Peer } from './peer/peer.js';
import { encodeAddress } from './protocol/address.js';
import type { LinkState } from './transport/relay-link.js';

/** What a message says that was deleted. */
const NO_WORDS = { text: '', replyTo: null, file: undefined };

export class View {
  readonly #chat: Chat;
  readonly #me: Bytes;
  readonly #wallClock: (monotonic: number) => number;

  /** @param wallClock milliseconds since 1970 of a monotonic time */
  constructor(chat: Chat, me: Bytes, wallClock: (monotonic: number) => number) {
    this.#chat = chat;
    this.#me = me;
    this.#wallClock = wallClock;
  }

  /** Null for entries that are no message. */
  message(conversation: Conversation, stored: StoredEntry): Message | null {
    if (!isShown(stored)) return null;
    const { entry, storedAt, fold } = stored;
    const mine = equal(entry.author, this.#me);
    const [from, to] = mine ? [this.#me, conversation.peer] : [conversation.peer, this.#me];
    const { text, replyTo, file } = entry.body.kind === 'text' ? entry.body : NO_WORDS;
    const edit = fold?.edit;
    return Object.freeze({
      id: stored.alias ?? messageId(entry),
      conversation: conversation.name,
      from: encodeAddress(from),
      to: encodeAddress(to),
      text: edit?.text ?? text,
      time: Math.min(entry.time, storedAt),
      mine,
      status: mine ? this.#chat.delivery.progress(conversation, entry) : 'received',
      replyTo: replyTo === null ? null : messageId(replyTo),
      editedAt: edit?.time ?? null,
      deleted: fold?.isDeleted === true,
      reactions: reactionsOf(fold),
      file: file
        ? { name: cleanLine(file.name), size: file.size, type: cleanLine(file.type) }
        : null,
    });
  }

  contact(record: ContactRecord): Contact {
    const key = keyOf(record);
    return Object.freeze({
      address: encodeAddress(key),
      name: record.petname || record.profileName,
      profileName: record.profileName,
      status: record.status,
      relays: Object.freeze([...record.relays]),
      conversation: this.#chat.conversations.of(key)?.name ?? '',
      addedAt: record.addedAt,
      relayOnly: record.relayOnly === true,
      comparedAt: record.comparedAt ?? null,
      invite: record.invite ?? null,
    });
  }

  request(record: RequestRecord): ContactRequest {
    return Object.freeze({
      from: encodeAddress(fromHex(record.key)),
      name: record.name,
      text: record.text,
      receivedAt: record.receivedAt,
      invite: record.invite ?? null,
      invitation: record.invitation ?? null,
    });
  }

  /** Null where the other person is no contact any longer. */
  async summary(conversation: Conversation): Promise<ConversationSummary | null> {
    const contact = this.#chat.people.contact(conversation.peer);
    if (contact === null) return null;
    const { entries } = await conversation.page(null, 1);
    const messages = entries.map((stored) => this.message(conversation, stored));
    return Object.freeze({
      id: conversation.name,
      with: this.contact(contact),
      last: messages.find((message) => message !== null) ?? null,
      unread: conversation.record.unread,
    });
  }

  connection(key: Bytes): ConnectionStatus {
    const peer = this.#chat.book.peer(key);
    const isAsked = this.#chat.people.contact(key)?.status === 'requested';
    const isQuiet = peer.state === 'idle' || peer.state === 'calling' || peer.state === 'offline';
    // Whoever failed to connect with us has answered: then the failure is what there is to say.
    const isSilent = peer.reason === null || peer.reason.code === 'peer/offline';
    return Object.freeze({
      address: encodeAddress(key),
      state: isAsked && isQuiet && isSilent ? 'requested' : peer.state,
      route: peer.state === 'connected' ? this.#chat.route(key) : null,
      reason: peer.state === 'connected' ? null : this.#reason(peer),
      lastHeard: peer.lastHeard === null ? null : this.#wallClock(peer.lastHeard),
    });
  }

  /** Where no relay is there, that is why, whatever else there was before. */
  #reason(peer: Peer): PimError | null {
    return this.#chat.book.pool.isLost ? noRelay() : peer.reason;
  }

  relay(url: string, state: LinkState, reason: PimError | null): RelayStatus {
    const alteredFrames = this.#chat.book.alteredFrames(url);
    return Object.freeze({
      url,
      state: state === 'idle' ? 'connecting' : state,
      reason,
      alteredFrames,
    });
  }
}

function reactionsOf({ reactions = [] }: Fold = {}): readonly MessageReaction[] {
  const from = new Map<string, string[]>();
  for (const { emoji, author, isSet } of reactions) {
    if (isSet) from.set(emoji, [...(from.get(emoji) ?? []), encodeAddress(fromHex(author))]);
  }
  return Object.freeze([...from].map(([emoji, by]) => Object.freeze({ emoji, from: by })));
}
