/** A code of a backup → the sentence for it. */

import { faultKey } from '../panel/fault.js';
import { INBOX_STRINGS } from '../strings/inbox.js';

type Key = keyof typeof INBOX_STRINGS;

export function backupFault(code: string): Key | ReturnType<typeof faultKey> {
  const key = `restore.${code}`;
  return Object.hasOwn(INBOX_STRINGS, key) ? (key as Key) : faultKey({ code, detail: null });
}
