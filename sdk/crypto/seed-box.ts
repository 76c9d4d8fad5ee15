/**
 * The seed of an identity at rest: sealed under a key that this browser keeps and gives to no
 * script. What lies on the disk beside it is no seed; whoever may run code on the page can open it,
 * as they could use the identity's keys (docs/threat-model.md).
 */

import type { Bytes } from '../base/bytes.js';

export interface SealedSeed {
  /** AES-256-GCM, not extractable. */
  readonly key: CryptoKey;
  readonly nonce: Bytes;
  readonly ciphertext: Bytes;
}

export const seedAlgorithm = (nonce: Bytes, publicKey: Bytes) => ({
  name: 'AES-GCM',
  iv: nonce,
  // A seed put beside another identity does not open.
  additionalData: publicKey,
});

/** @param nonce 12 random bytes */
export async function sealSeed(
  subtle: SubtleCrypto,
  nonce: Bytes,
  seed: Bytes,
  publicKey: Bytes,
): Promise<SealedSeed> {
  const uses: KeyUsage[] = ['encrypt', 'decrypt'];
  const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, uses);
  const sealed = await subtle.encrypt(seedAlgorithm(nonce, publicKey), key, seed);
  return { key, nonce, ciphertext: new Uint8Array(sealed) };
}
