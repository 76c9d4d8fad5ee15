/**
 * The only way a signature is checked: pim-strict first, then the suite's primitive.
 */

import type { Bytes } from '../base/bytes.js';
import { type SigningLabel, signingBytes } from '../protocol/signing.js';
import { isStrictSignature } from './strict.js';
import type { Suite } from './suite.js';

/** True where `signature` was made by the owner of `publicKey` for this label and this body. */
export async function verify(
  suite: Suite,
  publicKey: Bytes,
  label: SigningLabel,
  body: Uint8Array,
  signature: Bytes,
): Promise<boolean> {
  if (!isStrictSignature(publicKey, signature)) return false;
  return suite.verifyUnchecked(publicKey, signingBytes(label, body), signature);
}
