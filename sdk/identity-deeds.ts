/**
 * What one does with one's identity but seldom: comparing numbers, keeping it beyond this browser.
 * Fetched at the first use.
 */

import { type Access, keyOfAddress } from './access.js';
import * as backups from './backup/backup.js';
import { alreadyThere } from './backup/faults.js';
import { backupMark } from './backup/last.js';
import { checkedPassphrase } from './backup/passphrase.js';
import { compare } from './base/bytes.js';
import { PimError } from './base/errors.js';
import { forget, wasShut } from './chat/locked.js';
import { setPrivacy as keepPrivacy } from './chat/privacy.js';
import { chooseSuite } from './crypto/choose.js';
import { safetyNumber as numberOf } from './crypto/safety-number.js';
import { databaseName, openStorage } from './running.js';
import { tell } from './tabs/unlocked.js';

export { create as invitation } from './invitation-deeds.js';
export { kept, persist } from './kept.js';
export { lock, relock, removeLock, unlock } from './lock-deeds.js';
export { unlocked } from './tabs/unlocked.js';

export async function safetyNumber(access: Access, address: string): Promise<string> {
  const { suite, identity } = access.running();
  const mine = identity.keys.publicKey;
  const theirs = keyOfAddress(access, address);
  const [low, high] = compare(mine, theirs) < 0 ? [mine, theirs] : [theirs, mine];
  return numberOf(suite, low, high);
}

export async function setPrivacy(
  { running }: Access,
  change: { readonly receipts?: boolean; readonly typing?: boolean },
): Promise<void> {
  const { settings, storage, chat } = running();
  for (const [option, value] of Object.entries(change)) {
    if (Object.hasOwn(settings.privacy, option) && typeof value === 'boolean') continue;
    const detail = { option: `privacy.${option}`, expected: 'receipts or typing, true or false' };
    throw new PimError('options/invalid', `“${option}” is no such choice.`, detail);
  }
  await keepPrivacy(storage, settings, { ...settings.privacy, ...change });
  chat.privacyChanged();
}

export async function backup(
  { options: { platform }, running }: Access,
  passphrase: string,
  { messages = true }: { readonly messages?: boolean } = {},
): Promise<Uint8Array> {
  const { storage, suite } = running();
  const file = await backups.makeBackup(
    { storage, suite, platform },
    checkedPassphrase(passphrase),
    messages,
  );
  // A full disk keeps nobody from a backup: without its mark it counts as not made.
  await storage.write([backupMark(Math.floor(platform.now()))]).catch(() => undefined);
  return file;
}

export async function words({ options: { platform }, running }: Access): Promise<string[]> {
  const { storage, suite } = running();
  return backups.words({ storage, suite, platform });
}

export async function pem(
  { options: { platform }, running }: Access,
  passphrase: string,
): Promise<string> {
  const { storage, suite } = running();
  return backups.pem({ storage, suite, platform }, checkedPassphrase(passphrase));
}

export async function readBackup(
  { options: { platform } }: Access,
  from: Uint8Array | string,
  passphrase = '',
): Promise<backups.Backup> {
  return backups.readBackup({ platform, suite: await chooseSuite(platform) }, from, passphrase);
}

/** Where it fails, whoever was there before is there again. */
export async function restore(
  { start, state, stop, options: { platform } }: Access,
  from: backups.Backup,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<void> {
  const wasStarted = state() === 'started';
  if (wasStarted && !replace) throw alreadyThere();
  do await stop();
  while (state() !== 'stopped');
  try {
    await start((storage, suite) => from.into({ storage, suite, platform }, replace));
    forget(platform);
  } catch (fault) {
    if (wasStarted) await start().catch(() => undefined);
    throw fault;
  }
  void platform.persist();
}

export async function wipe(access: Access): Promise<void> {
  const { running, state, stop, options } = access;
  if (state() !== 'started' && wasShut(options.platform)) return wipeLocked(access);
  const { chat, storage } = running();
  forget(options.platform);
  await chat.stop();
  await storage.wipe();
  await stop();
}

/** Where nothing runs, because nobody knows the passphrase. */
async function wipeLocked(access: Access): Promise<void> {
  const { options, stop } = access;
  const { platform, profile, storage: kind } = options;
  await stop();
  const isShared = kind === 'indexeddb';
  const lock = isShared ? await platform.holdLock(databaseName(profile), true) : null;
  try {
    const { storage } = await openStorage(options);
    await storage.wipe();
    forget(platform);
    tell(access, { kind: 'erased' });
  } finally {
    lock?.release();
  }
}
