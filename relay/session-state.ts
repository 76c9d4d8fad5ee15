/**
 * The states of one socket: challenged → ready → closed. Which frames a session takes follows from
 * them; the table is all there is.
 */

import type { Timer } from '../sdk/base/platform.js';
import type { Table } from '../sdk/base/state.js';
import type { Challenge } from './login.js';
import type { KeyEntry } from './router.js';

export type SessionEvent = 'proved' | 'ended';

export const SESSION_STATES: Table<State['name'], SessionEvent> = {
  challenged: { proved: 'ready', ended: 'closed' },
  ready: { ended: 'closed' },
  closed: {},
};

export type State =
  | { readonly name: 'challenged'; readonly challenge: Challenge; readonly deadline: Timer }
  | { readonly name: 'ready'; readonly entry: KeyEntry }
  | { readonly name: 'closed' };

export const CLOSED: State = { name: 'closed' };

/** RFC 6455 §7.4.1 and the IANA registry of close codes. */
export const CLOSE_NORMAL = 1000;
export const CLOSE_PROTOCOL_ERROR = 1002;
export const CLOSE_UNSUPPORTED_DATA = 1003;
export const CLOSE_SERVICE_RESTART = 1012;
