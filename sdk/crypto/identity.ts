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
  const { publicKey, device, keys: stored } = parseRecord(record);
  const keys = await suite.keysFromStore(stored, publicKey);
  return { keys, address: encodeAddress(keys.publicKey), device };
}

function parseRecord(value: unknown): IdentityRecord {
  const record = (value ?? {}) as Partial<IdentityRecord>;
  if (record.version !== 1) throw damaged('unknown version');
  const { publicKey, device, keys } = record;
  if (!isBytes(publicKey, KEY_BYTES) || !isBytes(device, DEVICE_BYTES)) throw damaged('cut short');
  const isSeed = keys?.kind === 'seed' && isBytes(keys.seed, 32);
  const isPlatform = keys?.kind === 'platform' && isKey(keys.sign) && isKey(keys.agree);
  if (keys === undefined || !(isSeed || isPlatform)) throw damaged('no keys');
  return { version: 1, publicKey, device, keys };
}

function isBytes(value: unknown, length: number): value is Bytes {
  return value instanceof Uint8Array && value.length === length;
}

function isKey(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'usages' in value;
}
