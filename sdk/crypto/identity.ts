/**
 * An identity: the key pair that is a person's address, and this device's name beneath it. Made at
 * the first start, loaded at the later ones.
 */

import type { Bytes } from '../base/bytes.js';
import type { Platform } from '../base/platform.js';
import { type Address, encodeAddress } from '../protocol/address.js';
import { DEVICE_BYTES, KEY_BYTES } from '../protocol/limits.js';
import { damaged } from './faults.js';
import type { Keys, StoredKeys, Suite } from './suite.js';

export interface Identity {
  readonly keys: Keys;
  readonly address: Address;
  /** 8 random bytes: this store of this identity. */
  readonly device: Bytes;
}

/** What is kept of an identity; holds CryptoKey objects where the platform keeps the keys. */
export interface IdentityRecord {
  readonly version: 1;
  readonly publicKey: Bytes;
  readonly device: Bytes;
  readonly keys: StoredKeys;
  /** The seed they are of, for backups; missing where `keys` has it. */
  readonly recovery?: SealedSeed | undefined;
}

/** The seed at rest, for backups; sealed by seed-box.ts. */
export interface SealedSeed {
  /** AES-256-GCM, not extractable. */
  readonly key: CryptoKey;
  readonly nonce: Bytes;
  readonly ciphertext: Bytes;
}

/** @param seed 32 random bytes; the caller wipes them */
export async function makeIdentity(
  suite: Suite,
  platform: Platform,
  seed: Bytes,
): Promise<Identity> {
  const keys = await suite.keysFromSeed(seed);
  const device = platform.random(DEVICE_BYTES);
  return { keys, address: encodeAddress(keys.publicKey), device };
}

export function identityRecord(identity: Identity): IdentityRecord {
  const { keys, device } = identity;
  return { version: 1, publicKey: keys.publicKey, device, keys: keys.stored };
}

/** @throws identity/invalid where the record is cut, swollen, or of keys that do not match */
export async function loadIdentity(suite: Suite, record: unknown): Promise<Identity> {
  const { version, publicKey, device, keys: stored } = (record ?? {}) as Partial<IdentityRecord>;
  if (version !== 1) throw damaged('unknown version');
  if (!isBytes(publicKey, KEY_BYTES) || !isBytes(device, DEVICE_BYTES)) throw damaged('cut short');
  // Whether those of the platform are keys at all shows where they are tried.
  const isCut = stored?.kind === 'seed' && !isBytes(stored.seed, 32);
  if (!stored || isCut) throw damaged('no keys');
  const keys = await suite.keysFromStore(stored, publicKey);
  return { keys, address: encodeAddress(keys.publicKey), device };
}

function isBytes(value: unknown, length: number): value is Bytes {
  return value instanceof Uint8Array && value.length === length;
}
