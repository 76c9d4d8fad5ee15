/**
 * `pim.identity`: who I am, and how others come to me.
 */

import type { Access } from './access.js';
import type { Backup } from './backup/backup.js';
import { checkName } from './base/check.js';
import { MAX_NAME_BYTES } from './protocol/limits.js';

/** What is done seldom, fetched at the first use. */
const deeds = () => import('./identity-deeds.js');

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

  /** What I tell people, and they me. */
  get privacy(): { readonly receipts: boolean; readonly typing: boolean } {
    return { ...this.#access.running().settings.privacy };
  }

  /**
   * Whether I tell what I have read, and that I am writing: from now on, on this device, whatever the
   * options say. Off for one of two people is off for both.
   * @throws options/invalid, storage/full
   */
  async setPrivacy(change: { receipts?: boolean; typing?: boolean }): Promise<void> {
    await (await deeds()).setPrivacy(this.#access, change);
  }

  /**
   * A link that lets people ask to talk, with a token of its own, so that it is known where they came
   * from: `pim.invitations.create` with the defaults. What is secret stands behind the `#`, which
   * reaches no server.
   * @param options.label for me, to recognise it by
   * @param options.page the page it opens; without it, only the part from `#` on is given
   */
  async invitation(
    options: { label?: string; page?: string } = {},
  ): Promise<{ link: string; token: string }> {
    return (await import('./invitation-deeds.js')).create(this.#access, options);
  }

  /** Twelve groups of five digits, the same on both sides, to compare by voice. */
  async safetyNumber(address: string): Promise<string> {
    return (await deeds()).safetyNumberWith(this.#access, address);
  }

  /** Stops, and erases everything of this person on this device: key, contacts, conversations. */
  async wipe(): Promise<void> {
    await (await deeds()).wipe(this.#access);
  }

  /**
   * Everything of this identity in one file, under a passphrase: key, settings, contacts, and the
   * conversations unless told otherwise. docs/backup.md has the format.
   * @param passphrase the whole protection of the file; not empty
   * @throws backup/no-seed, backup/too-large, options/invalid, platform/unsupported, storage/failed
   */
  async backup(passphrase: string, options: { messages?: boolean } = {}): Promise<Uint8Array> {
    return (await deeds()).backup(this.#access, passphrase, options.messages !== false);
  }

  /**
   * The identity's key as 24 words (BIP-39, English): whoever has them is this person.
   * @throws backup/no-seed
   */
  async words(): Promise<string[]> {
    return (await deeds()).recoveryWords(this.#access);
  }

  /**
   * The identity's key as encrypted PKCS#8 in PEM, as `openssl pkey` reads it.
   * @throws backup/no-seed, options/invalid, platform/unsupported
   */
  async pem(passphrase: string): Promise<string> {
    return (await deeds()).exportPem(this.#access, passphrase);
  }

  /**
   * Opens a backup, to see whose it is; changes nothing. Works before `start()` too.
   * @param from a backup file, the text of a PEM, or 24 words
   * @throws backup/invalid, backup/passphrase, platform/unsupported
   */
  async readBackup(from: Uint8Array | string, passphrase = ''): Promise<Backup> {
    return (await deeds()).readBackup(this.#access.options.platform, from, passphrase);
  }

  /**
   * Becomes the person of a backup on this device, and starts. All of it happens or nothing. Friends
   * see one device more; what they have and this device lacks comes with the next connection.
   * @param options.replace even where somebody is at home here: their key, contacts and
   * conversations are gone then
   * @throws identity/exists, pim/elsewhere, storage/full, and what `start()` throws
   */
  async restore(backup: Backup, options: { replace?: boolean } = {}): Promise<void> {
    await (await deeds()).restore(this.#access, backup, options.replace === true);
  }
}
