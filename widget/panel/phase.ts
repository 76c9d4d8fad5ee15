/**
 * How far the chat has come with its SDK, as a table of arrows.
 */

import type { Fault } from './fault.js';

export type Phase =
  /** Nothing was stored, made or contacted yet. */
  | { readonly name: 'idle' }
  | { readonly name: 'starting' }
  | { readonly name: 'ready' }
  /** Another tab holds this identity. */
  | { readonly name: 'elsewhere' }
  | { readonly name: 'failed'; readonly fault: Fault };

export type PhaseEvent =
  | { readonly type: 'begin' }
  | { readonly type: 'started' }
  | { readonly type: 'taken' }
  | { readonly type: 'fail'; readonly fault: Fault };

type Arrows = Readonly<Partial<Record<PhaseEvent['type'], Phase['name']>>>;

/** A chat that shares its SDK with another one may be started or taken without having begun. */
export const PHASES: Readonly<Record<Phase['name'], Arrows>> = {
  idle: { begin: 'starting', started: 'ready', taken: 'elsewhere' },
  starting: { started: 'ready', taken: 'elsewhere', fail: 'failed' },
  ready: { taken: 'elsewhere', fail: 'failed' },
  elsewhere: { begin: 'starting', started: 'ready' },
  failed: { begin: 'starting', started: 'ready' },
};

/** Whether the key here waits for its passphrase. */
export function isLocked(phase: Phase): boolean {
  return phase.name === 'failed' && phase.fault.code === 'identity/locked';
}

/** Whether the person has to do something before the chat can run here; the inbox's chunk says what. */
export function barred(phase: Phase): boolean {
  return phase.name === 'elsewhere' || isLocked(phase);
}

/** The phase after `event`; the same one where the table has no such arrow. */
export function nextPhase(phase: Phase, event: PhaseEvent): Phase {
  const name = PHASES[phase.name][event.type];
  if (name === undefined) return phase;
  if (name !== 'failed') return { name };
  return event.type === 'fail' ? { name, fault: event.fault } : phase;
}
