/**
 * Whether somebody is at home in a store. Fetched by those who ask before they begin.
 */

import type { Storage } from '../storage/storage.js';
import { IDENTITY, storedIdentity } from './settings.js';

/** Whether somebody's identity lies in `storage` already. */
export async function hasIdentity(storage: Storage): Promise<boolean> {
  return (await storedIdentity(storage)) !== undefined;
}

/** Whether a row is the identity itself. */
export function isIdentityRow(table: string, key: string): boolean {
  return table === 'meta' && key === IDENTITY;
}
