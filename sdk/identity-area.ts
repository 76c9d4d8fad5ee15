/**
 * `pim.identity`: who I am, and how others come to me.
 */

import type { Access } from './access.js';
import type { Backup } from './backup/backup.js';
import { checkName } from './base/check.js';
import { loaded } from './base/loaded.js';
import type { Kept } from './kept.js';
import { MAX_NAME_BYTES } from './protocol/limits.js';
import { seldom } from './seldom.js';

export interface IdentityArea {
  /** My display name. */
  readonly name: string;

  /** Whether anything is left after this page is closed. */
  readonly isPersistent: boolean;

  /** What I tell people, and they me. */
  readonly privacy: { readonly receipts: boolean; readonly typing: boolean };

  /** @param name at most 64 bytes; people I talk with learn it @throws options/invalid */
  setName(name: string): Promise<void>;

  /**
   * Whether I tell what I have read, and that I am writing: from now on, on this device, whatever the
   * options say. Off for one of two people is off for both.
   * @throws options/invalid, storage/full
   */
  setPrivacy(change: { receipts?: boolean; typing?: boolean }): Promise<void>;

  /**
   * A link that lets people ask to talk, with a token of its own, so that it is known where they came
   * from: `pim.invitations.create` with the defaults. What is secret stands behind the `#`, which
   * reaches no server.
   * @param options.label for me, to recognise it by
   * @param options.page the page it opens; without it, only the part from `#` on is given
   */
  invitation(options?: { label?: string; page?: string }): Promise<{ link: string; token: string }>;

  /** Twelve groups of five digits, the same on both sides, to compare by voice. */
  safetyNumber(address: string): Promise<string>;

  /**
   * What this device keeps of me, and how safe it lies there.
   * @throws storage/failed
   */
  kept(): Promise<Kept>;

  /**
   * Asks the browser not to erase it by itself; some ask the person. Works before `start()` too.
   * @returns whether it has promised; false too where nobody has answered within 60 seconds
   */
  persist(): Promise<boolean>;

  /**
   * Stops, and erases everything of this person on this device: key, contacts, conversations. Works
   * without the passphrase too, where `start()` threw `identity/locked`.
   */
  wipe(): Promise<void>;

  /**
   * Everything of this identity in one file, under a passphrase: key, settings, contacts, and the
   * conversations unless told otherwise. docs/backup.md has the format.
   * @param passphrase the whole protection of the file; not empty
   * @throws backup/no-seed, backup/too-large, options/invalid, platform/unsupported, storage/failed
   */
  backup(passphrase: string, options?: { messages?: boolean }): Promise<Uint8Array>;

  /**
   * The identity's key as 24 words (BIP-39, English): whoever has them is this person.
   * @throws backup/no-seed
   */
  words(): Promise<string[]>;

  /**
   * The identity's key as encrypted PKCS#8 in PEM, as `openssl pkey` reads it.
   * @throws backup/no-seed, options/invalid, platform/unsupported
   */
  pem(passphrase: string): Promise<string>;

  /**
   * Opens a backup, to see whose it is; changes nothing. Works before `start()` too.
   * @param from a backup file, the text of a PEM, or 24 words
   * @throws backup/invalid, backup/passphrase, platform/unsupported
   */
  readBackup(from: Uint8Array | string, passphrase?: string): Promise<Backup>;

  /**
   * Becomes the person of a backup on this device, and starts. All of it happens or nothing. Friends
   * see one device more; what they have and this device lacks comes with the next connection.
   * @param options.replace even where somebody is at home here: their key, contacts and
   * conversations are gone then
   * @throws identity/exists, pim/elsewhere, storage/full, and what `start()` throws
   */
  restore(backup: Backup, options?: { replace?: boolean }): Promise<void>;

  /**
   * Puts the key on this device under a passphrase: from the next start of the browser on, `start()`
   * throws `identity/locked` until `unlock` has opened it. All tabs share the opening for as long as
   * one of them lives. Conversations are stored as before. docs/backup.md says what it protects from.
   * @param passphrase not empty; nobody can bring it back
   * @param options.current the passphrase until now, where there is one
   * @throws identity/passphrase where `current` is wrong, backup/no-seed, options/invalid
   * @throws platform/unsupported, storage/full, storage/failed
   */
  lock(passphrase: string, options?: { current?: string }): Promise<void>;

  /**
   * Opens the key, and starts. Does nothing where the chat runs.
   * @param by the passphrase; or a backup of the same person, which takes the lock away for good
   * @throws identity/passphrase, identity/exists for a backup of somebody else, options/invalid, and
   * what `start()` throws
   */
  unlock(by: string | Backup): Promise<void>;

  /**
   * Resolves when the chat runs here: because it was opened in this tab, or in another one, with which
   * this one goes along then.
   * @throws pim/aborted, pim/stopped where everything was erased in another tab
   */
  unlocked(options?: { signal?: AbortSignal }): Promise<void>;

  /**
   * Closes the key again, in all tabs: each stops, and an `error` event says `identity/locked`, as
   * `start()` does from here on. Does nothing where no lock was put.
   * @throws pim/not-started, pim/stopped, storage/failed
   */
  relock(): Promise<void>;

  /** Takes the lock away for good. @throws identity/passphrase, storage/full, storage/failed */
  removeLock(passphrase: string): Promise<void>;
}

const deeds = () => loaded(import('./identity-deeds.js'));

export function identityArea(access: Access): IdentityArea {
  return Object.create({
    get name() {
      return access.running().settings.name;
    },
    get isPersistent() {
      return access.running().storage.isPersistent;
    },
    get privacy() {
      return { ...access.running().settings.privacy };
    },
    async setName(name: string) {
      const { chat, settings } = access.running();
      await settings.setName(checkName(name, 'name', MAX_NAME_BYTES));
      await chat.profileChanged();
    },
    ...seldom(
      access,
      'setPrivacy invitation safetyNumber kept backup words pem lock removeLock',
      deeds,
    ),
    ...seldom(access, 'persist readBackup relock restore unlock unlocked wipe', deeds, true),
  });
}
