/** When a store was last backed up. The mark belongs to the store: no backup carries it along. */

import type { Storage, Write } from '../storage/storage.js';

/** In `meta`: milliseconds since 1970. */
const BACKUP_AT = 'backup-at';
/** Milliseconds: no Date is later (ECMA-262 §21.4.1.1). */
const MAX_TIME = 8.64e15;

/** Null: never, or it cannot be read. */
export async function lastBackupAt(storage: Storage): Promise<number | null> {
  const at = await storage.get('meta', BACKUP_AT);
  return Number.isSafeInteger(at) && Math.abs(at as number) <= MAX_TIME ? (at as number) : null;
}

/** Says that there is a backup. @param at when it was made, milliseconds since 1970 */
export function backupMark(at: number): Write {
  return { table: 'meta', key: BACKUP_AT, value: at };
}

export function isBackupMark(table: string, key: string): boolean {
  return table === 'meta' && key === BACKUP_AT;
}
