/**
 * `pim.contacts`: people I know, and people who ask.
 */

import { type Access, keyOfAddress } from './access.js';
import type { Bytes } from './base/bytes.js';
import { checkName } from './base/check.js';
import type { Contact, ContactRequest } from './events.js';
import { decodeAddress } from './protocol/address.js';
import { MAX_NAME_BYTES } from './protocol/limits.js';
import { parseRelayUrl } from './protocol/relay-url.js';

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
   * @throws address/invalid, address/own, options/invalid, link/invalid, invitation/invalid,
   * contact/too-many
   */
  async add(
    address: string,
    options: { name?: string; relays?: readonly string[]; invite?: string } = {},
  ): Promise<Contact> {
    const { chat, view } = this.#access.running();
    const key = keyOfAddress(this.#access, address);
    const { allowInsecure } = this.#access.options;
    const { invite } = options;
    const relays = options.relays?.map((url) => parseRelayUrl(url, allowInsecure));
    const record = await chat.relations.add(key, {
      ...(options.name === undefined
        ? {}
        : { petname: checkName(options.name, 'name', MAX_NAME_BYTES) }),
      ...(relays === undefined ? {} : { relays }),
      ...(invite === undefined ? {} : { token: await this.#received(key, invite) }),
    });
    return view.contact(record);
  }

  /** Says yes to a request. @throws request/unknown */
  async accept(address: string): Promise<Contact> {
    return (await this.#deeds()).accept(this.#access, address);
  }

  /** Says nothing to a request, now and when it is repeated. @throws request/unknown */
  async decline(address: string): Promise<void> {
    return (await this.#deeds()).decline(this.#access, address);
  }

  /** Ends everything with somebody, contact or not; they are not told. */
  async block(address: string): Promise<Contact> {
    return (await this.#deeds()).block(this.#access, address);
  }

  /** @throws contact/unknown */
  async unblock(address: string): Promise<Contact> {
    return (await this.#deeds()).change(this.#access, address, {});
  }

  /** @param name at most 64 bytes; empty for the name they go by @throws contact/unknown */
  async rename(address: string, name: string): Promise<Contact> {
    return (await this.#deeds()).change(this.#access, address, { name });
  }

  /** Forgets somebody and the whole conversation with them, on this device. @throws contact/unknown */
  async remove(address: string): Promise<void> {
    return (await this.#deeds()).remove(this.#access, address);
  }

  async #received(owner: Bytes, token: string): Promise<string> {
    return (await import('./invitation-deeds.js')).received(this.#access, owner, token);
  }

  /** What is done seldom is fetched at the first use; not before something is started. */
  async #deeds(): Promise<typeof import('./contact-deeds.js')> {
    this.#access.running();
    return import('./contact-deeds.js');
  }
}
