/**
 * What is kept on this device, how safe it lies there, and when it was last taken elsewhere. Comes
 * with the deeds of an identity.
 */

import type { Access } from './access.js';
import { lastBackupAt } from './backup/last.js';
import { isLocked } from './chat/locked.js';
import { storedIdentity } from './chat/settings.js';
import { factsOf, inTime } from './host-facts.js';

/** Milliseconds for a person whom the browser asks. Later their answer shows in `kept()`. */
const ANSWER_LIMIT_MS = 60_000;

/** Null: the browser does not say. */
export interface Kept {
  /** Whether anything is left after this page is closed. */
  readonly isPersistent: boolean;
  /** Whether the browser has promised not to erase it by itself (WHATWG Storage §4). */
  readonly isPersisted: boolean | null;
  /** Bytes, about: all that this origin keeps, not the chat alone. */
  readonly usedBytes: number | null;
  /** Bytes, about, that this origin may keep. */
  readonly quotaBytes: number | null;
  /** Days of use without a visit after which the browser erases it; null: never by itself. */
  readonly erasesAfterDays: number | null;
  /** Whether the key lies under a passphrase: `lock` put it there. */
  readonly isLocked: boolean;
  /** When a backup file was last made, milliseconds since 1970; null: never. */
  readonly lastBackupAt: number | null;
}

export async function kept({ running, options: { platform } }: Access): Promise<Kept> {
  const { storage } = running();
  const [facts, at, identity] = await Promise.all([
    factsOf(platform),
    lastBackupAt(storage),
    storedIdentity(storage),
  ]);
  const { isPersisted = null, usedBytes = null, quotaBytes = null } = facts ?? {};
  return Object.freeze({
    isPersistent: storage.isPersistent,
    isPersisted,
    usedBytes,
    quotaBytes,
    erasesAfterDays: facts?.erasesAfterDays ?? null,
    isLocked: isLocked(identity),
    lastBackupAt: at,
  });
}

export function persist({ options: { platform } }: Access): Promise<boolean> {
  return inTime(platform, ANSWER_LIMIT_MS, platform.persist(), false);
}
