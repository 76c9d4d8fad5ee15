/**
 * Whom a `to` means.
 */

import { toFault } from './fault.js';
import type { Target } from './state.js';

/**
 * @param parseAddress throws address/invalid
 * @param mine my own address, where it is known already
 */
export function targetOf(
  to: string | null,
  parseAddress: (text: string) => string,
  mine: string | null,
): Target {
  if (to === null) return { kind: 'inbox' };
  try {
    const address = parseAddress(to.trim());
    return address === mine ? { kind: 'own', address } : { kind: 'person', address };
  } catch (error) {
    return { kind: 'invalid', fault: toFault(error), error };
  }
}
