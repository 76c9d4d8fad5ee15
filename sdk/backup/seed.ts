/**
 * The seed of the identity that is stored, for those who keep it elsewhere or put it under a passphrase.
 */

import type { Bytes } from '../base/bytes.js';
import { PimError } from '../base/errors.js';
import type { Platform } from '../base/platform.js';
import { usableIdentity } from '../chat/settings.js';
import type { IdentityRecord, SealedSeed } from '../crypto/identity.js';
import { seedAlgorithm } from '../crypto/seed-box.js';
import type { Suite } from '../crypto/suite.js';
import type { Storage } from '../storage/storage.js';
import { sealBackup } from './backup-file.js';
import { noSeed } from './faults.js';

/** What is running, as far as a backup looks at it. */
export interface Source {
  readonly storage: Storage;
  readonly suite: Suite;
  readonly platform: Platform;
}

/**
 * What `use` makes of the seed of the identity that is stored, which is wiped after.
 * @throws backup/no-seed
 */
export async function useSeed<Made>(
  source: Source,
  use: (seed: Bytes) => Made | Promise<Made>,
): Promise<Made> {
  const seed = await seedOf(source);
  try {
    return await use(seed);
  } finally {
    seed.fill(0);
  }
}

/** A backup file of the stored identity, with `rows` in it. @throws backup/no-seed, backup/too-large, platform/unsupported */
export function seal(source: Source, passphrase: string, rows: Bytes): Promise<Bytes> {
  const { platform } = source;
  const madeAt = Math.max(0, Math.floor(platform.now()));
  return useSeed(source, (seed) =>
    sealBackup(hostOf(platform), passphrase, { seed, madeAt, rows }),
  );
}

/** @returns bytes of the caller's own: an open key may go on being used by its page */
async function seedOf({ storage, suite, platform }: Source): Promise<Bytes> {
  const record = (await usableIdentity(storage, platform)) as IdentityRecord;
  const { keys, publicKey, recovery } = record;
  const { subtle } = platform;
  const canOpen = recovery !== undefined && subtle !== null;
  const sealed = canOpen ? await openSeed(subtle, recovery, publicKey) : null;
  const seed = keys.kind === 'seed' ? (keys.seed.slice() as Bytes) : sealed;
  if (seed === null) throw noSeed();
  const own = await suite.keysFromSeed(seed);
  // A damaged record must not become a backup of somebody else.
  if (own.publicKey.some((byte, i) => byte !== publicKey[i])) throw noSeed();
  return seed;
}

/** Null where it is not what was sealed for this identity. */
async function openSeed(
  subtle: SubtleCrypto,
  { key, nonce, ciphertext }: SealedSeed,
  publicKey: Bytes,
): Promise<Bytes | null> {
  try {
    return new Uint8Array(await subtle.decrypt(seedAlgorithm(nonce, publicKey), key, ciphertext));
  } catch {
    return null;
  }
}

export function hostOf(platform: Platform) {
  return { subtle: subtleOf(platform), random: (length: number) => platform.random(length) };
}

/** @throws platform/unsupported */
export function subtleOf({ subtle }: Platform): SubtleCrypto {
  if (subtle !== null) return subtle;
  const message = 'This page has no Web Crypto, which backups need.';
  throw new PimError('platform/unsupported', message, { missing: 'Web Crypto' });
}
