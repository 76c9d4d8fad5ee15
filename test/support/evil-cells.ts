/**
 * The cells of the matrix: every attack of relay/evil at every step it can be aimed at, and what may
 * come of it. The same ones run in one process and in real browsers.
 */

import { ATTACK_NAMES, type AttackName, attackOf } from '../../relay/evil/index.js';
import type { SignalKind } from '../../sdk/protocol/signal.js';

/** Frames of a login, then signals of a set-up, then those of a first contact. */
export const LOGIN_STEPS = ['challenge', 'auth', 'ok'] as const;
export const SET_UP_STEPS = ['knock', 'hello', 'offer', 'answer', 'candidates'] as const;
export const FIRST_CONTACT_STEPS = ['invite', 'accept'] as const;

export type CellStep =
  | (typeof LOGIN_STEPS)[number]
  | (typeof SET_UP_STEPS)[number]
  | (typeof FIRST_CONTACT_STEPS)[number];

export interface Cell {
  readonly attack: AttackName;
  readonly step: CellStep;
  /** As `--evil` takes it. */
  readonly order: string;
  /** What a relay cannot see; null where it is a frame of the relay's own. */
  readonly kind: SignalKind | null;
}

/** Every attack at every step; those on envelopes at each kind of signal. */
export function allCells(): Cell[] {
  return ATTACK_NAMES.flatMap((attack) =>
    attackOf(attack).steps.flatMap((step): Cell[] => {
      if (step !== 'envelope') return [{ attack, step, order: `${attack}@${step}`, kind: null }];
      return [...SET_UP_STEPS, ...FIRST_CONTACT_STEPS].map((kind) => ({
        attack,
        step: kind,
        order: attack,
        kind,
      }));
    }),
  );
}
