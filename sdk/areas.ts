/**
 * The areas of a Pim: contacts, conversations, relays, connections, identity. Each checks what a
 * caller gives, asks the chat, and gives back public snapshots.
 */

import { type Bytes, compare, equal, toBase64url } from './base/bytes.js';
import { checkName } from './base/check.js';
import { PimError } from './base/errors.js';
import type { Platform } from './base/platform.js';
import type { Conversation } from './chat/conversation.js';
import { parseMessageId } from './chat/keys.js';
import { unknownRequest } from './chat/people.js';
import { safetyNumber } from './crypto/identity.js';
import type {
  ConnectionStatus,
  Contact,
  ContactRequest,
  ConversationSummary,
  Message,
  RelayStatus,
} from './events.js';
import { type Address, decodeAddress } from './protocol/address.js';
import { MAX_NAME_BYTES, MAX_PAGE, TOKEN_BYTES } from './protocol/limits.js';
import { decodeToken, formatLink } from './protocol/link.js';
import { parseRelayUrl } from './protocol/relay-url.js';
import type { Running } from './running.js';
import type { View } from './view.js';

/** What the areas need of the Pim they belong to. */
export interface Access {
  /** @throws pim/not-started, pim/stopped */
  running(): Running & { readonly view: View };
  readonly platform: Platform;
  readonly allowInsecure: boolean;
  readonly relays: readonly string[];
  onConversation(conversation: Conversation): void;
  stop(): Promise<void>;
}

/** The key of a contact's address. @throws address/invalid, address/own */
export function keyOfAddress(access: Access, address: string): Bytes {
  const key = decodeAddress(address);
  if (equal(key, access.running().identity.keys.publicKey)) {
    throw new PimError('address/own', 'This is your own address.', null);
  }
  return key;
}

/** A conversation by its id or by the other person's address. @throws conversation/unknown */
export function findConversation(access: Access, target: string): Conversation {
  const { chat } = access.running();
  const found = /^[0-9a-f]{32}$/.test(target)
    ? chat.conversations.get(target)
    : chat.conversations.of(keyOfAddress(access, target));
  if (found !== null) return found;
  throw new PimError('conversation/unknown', 'There is no such conversation.', null);
}

export class ContactsArea {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  /** Everybody, blocked people included. */
  list(): Contact[] {
    const { chat, view } = this.#access.running();
    return chat.people.contacts.map((record) => view.contact(record));
  }

  get(address: string): Contact | null {
    const { chat, view } = this.#access.running();
    const record = chat.people.contact(decodeAddress(address));
    return record === null ? null : view.contact(record);
  }

  /** Requests that wait for an answer, newest first. */
  requests(): ContactRequest[] {
    const { chat, view } = this.#access.running();
    return chat.people.waiting.map((record) => view.request(record));
  }

