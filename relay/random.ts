/**
 * Strong random bytes, fetched many at a time: to ask the system for the 32 of one challenge costs as
 * much as for some thousand.
 */

import { randomFillSync } from 'node:crypto';
import type { Bytes } from '../sdk/base/bytes.js';

const POOL_BYTES = 4_096;

/** @returns gives `length` bytes, at most POOL_BYTES, that nobody has had before */
export function pooledRandom(): (length: number) => Bytes {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return (length) => {
    if (length > POOL_BYTES) throw new RangeError(`at most ${POOL_BYTES} bytes, not ${length}`);
    if (used + length > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const bytes = pool.slice(used, used + length);
    used += length;
    return bytes;
  };
}
