/**
 * The seed of an identity at rest: sealed under a key that this browser keeps and gives to no
 * script. What lies on the disk beside it is no seed; whoever may run code on the page can open it,
 * as they could use the identity's keys (docs/threat-model.md).
 */

import type { Bytes } from '../base/bytes.js';
import type { Platform } from '../base/platform.js';
import type { IdentityRecord } from './identity.js';

export const seedAlgorithm = (nonce: Bytes, publicKey: Bytes) => ({
  name: 'AES-GCM',
  iv: nonce,
  // A seed put beside another identity does not open.
  additionalData: publicKey,
});

/** The record with its seed, sealed where the platform holds its keys. */
export async function withSeed(
  record: IdentityRecord,
  platform: Platform,
  seed: Bytes,
): Promise<IdentityRecord> {
  const { subtle } = platform;
  if (record.keys.kind === 'seed' || subtle === null) return record;
  const uses: KeyUsage[] = ['encrypt', 'decrypt'];
  const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, uses);
  const nonce = platform.random(12);
  const sealed = await subtle.encrypt(seedAlgorithm(nonce, record.publicKey), key, seed);
  return { ...record, recovery: { key, nonce, ciphertext: new Uint8Array(sealed) } };
}
