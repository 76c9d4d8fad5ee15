/** The signature check of a login and nothing else, as often as it is called. */

import { generateKeyPairSync, sign, verify } from 'node:crypto';

/** Bytes of what a login signs, about. */
const SIGNED_BYTES = 180;

/** @returns checks one good signature */
export function signatureCheck(): () => void {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const bytes = Buffer.alloc(SIGNED_BYTES, 7);
  const signature = sign(null, bytes, privateKey);
  return () => {
    if (!verify(null, bytes, publicKey, signature)) throw new Error('a good signature was refused');
  };
}
