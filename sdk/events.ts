/**
 * What pim tells its host page: each event, what it carries and when it fires.
 * Everything about a message or a contact is emitted after it is stored, never before.
 */

import type { PimError } from './base/errors.js';
import type { FileStatus } from './chat/files/file-status.js';

/** Where one of my messages is; a message of somebody else is always `received`. */
export type MessageStatus =
  /** Stored on this device; the other side is not here. */
  | 'waiting'
  /** Handed to the open channel. */
  | 'sent'
  /** The other side has stored it. */
  | 'delivered'
  /** The other person has read it, as they say; only where both tell (`privacy.receipts`). */
  | 'read'
  | 'received';

/** One emoji at a message and who put it there. */
export interface MessageReaction {
  readonly emoji: string;
  /** Addresses, the first to react first. */
  readonly from: readonly string[];
}

/** The file a message came with, as its sender describes it; `pim.files` has the bytes. */
export interface MessageFile {
  /** On one line, without control characters and such that reorder text; 255 bytes at most. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** A media type, or empty. Nobody has checked it. */
  readonly type: string;
}

export interface Message {
  /** Unique in its conversation; opaque. */
  readonly id: string;
  readonly conversation: string;
  /** Addresses. */
  readonly from: string;
  readonly to: string;
  /** As it reads now; empty where it was deleted. */
  readonly text: string;
  /** Milliseconds since 1970 by its author's clock, never later than the moment it was stored here. */
  readonly time: number;
  readonly mine: boolean;
  readonly status: MessageStatus;
  /** The `id` of the message this one answers. */
  readonly replyTo: string | null;
  /** When the author last changed the words, by their clock; null where they never did. */
  readonly editedAt: number | null;
  /** Its author took it back. The words are gone from this device. */
  readonly deleted: boolean;
  readonly reactions: readonly MessageReaction[];
  readonly file: MessageFile | null;
}

/** How far two people are with each other. */
export type ContactStatus =
  /** Known here, nothing asked yet. */
  | 'added'
  /** My request is under way or waits for their answer. */
  | 'requested'
  | 'accepted'
  | 'blocked';

export interface Contact {
  readonly address: string;
  /** The name given here, else the one they go by, else ''. */
  readonly name: string;
  /** The name they go by, as they say. */
  readonly profileName: string;
  readonly status: ContactStatus;
  /** Relays they are likely to be found at. */
  readonly relays: readonly string[];
  readonly conversation: string;
  readonly addedAt: number;
  /** Whether I connect with them through TURN servers only, so that they do not learn my IP address. */
  readonly relayOnly: boolean;
  /** When I found our safety numbers to be the same, milliseconds since 1970; null: never compared. */
  readonly comparedAt: number | null;
  /** The label of my invitation they came by; null where they came by none. */
  readonly invite: string | null;
}

/** Somebody unknown asks to talk. Nothing was answered, and nothing will be before `accept`. */
export interface ContactRequest {
  readonly from: string;
  /** As they say. */
  readonly name: string;
  readonly text: string;
  readonly receivedAt: number;
  /**
   * The label of the invitation they came by, '' where this device knows no more of it than that it is
   * mine; null where they came without one.
   */
  readonly invite: string | null;
  /** The id of that invitation. */
  readonly invitation: string | null;
}

export interface ConversationSummary {
  readonly id: string;
  readonly with: Contact;
  readonly last: Message | null;
  readonly unread: number;
}

/** The connection to one contact, in a word. */
export type ConnectionState =
  /** No attempt, none wanted. */
  | 'idle'
  /** My request waits for their answer. */
  | 'requested'
  /** Looking for them over the relays. */
  | 'calling'
  /** Found; the direct connection is being made. */
  | 'connecting'
  /** Direct, and proven to be the owner of the address. */
  | 'connected'
  /** Not reached; tried again by itself when there is reason to. */
  | 'offline';

export interface ConnectionStatus {
  readonly address: string;
  readonly state: ConnectionState;
  /** How bytes travel while connected. */
  readonly route: 'direct' | 'relayed' | null;
  /** Why the last attempt ended, while not connected. */
  readonly reason: PimError | null;
  /** Milliseconds since 1970 at which anything was last heard from them, or null. */
  readonly lastHeard: number | null;
}

export type RelayState =
  | 'connecting'
  | 'online'
  /** Lost; another try follows. */
  | 'waiting'
  /** Given up: it speaks another version or turned the login down for good. */
  | 'refused'
  | 'closed';

export interface RelayStatus {
  readonly url: string;
  readonly state: RelayState;
  readonly reason: PimError | null;
  /** Frames of this relay that were not what a contact had sent. */
  readonly alteredFrames: number;
}

export interface PimEvents {
  /** Started: identity loaded or made, relays being joined. Once per `start()`. */
  ready: { address: string; isNew: boolean; isPersistent: boolean };
  /** A message was stored here, mine or theirs. */
  message: Message;
  /** A message reads otherwise now: its status, its words, its reactions. */
  'message:update': Message;
  /** The other side has stored, or read, these of my messages; the newest 500 of more. */
  receipt: {
    conversation: string;
    from: string;
    ids: readonly string[];
    kind: 'delivered' | 'read';
  };
  /** How a file stands changed, or how far it is: at most five times a second a file. */
  'file:progress': FileStatus;
  /** Somebody is writing, or no longer. Only where both tell (`privacy.typing`). */
  typing: { conversation: string; from: string; typing: boolean };
  /** Whether a contact is here; from the confirmed channel itself, never from a relay. */
  presence: { address: string; online: boolean };
  /** Somebody unknown asks to talk; once per person. */
  request: ContactRequest;
  /** I declined somebody's request, here or in another tab. An accepted or blocked one is a `contact`. */
  'request:declined': { from: string };
  /** A contact was added or changed; `removed` where it is gone. */
  contact: Contact & { readonly removed?: true };
  /** A conversation's unread count or last message changed. */
  conversation: ConversationSummary;
  connection: ConnectionStatus;
  relay: RelayStatus;
  /** Something failed by itself, without a call that could have thrown it. */
  error: PimError;
}
