/**
 * What two people compare to know that they have each other's addresses. Fetched when they do.
 */

import { type Bytes, concat, toHex, utf8 } from '../base/bytes.js';
import type { Suite } from './suite.js';

/**
 * Twelve groups of five digits, the same on both sides, for comparing by voice or on paper,
 * docs/protocol.md §10. The address itself is the key: this only catches a swapped link.
 */
export async function safetyNumber(suite: Suite, low: Bytes, high: Bytes): Promise<string> {
  const hash = await suite.sha512(concat(utf8('pim/1 safety\0'), low, high));
  const groups = Array.from({ length: 12 }, (_, i) => {
    const group = BigInt(`0x${toHex(hash.subarray(i * 5, i * 5 + 5))}`) % 100_000n;
    return group.toString().padStart(5, '0');
  });
  return groups.join(' ');
}
