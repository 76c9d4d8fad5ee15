/**
 * `pim.identity`: who I am, and how others come to me.
 */

import { type Access, keyOfAddress } from './access.js';
import { compare, toBase64url } from './base/bytes.js';
import { checkName } from './base/check.js';
import { safetyNumber } from './crypto/identity.js';
import { MAX_NAME_BYTES, TOKEN_BYTES } from './protocol/limits.js';
import { formatLink } from './protocol/link.js';

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
    const { address } = identity;
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
