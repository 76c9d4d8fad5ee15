/** What can be wrong with cryptography and what is kept of it, in one sentence each. */

import { PimError } from '../base/errors.js';

/** @param reason what is wrong with the stored identity */
export function damaged(reason: string): PimError<'identity/invalid'> {
  return new PimError('identity/invalid', `The stored identity is damaged: ${reason}.`, { reason });
}

/** A key agreement that came to nothing. */
export function noAgreement(cause: unknown): PimError<'crypto/failed'> {
  return new PimError('crypto/failed', 'A key agreement failed.', { operation: 'agree' }, cause);
}
