/**
 * `pim.conversations`: what was said, a page at a time, and what one can do about it. What a first
 * conversation does not need is fetched at its first use (deeds.ts, search.ts).
 */

import { type Access, findConversation, keyOfAddress, unknownConversation } from './access.js';
import { invalidOption } from './base/check.js';
import { PimError } from './base/errors.js';
import { later, loaded } from './base/loaded.js';
import type { StoredEntry } from './chat/entry-rows.js';
import { type FileToSend, type MessageContent, readContent, refOf } from './content.js';
import type { ConversationSummary, Message } from './events.js';
import { MAX_PAGE } from './protocol/limits.js';
import { seldom } from './seldom.js';

/** A page of history: before a message, after one, or without either the newest. */
export interface HistoryRange {
  readonly before?: string;
  readonly after?: string;
  /** 1 to 500; default 50. */
  readonly limit?: number;
}

export interface SearchRange {
  /** Goes on before this message. */
  readonly before?: string;
  /** 1 to 500; default 50. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface SendOptions {
  readonly signal?: AbortSignal;
  /** A name for this call, ≤ 64 bytes; a second one of the same name writes nothing. */
  readonly once?: string;
}

export interface ConversationsArea {
  /** The id of the conversation with a contact. @throws conversation/unknown */
  idOf(address: string): string;

  /** All conversations with people who are contacts, newest message first. */
  list(): Promise<ConversationSummary[]>;

  /**
   * One conversation in short.
   * @param target conversation id or address
   * @throws conversation/unknown
   */
  open(target: string): Promise<ConversationSummary>;

  /**
   * A page of messages, oldest first. Reads no more of the store than the page holds.
   * @param target conversation id or address
   * @returns `more`: whether there are others beyond the page, in the direction asked for
   * @throws options/invalid where `before` or `after` is no message id, both are given, or `limit` is
   * no number; message/unknown where there is no such message
   */
  history(target: string, range?: HistoryRange): Promise<{ messages: Message[]; more: boolean }>;

  /**
   * Messages whose text holds `query`, newest first, whatever the case and the accents.
   * @returns `more`: whether older ones have not been looked at; go on with `before` the last one
   * @throws options/invalid, message/unknown, pim/aborted
   */
  search(
    target: string,
    query: string,
    range?: SearchRange,
  ): Promise<{ messages: Message[]; more: boolean }>;

  /** One message; null where there is none of this id. @throws options/invalid */
  get(target: string, id: string): Promise<Message | null>;

  /** As `pim.send`. */
  send(target: string, content: MessageContent, options?: SendOptions): Promise<Message>;

  /** As `pim.files.send`: a message with a file beside its words. */
  sendFile(target: string, file: Blob, options?: FileToSend): Promise<Message>;

  /** Answers a message. */
  reply(target: string, id: string, text: string, options?: SendOptions): Promise<Message>;

  /**
   * Gives a message of mine other words.
   * @throws message/unknown, message/not-mine, message/deleted, message/empty, message/too-long,
   * options/invalid, contact/blocked, storage/full
   */
  edit(target: string, id: string, text: string): Promise<Message>;

  /**
   * Takes a message of mine back: its words leave this device now, and the other one when it hears of
   * it. What stays is its place.
   * @throws message/unknown, message/not-mine, options/invalid, contact/blocked, storage/full
   */
  delete(target: string, id: string): Promise<Message>;

  /**
   * Puts an emoji at a message; one of each kind a person.
   * @throws message/unknown, message/deleted, options/invalid, contact/blocked, storage/full
   */
  react(target: string, id: string, emoji: string): Promise<Message>;

  /** Takes it away again. */
  unreact(target: string, id: string, emoji: string): Promise<Message>;

  /**
   * Nothing is unread any longer. The other person hears of it where `privacy.receipts` is on.
   * @param target conversation id or address
   */
  markRead(target: string): Promise<void>;

  /** I am writing, or no longer. Says nothing unless `privacy.typing` is on; call it at each key. */
  typing(target: string, isTyping?: boolean): void;

  /** What was begun and not sent, on this device; empty where there is none. */
  draft(target: string): Promise<string>;

