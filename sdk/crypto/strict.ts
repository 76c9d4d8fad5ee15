/**
 * pim-strict: the byte checks before every signature verification, docs/protocol.md §1.
 * Verifiers disagree on signatures no honest signer makes (small-order and non-canonical points,
 * unreduced S); a dishonest one could make a message valid for one friend and invalid for another.
 * With these checks before any cofactorless verifier, all of them give one verdict.
 */

import { KEY_BYTES, SIGNATURE_BYTES } from '../protocol/limits.js';
import { isReducedScalar, isStrictPoint } from '../protocol/point.js';

/** False where key or signature must be refused before any arithmetic. */
export function isStrictSignature(publicKey: Uint8Array, signature: Uint8Array): boolean {
  return (
    publicKey.length === KEY_BYTES &&
    signature.length === SIGNATURE_BYTES &&
    isStrictPoint(publicKey) &&
    isStrictPoint(signature.subarray(0, 32)) &&
    isReducedScalar(signature.subarray(32))
  );
}