  /**
   * Adds somebody, or gives a contact another name or more relays. Nobody is asked yet: that happens
   * with the first message.
   * @param options.name how they are called here, at most 64 bytes
   * @param options.relays where they are likely to be; joined now, up to five relays in all
   * @param options.invite the token of the link they gave out
   * @throws address/invalid, address/own, options/invalid, link/invalid, contact/too-many
   */
  async add(
    address: string,
    options: { name?: string; relays?: readonly string[]; invite?: string } = {},
  ): Promise<Contact> {
    const { chat, view } = this.#access.running();
    const key = keyOfAddress(this.#access, address);
    const { allowInsecure } = this.#access;
    const relays = options.relays?.map((url) => parseRelayUrl(url, allowInsecure));
    const record = await chat.relations.add(key, {
      ...(options.name === undefined
        ? {}
        : { petname: checkName(options.name, 'name', MAX_NAME_BYTES) }),
      ...(relays === undefined ? {} : { relays }),
      ...(options.invite === undefined ? {} : { token: toBase64url(decodeToken(options.invite)) }),
    });
    return view.contact(record);
  }

  /** Says yes to a request. @throws request/unknown */
  async accept(address: string): Promise<Contact> {
    const { chat, view } = this.#access.running();
    const key = keyOfAddress(this.#access, address);
    if (chat.people.request(key) === null) throw unknownRequest();
    return view.contact(await chat.relations.accept(key));
  }

  /** Says nothing to a request, now and when it is repeated. @throws request/unknown */
  async decline(address: string): Promise<void> {
    await this.#access.running().chat.people.decline(keyOfAddress(this.#access, address));
  }

  /** Ends everything with somebody, contact or not; they are not told. */
  async block(address: string): Promise<Contact> {
    const { chat, view } = this.#access.running();
    return view.contact(await chat.relations.block(keyOfAddress(this.#access, address)));
  }

  async unblock(address: string): Promise<Contact> {
    return this.add(address);
  }

  /** @param name at most 64 bytes; empty for the name they go by */
  async rename(address: string, name: string): Promise<Contact> {
    const { chat } = this.#access.running();
    const key = keyOfAddress(this.#access, address);
    if (chat.people.contact(key) === null) throw unknownContact();
    return this.add(address, { name });
  }

  /** Forgets somebody and the whole conversation with them, on this device. */
  async remove(address: string): Promise<void> {
    const { chat } = this.#access.running();
    const key = keyOfAddress(this.#access, address);
    if (chat.people.contact(key) === null) throw unknownContact();
    await chat.relations.remove(key);
  }
}

export class ConversationsArea {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  /** The id of the conversation with a contact. @throws conversation/unknown */
  idOf(address: string): string {
    return findConversation(this.#access, address).name;
  }

  /** All conversations with people who are contacts, newest message first. */
  async list(): Promise<ConversationSummary[]> {
    const { chat, view } = this.#access.running();
    const all = await Promise.all(chat.conversations.all.map((each) => view.summary(each)));
    const kept = all.filter((each) => each !== null);
    const timeOf = (each: ConversationSummary) => each.last?.time ?? each.with.addedAt;
    return kept.sort((a, b) => timeOf(b) - timeOf(a));
  }

  /**
   * A page of messages, oldest first.
   * @param target conversation id or address
   * @param options.before the page ends before this message id; without it the newest page
   * @param options.limit at most 500
   */
  async history(
    target: string,
    options: { before?: string; limit?: number } = {},
  ): Promise<{ messages: Message[]; more: boolean }> {
    const { view } = this.#access.running();
    const conversation = findConversation(this.#access, target);
    const limit = Math.min(Math.max(1, Math.floor(options.limit ?? 50)), MAX_PAGE);
    let before = options.before === undefined ? null : parseMessageId(options.before);
    const messages: Message[] = [];
    for (;;) {
      const page = await conversation.page(before, limit);
      const shown = page.entries.map((stored) => view.message(conversation, stored));
      messages.push(...shown.filter((message) => message !== null));
      before = page.entries.at(-1)?.entry ?? null;
      if (messages.length >= limit || !page.more || before === null) {
        const more = page.more || messages.length > limit;
        return { messages: messages.slice(0, limit).reverse(), more };
      }
    }
  }

  /** @param target conversation id or address */
  async markRead(target: string): Promise<void> {
    const conversation = findConversation(this.#access, target);
    if (await conversation.markRead()) this.#access.onConversation(conversation);
  }
}

export class RelaysArea {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  list(): RelayStatus[] {
    const { chat, view } = this.#access.running();
    return chat.book.pool.links.map((link) => view.relay(link.url, link.state, link.reason));
  }

  /** Joins a relay until `stop()`. @throws options/invalid, relay/insecure, relay/too-many */
  async add(url: string): Promise<void> {
    this.#access.running().chat.book.pool.add(parseRelayUrl(url, this.#access.allowInsecure));
  }

  async remove(url: string): Promise<void> {
    this.#access.running().chat.book.pool.remove(parseRelayUrl(url, this.#access.allowInsecure));
  }
}

export class ConnectionsArea {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  /** @throws address/invalid, address/own, contact/unknown */
  status(address: string): ConnectionStatus {
    const { chat, view } = this.#access.running();
    const key = keyOfAddress(this.#access, address);
    if (chat.people.contact(key) === null) throw unknownContact();
    return view.connection(key);
  }

  /** Tries again now; what comes of it arrives as `connection` events. */
  retry(address: string): void {
    this.#access.running().chat.retry(keyOfAddress(this.#access, address));
  }
}

export class IdentityArea {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  /** My display name. */
  get name(): string {
    return this.#access.running().settings.name;
  }

  /** Whether anything is left after this page is closed. */
  get isPersistent(): boolean {
    return this.#access.running().storage.isPersistent;
  }

  /** @param name at most 64 bytes; people I talk with learn it @throws options/invalid */
  async setName(name: string): Promise<void> {
    const { chat, settings } = this.#access.running();
    await settings.setName(checkName(name, 'name', MAX_NAME_BYTES));
    await chat.profileChanged();
  }

  /**
   * A link that lets people ask to talk, with a token of its own, so that it is known where they
   * came from. The link's secret part stands behind the `#`, which reaches no server.
   * @param options.label for me, to recognise it by
   * @param options.page the page it opens; without it, only the part from `#` on is given
   */
  async invitation(
    options: { label?: string; page?: string } = {},
  ): Promise<{ link: string; token: string }> {
    const { settings, identity } = this.#access.running();
    const label = checkName(options.label ?? '', 'label', MAX_NAME_BYTES);
    const token = toBase64url(this.#access.platform.random(TOKEN_BYTES));
    await settings.addInvitation(token, { label, createdAt: this.#access.platform.now() });
    const { relays } = this.#access;
    const address: Address = identity.address;
    return { link: formatLink(options.page ?? '', { address, token, relays }), token };
  }

  /** Twelve groups of five digits, the same on both sides, to compare by voice. */
  async safetyNumber(address: string): Promise<string> {
    const { suite, identity } = this.#access.running();
    const mine = identity.keys.publicKey;
    const theirs = keyOfAddress(this.#access, address);
    const [low, high] = compare(mine, theirs) < 0 ? [mine, theirs] : [theirs, mine];
    return safetyNumber(suite, low, high);
  }

  /** Stops, and erases everything of this person on this device: key, contacts, conversations. */
  async wipe(): Promise<void> {
    const { chat, storage } = this.#access.running();
    await chat.stop();
    await storage.wipe();
    await this.#access.stop();
  }
}

function unknownContact(): PimError<'contact/unknown'> {
  return new PimError('contact/unknown', 'This person is no contact.', null);
}
