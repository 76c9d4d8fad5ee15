/** What the tests of the passphrase lock look for. */

import { toHex } from '../../sdk/base/bytes.js';

export const PASS = 'correct horse battery';

/** Whether a value holds an object of the platform's, at any depth. */
export function holdsKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  return 'usages' in value || 'algorithm' in value || Object.values(value).some(holdsKey);
}

export const textOf = (value: unknown) =>
  JSON.stringify(value, (_, each) => (each instanceof Uint8Array ? toHex(each) : each));
