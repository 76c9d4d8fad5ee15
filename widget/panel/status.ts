/**
 * From the state to what the header says, and to the one problem worth a banner. Keys of the
 * dictionary come out, no words.
 */

import type { StringKey } from '../strings.js';
import type { Params } from '../words.js';
import { type Fault, faultKey, type WayOn, wayOn } from './fault.js';
import type { State, Thread } from './state.js';

export interface Status {
  readonly key: StringKey;
  readonly params?: Params;
  /** `here`: reachable now; `busy`: on the way, for a limited time; `away`: neither. */
  readonly tone: 'here' | 'busy' | 'away';
}

export interface Problem {
  readonly key: StringKey;
  readonly tone: 'error' | 'note';
  readonly way: WayOn;
  /** A person can put it aside. */
  readonly canDismiss: boolean;
}

/** What stops a connection although both people are here. */
const BLOCKING: ReadonlySet<string> = new Set([
  'peer/no-route',
  'peer/altered',
  'peer/impostor',
  'peer/protocol',
]);

/** @param timeOf formats a moment for the sentence */
export function statusOf(state: State, name: string, timeOf: (time: number) => string): Status {
  const { phase, thread, reach } = state;
  const connection = thread?.connection ?? null;
  if (connection?.state === 'connected') {
    const isRelayed = connection.route === 'relayed';
    return { key: isRelayed ? 'status.relayed' : 'status.direct', tone: 'here' };
  }
  if (thread?.contact?.status === 'blocked') return { key: 'status.blocked', tone: 'away' };
  if (phase.name === 'starting') return { key: 'status.starting', tone: 'busy' };
  if (phase.name !== 'ready') return { key: 'status.private', tone: 'away' };
  if (reach === 'no') return { key: 'status.unreachable', tone: 'away' };
  if (reach === 'unknown') return { key: 'status.joining', tone: 'busy' };
  return thread === null ? { key: 'status.private', tone: 'away' } : ofThread(thread, name, timeOf);
}

function ofThread(thread: Thread, name: string, timeOf: (time: number) => string): Status {
  const { contact, connection } = thread;
  if (contact === null || contact.status === 'added') return { key: 'status.new', tone: 'away' };
  if (contact.status === 'requested') return { key: 'status.requested', tone: 'away' };
  if (connection?.state === 'calling') {
    return { key: 'status.calling', params: { name }, tone: 'busy' };
  }
  if (connection?.state === 'connecting') return { key: 'status.connecting', tone: 'busy' };
  const code = connection?.reason?.code ?? '';
  if (code === 'peer/no-route') return { key: 'status.no-route', tone: 'away' };
  // Whether they are here was said by somebody who is not to be believed; why, the banner says.
  if (BLOCKING.has(code)) return { key: 'status.unreachable', tone: 'away' };
  const heard = connection?.lastHeard ?? null;
  return heard === null
    ? { key: 'status.away', tone: 'away' }
    : { key: 'status.away-since', params: { time: timeOf(heard) }, tone: 'away' };
}

/** The most pressing problem, or null. What fills the whole pane is not among them. */
export function problemOf(state: State): Problem | null {
  const { notice, thread, phase, reach, screen } = state;
  // There the fault belongs to what was typed, and is said below it.
  if (notice !== null && screen.name !== 'add') return problem(notice, true, false);
  const connection = thread?.connection ?? null;
  if (phase.name !== 'ready' || connection?.state === 'connected') return null;
  if (reach === 'no') return problem(relayFault(state), false, true);
  const reason = connection?.reason ?? null;
  const isBlocking =
    connection?.state === 'offline' && reason !== null && BLOCKING.has(reason.code);
  return isBlocking ? problem(reason, false, true) : null;
}

/** What all relays have in common, where it says more than that none is reached. */
function relayFault({ relays }: State): Fault {
  const reasons = new Map(relays.flatMap(({ reason }) => (reason ? [[reason.code, reason]] : [])));
  const [only] = reasons.size === 1 ? reasons.values() : [];
  if (only === undefined || only.code === 'relay/unreachable') {
    return { code: 'relay/none', detail: null };
  }
  return only;
}

function problem(fault: Fault, canDismiss: boolean, canRetry: boolean): Problem {
  const way = wayOn(fault);
  // A failed request is asked again by its own button.
  const isOffered = way === 'reload' || canRetry;
  return { key: faultKey(fault), tone: 'error', way: isOffered ? way : null, canDismiss };
}