  /**
   * Keeps what was begun; an empty text forgets it. Called as the page is left it is done too, where
   * drafts were read before. @throws message/too-long, storage/full
   */
  setDraft(target: string, text: string): Promise<void>;
}

const DEEDS = 'get edit delete react unreact draft setDraft';

export function conversationsArea(access: Access): ConversationsArea {
  // Asked for once: a draft that is kept as the page is left has no time for more than its write.
  const deeds = later(() => import('./deeds.js'));
  return Object.create({
    idOf: (address: string) => findConversation(access, address).name,
    list: () => list(access),
    open: (target: string) => open(access, target),
    history: (target: string, range?: HistoryRange) => history(access, target, range),
    async search(target: string, query: string, range: SearchRange = {}) {
      const { view } = access.running();
      const conversation = findConversation(access, target);
      const limit = checkLimit(range.limit);
      const before = refOf(range.before, 'before');
      const { search } = await loaded(import('./search.js'));
      return search(view, conversation, query, { limit, before, signal: range.signal ?? null });
    },
    send: (target: string, content: MessageContent, options?: SendOptions) =>
      send(access, target, content, options),
    async sendFile(target: string, file: Blob, options: FileToSend = {}) {
      access.running();
      return (await loaded(import('./files-deeds.js'))).send(access, target, file, options);
    },
    reply: (target: string, replyTo: string, text: string, options?: SendOptions) =>
      send(access, target, { text, replyTo }, options),
    async markRead(target: string) {
      await access.running().chat.markRead(findConversation(access, target));
    },
    typing(target: string, isTyping = true) {
      access.running().chat.typing(findConversation(access, target), isTyping);
    },
    ...seldom(access, DEEDS, deeds),
  });
}

async function list(access: Access): Promise<ConversationSummary[]> {
  const { chat, view } = access.running();
  const all = await Promise.all(chat.conversations.all.map((each) => view.summary(each)));
  const kept = all.filter((each) => each !== null);
  const timeOf = (each: ConversationSummary) => each.last?.time ?? each.with.addedAt;
  return kept.sort((a, b) => timeOf(b) - timeOf(a));
}

async function open(access: Access, target: string): Promise<ConversationSummary> {
  const { view } = access.running();
  const summary = await view.summary(findConversation(access, target));
  if (summary !== null) return summary;
  throw unknownConversation();
}

async function history(
  access: Access,
  target: string,
  range: HistoryRange = {},
): Promise<{ messages: Message[]; more: boolean }> {
  const { view } = access.running();
  const conversation = findConversation(access, target);
  const limit = checkLimit(range.limit);
  const [before, after] = [refOf(range.before, 'before'), refOf(range.after, 'after')];
  if (before !== null && after !== null) {
    throw invalidOption('after', 'given without “before”');
  }
  const { shelf } = conversation;
  const page = await (after === null ? shelf.before(before, limit) : shelf.after(after, limit));
  const messages = page.entries.flatMap((stored) => view.message(conversation, stored) ?? []);
  return { messages: after === null ? messages.reverse() : messages, more: page.more };
}

async function send(
  access: Access,
  target: string,
  content: MessageContent,
  { signal, once }: SendOptions = {},
): Promise<Message> {
  const { chat, view } = access.running();
  if (signal?.aborted) throw aborted();
  const body = readContent(content);
  const isId = /^[0-9a-f]{32}$/.test(target);
  const key = isId ? findConversation(access, target).peer : keyOfAddress(access, target);
  if (once !== undefined) return (await loaded(import('./once.js'))).send(access, key, body, once);
  const { conversation, stored } = await chat.send(key, body);
  const message = view.message(conversation, stored as StoredEntry);
  if (message === null) throw new TypeError('a text entry is a message');
  return message;
}

/** Nothing was done yet. */
export function aborted(): PimError<'pim/aborted'> {
  return new PimError('pim/aborted', 'The call was aborted before anything was done.', null);
}

function checkLimit(limit = 50): number {
  if (typeof limit === 'number' && !Number.isNaN(limit)) {
    return Math.min(Math.max(1, Math.floor(limit)), MAX_PAGE);
  }
  throw invalidOption('limit', `a number from 1 to ${MAX_PAGE}`);
}
