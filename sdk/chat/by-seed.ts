/**
 * An identity in a browser that cannot store keys which are objects of its own (Firefox before 136):
 * the seed itself is kept there.
 */

import type { Bytes } from '../base/bytes.js';
import type { PimError } from '../base/errors.js';
import type { IdentityRecord } from '../crypto/identity.js';

/** @param fault why `record` could not be stored; thrown again where it is another reason */
export function bySeed(
  record: IdentityRecord,
  seed: Bytes,
  fault: PimError<'storage/failed'>,
): IdentityRecord {
  if (fault.detail.operation !== 'clone') throw fault;
  return { ...record, recovery: undefined, keys: { kind: 'seed', seed: seed.slice() as Bytes } };
}
