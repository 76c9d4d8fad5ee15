/**
 * `pim.contacts`: people I know, and people who ask.
 */

import { type Access, keyOfAddress } from './access.js';
import type { Bytes } from './base/bytes.js';
import { checkName } from './base/check.js';
import { loaded } from './base/loaded.js';
import type { Contact, ContactRequest } from './events.js';
import { decodeAddress } from './protocol/address.js';
import { MAX_NAME_BYTES } from './protocol/limits.js';
import { parseRelayUrl } from './protocol/relay-url.js';
import { seldom } from './seldom.js';

export interface ContactsArea {
  /** Everybody, blocked people included. */
  list(): Contact[];

  /** @throws address/invalid */
  get(address: string): Contact | null;

  /** Requests that wait for an answer, newest first. */
  requests(): ContactRequest[];

  /**
   * Adds somebody, or gives a contact another name or more relays. Nobody is asked yet: that happens
   * with the first message.
   * @param options.name how they are called here, at most 64 bytes
   * @param options.relays where they are likely to be; joined now, up to five relays in all
   * @param options.invite the token of the link they gave out
   * @throws address/invalid, address/own, options/invalid, link/invalid, invitation/invalid,
   * contact/too-many
   */
  add(
    address: string,
    options?: { name?: string; relays?: readonly string[]; invite?: string },
  ): Promise<Contact>;

  /** Says yes to a request. @throws request/unknown */
  accept(address: string): Promise<Contact>;

  /** Says nothing to a request, now and when it is repeated. @throws request/unknown */
  decline(address: string): Promise<void>;

  /** Ends everything with somebody, contact or not; they are not told. */
  block(address: string): Promise<Contact>;

  /** @throws contact/unknown */
  unblock(address: string): Promise<Contact>;

  /** @param name at most 64 bytes; empty for the name they go by @throws contact/unknown */
  rename(address: string, name: string): Promise<Contact>;

  /**
   * Whether I connect with them through TURN servers only, so that they do not learn my IP address.
   * Takes effect at once: a direct connection is ended and made anew. What they have seen before, they
   * have seen; and a relay sees the address of whoever joins it, also where it is theirs.
   * @throws contact/unknown, contact/blocked; peer/no-turn where no TURN server is known now
   */
  setRelayOnly(address: string, relayOnly: boolean): Promise<Contact>;

  /**
   * Keeps that I compared our safety numbers and found them the same; `false` takes it back. It is
   * about this address, so no other key can come to stand under it. @throws contact/unknown,
   * contact/blocked
   */
  verify(address: string, isSame?: boolean): Promise<Contact>;

  /** Forgets somebody and the whole conversation with them, on this device. @throws contact/unknown */
  remove(address: string): Promise<void>;
}

const DEEDS = 'accept decline block unblock rename setRelayOnly verify remove';

export function contactsArea(access: Access): ContactsArea {
  return Object.create({
    list() {
      const { chat, view } = access.running();
      return chat.people.contacts.map((record) => view.contact(record));
    },
    get(address: string) {
      const { chat, view } = access.running();
      const record = chat.people.contact(decodeAddress(address));
      return record && view.contact(record);
    },
    requests() {
      const { chat, view } = access.running();
      return chat.people.waiting.map((record) => view.request(record));
    },
    add: (...given: Parameters<ContactsArea['add']>) => add(access, ...given),
    ...seldom(access, DEEDS, () => loaded(import('./contact-deeds.js'))),
  });
}

async function add(
  access: Access,
  ...[address, { name, relays, invite } = {}]: Parameters<ContactsArea['add']>
): Promise<Contact> {
  const { chat, view } = access.running();
  const key = keyOfAddress(access, address);
  const { allowInsecure } = access.options;
  const urls = relays?.map((url) => parseRelayUrl(url, allowInsecure));
  const record = await chat.relations.add(key, {
    ...(name !== undefined && { petname: checkName(name, 'name', MAX_NAME_BYTES) }),
    ...(urls && { relays: urls }),
    ...(invite !== undefined && { token: await received(access, key, invite) }),
  });
  return view.contact(record);
}

async function received(access: Access, owner: Bytes, token: string): Promise<string> {
  return (await loaded(import('./invitation-deeds.js'))).received(access, owner, token);
}
