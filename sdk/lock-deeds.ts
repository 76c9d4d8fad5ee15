/**
 * The passphrase lock of an identity: put on, opened, closed, taken off. Comes with the deeds of an identity.
 * The stored key is a backup file with nothing in it but the seed; what it was opened to stays with
 * the page (chat/locked.ts), and goes to its other tabs (tabs/).
 */

import type { Access } from './access.js';
import { Backup } from './backup/backup.js';
import { openBackup } from './backup/backup-file.js';
import { checkedPassphrase } from './backup/passphrase.js';
import { type Source, seal, subtleOf, useSeed } from './backup/seed.js';
import { isPimError, PimError } from './base/errors.js';
import { isLocked, type LockedRecord, lockedOf, sameKey } from './chat/locked.js';
import { IDENTITY, keepIdentity, meta, storedIdentity, usableIdentity } from './chat/settings.js';
import { chooseSuite } from './crypto/choose.js';
import { damaged } from './crypto/faults.js';
import { type IdentityRecord, identityRecord, makeIdentity } from './crypto/identity.js';
import { withSeed } from './crypto/seed-box.js';
import type { Kept } from './kept.js';
import { holdOpen, shutAll } from './tabs/shut.js';
import { tell } from './tabs/unlocked.js';

export async function lock(
  access: Access,
  passphrase: string,
  { current }: { readonly current?: string } = {},
): Promise<void> {
  const { platform } = access.options;
  const { storage, suite } = access.running();
  const source = { storage, suite, platform };
  checkedPassphrase(passphrase);
  const stored = await storedIdentity(storage);
  // Whoever finds a tab open must not be able to lock its owner out.
  if (isLocked(stored)) await openWith(source, stored, current ?? '');
  const record = (await usableIdentity(storage, platform)) as IdentityRecord;
  const sealed = await seal(source, passphrase, new Uint8Array(0));
  holdOpen(access, record);
  const { version, publicKey, device } = record;
  const value: LockedRecord = { version, publicKey, device, keys: { kind: 'locked', sealed } };
  await storage.write([meta(IDENTITY, value)]);
  tell(access, { kind: 'lead' }); // the others ask for the opened key
}

export async function removeLock(access: Access, passphrase: string): Promise<void> {
  const { platform } = access.options;
  const { storage, suite } = access.running();
  const source = { storage, suite, platform };
  const stored = await storedIdentity(storage);
  if (!isLocked(stored)) return;
  const record = await openWith(source, stored, passphrase);
  await useSeed(source, (seed) => keepIdentity(storage, record, seed));
}

export async function unlock(access: Access, by: string | Backup): Promise<void> {
  const { options, pim } = access;
  const { platform } = options;
  const isBackup = by instanceof Backup;
  if (!isBackup) checkedPassphrase(by);
  const locked = lockedOf(platform) ?? (await firstTry(access));
  if (access.state() === 'started' || locked === null) return;
  if (isBackup) {
    await access.start((storage, suite) => by.unlock({ storage, suite, platform }));
  } else {
    const suite = await chooseSuite(platform);
    holdOpen(access, await openWith({ suite, platform }, locked, by));
    await pim.start();
  }
  if (pim.leads) tell(access, { kind: 'lead' }); // to those who wait for it
}

/** Whether there is a lock is asked of the store, which another tab may have. */
export async function relock(access: Access): Promise<void> {
  const { kept } = access.pim.identity as { kept(): Promise<Kept> };
  if ((await kept()).isLocked) await shutAll(access);
}

/** A start that was not tried yet. @returns what it ended at; null where it did not */
async function firstTry({ pim, options }: Access): Promise<LockedRecord | null> {
  try {
    await pim.start();
    return null;
  } catch (fault) {
    if (!isPimError(fault, 'identity/locked')) throw fault;
    return lockedOf(options.platform);
  }
}

/** @throws identity/passphrase, identity/invalid, platform/unsupported */
async function openWith(
  { suite, platform }: Omit<Source, 'storage'>,
  locked: LockedRecord,
  passphrase: string,
): Promise<IdentityRecord> {
  const { seed } = await openBackup(
    { subtle: subtleOf(platform) },
    passphrase,
    locked.keys.sealed,
  ).catch((fault: unknown) => {
    if (isPimError(fault, 'backup/invalid')) throw damaged(fault.detail.reason);
    if (!isPimError(fault, 'backup/passphrase')) throw fault;
    throw new PimError('identity/passphrase', 'This is not the passphrase.', null, fault.cause);
  });
  try {
    const record = identityRecord(await makeIdentity(suite, platform, seed));
    if (!sameKey(record, locked)) throw damaged('its locked key is of somebody else');
    return await withSeed({ ...record, device: locked.device }, platform, seed);
  } finally {
    seed.fill(0);
  }
}
