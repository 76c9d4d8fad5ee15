/**
 * What went wrong, as data: the code is looked up in the dictionary, the text of an error never
 * reaches the person.
 */

import { FAULT_STRINGS } from '../fault-strings.js';
import type { ErrorCode } from '../../sdk/index.js';
import type { StringKey } from '../strings.js';

export interface Fault {
  readonly code: ErrorCode | 'unknown';
  readonly detail: unknown;
}

/** What a person can do about it beside reading. */
export type WayOn = 'retry' | 'reload' | null;

/** Codes after which the same may succeed, or a fresh page may. */
const WAYS_ON: { readonly [Code in Fault['code']]?: WayOn } = {
  unknown: 'reload',
  'crypto/failed': 'reload',
  'crypto/self-test-failed': 'reload',
  'identity/invalid': 'reload',
  'relay/unreachable': 'retry',
  'relay/refused': 'retry',
  'relay/none': 'retry',
  'relay/protocol': 'retry',
  'peer/offline': 'retry',
  'peer/unanswered': 'retry',
  'peer/no-route': 'retry',
  'peer/altered': 'retry',
  'peer/impostor': 'retry',
  'peer/protocol': 'retry',
  'channel/closed': 'retry',
  'storage/failed': 'retry',
  'storage/full': 'retry',
  'pim/stopped': 'retry',
  'pim/not-started': 'retry',
};

/** Told apart by its code and not by its class: the page may bring its own copy of the SDK. */
export function toFault(error: unknown): Fault {
  if (typeof error === 'object' && error !== null && 'code' in error) {
    const { code } = error;
    if (typeof code === 'string' && isKnown(code)) {
      return { code, detail: 'detail' in error ? error.detail : null };
    }
  }
  return { code: 'unknown', detail: null };
}

export function wayOn(fault: Fault): WayOn {
  return WAYS_ON[fault.code] ?? null;
}

/** The dictionary's key for the most telling sentence. */
export function faultKey({ code, detail }: Fault): StringKey {
  if (code === 'address/invalid' && typeof detail === 'object' && detail !== null) {
    const key = `fault.address.${'reason' in detail ? String(detail.reason) : ''}`;
    if (isKey(key)) return key;
  }
  return `fault.${code}`;
}

function isKnown(code: string): code is ErrorCode {
  return code.includes('/') && isKey(`fault.${code}`);
}

function isKey(key: string): key is keyof typeof FAULT_STRINGS {
  return Object.hasOwn(FAULT_STRINGS, key);
}
