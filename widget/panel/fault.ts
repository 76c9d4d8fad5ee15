/**
 * What went wrong, as data: the code is looked up in the dictionary, the text of an error never
 * reaches the person.
 */

import type { ErrorCode } from '../../sdk/index.js';
import type { FAULT_STRINGS } from '../strings/faults.js';

export interface Fault {
  readonly code: string;
  readonly detail: unknown;
}

type FaultKey = keyof typeof FAULT_STRINGS;

const UNKNOWN: Fault = { code: 'unknown', detail: null };

const ADDRESS_FAULTS =
  'empty length mixed-case prefix character checksum version padding key'.split(' ');

/** What a person can do about it beside reading. */
export type WayOn = 'retry' | 'reload' | null;

const RETRY: readonly ErrorCode[] = [
  'relay/refused',
  'relay/none',
  'relay/protocol',
  'peer/no-route',
  'peer/altered',
  'peer/impostor',
  'peer/protocol',
  'storage/failed',
  'storage/full',
  'pim/stopped',
  'pim/not-started',
];
const RELOAD: readonly ErrorCode[] = ['crypto/failed', 'identity/invalid'];

/** Told apart by its code and not by its class: the page may bring its own copy of the SDK. */
export function toFault(error: unknown): Fault {
  if (typeof error !== 'object' || error === null || !('code' in error)) return UNKNOWN;
  const { code } = error;
  // `layer/what` is an SDK's; other errors have codes too.
  const isOurs = typeof code === 'string' && code.includes('/');
  return isOurs ? { code, detail: 'detail' in error ? error.detail : null } : UNKNOWN;
}

export function wayOn(fault: Fault): WayOn {
  if (fault === UNKNOWN || RELOAD.some((code) => code === fault.code)) return 'reload';
  return RETRY.some((code) => code === fault.code) ? 'retry' : null;
}

/** The dictionary's key for the most telling sentence; where it has none, `fault.unknown` is said. */
export function faultKey({ code, detail }: Fault): FaultKey {
  const { reason, option } = (detail ?? {}) as { reason?: unknown; option?: unknown };
  if (code === 'options/invalid' && option === 'name') return 'fault.name';
  const isTelling = code === 'address/invalid' && ADDRESS_FAULTS.includes(String(reason));
  return (isTelling ? `fault.address.${reason}` : `fault.${code}`) as FaultKey;
}
