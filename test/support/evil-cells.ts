/**
 * The cells of the matrix: every attack of relay/evil at every step it can be aimed at, and what may
 * come of it. The same ones run in one process and in real browsers.
 */

import * as assert from 'uvu/assert';
import { ATTACK_NAMES, type AttackName, attackOf } from '../../relay/evil/index.js';
import type { SignalKind } from '../../sdk/protocol/signal.js';
import type { CellResult } from './evil-cell.js';
import { assertSentence } from './evil-report.js';

/** Frames of a login, then signals of a set-up, then those of a first contact. */
const LOGIN_STEPS = ['challenge', 'auth', 'ok'] as const;
const SET_UP_STEPS = ['knock', 'hello', 'offer', 'answer', 'candidates'] as const;
const FIRST_CONTACT_STEPS = ['invite', 'accept'] as const;

const SIGNALS = [...SET_UP_STEPS, ...FIRST_CONTACT_STEPS] as const;
const STEPS = [...LOGIN_STEPS, ...SIGNALS] as const;

export type CellStep = (typeof STEPS)[number];

export interface Cell {
  readonly attack: AttackName;
  readonly step: CellStep;
  /** As `--evil` takes it. */
  readonly order: string;
  /** What a relay cannot see; null where it is a frame of the relay's own. */
  readonly kind: SignalKind | null;
}

export const nameOf = ({ attack, step }: Cell): string => `${attack} at ${step}`;

/** Every attack at every step; those on envelopes at each kind of signal. */
export function allCells(): Cell[] {
  return ATTACK_NAMES.flatMap((attack) =>
    attackOf(attack).steps.flatMap((step): Cell[] => {
      if (step !== 'envelope') return [{ attack, step, order: `${attack}@${step}`, kind: null }];
      const order = `${attack}@envelope`;
      return SIGNALS.map((kind) => ({ attack, step: kind, order, kind }));
    }),
  );
}

/** Ends in a conversation by the evil relay itself. */
const HARMLESS: ReadonlySet<AttackName> = new Set([
  'reorder',
  'replay',
  'strangers',
  'skip-auth',
  'same-challenge',
  'wrong-clock',
  'answers',
  'bad-turn',
]);
/** What reaches somebody is told from silence. */
const ALTERING: ReadonlySet<AttackName> = new Set(['tamper', 'garbage', 'impersonate']);

/** Attacks on a login → what becomes of the link; each with the codes it may have. */
const LINK_CODES: Readonly<Record<string, string>> = {
  'drop challenge': 'unreachable',
  'drop auth': 'refused unreachable',
  'drop ok': 'unreachable protocol',
  'delay challenge': 'unreachable',
  'delay auth': 'refused unreachable',
  'delay ok': 'unreachable protocol',
  'duplicate challenge': 'protocol',
  'duplicate auth': 'protocol',
  'duplicate ok': 'protocol',
  'tamper challenge': 'refused',
  'tamper auth': 'refused',
  'tamper ok': 'protocol',
  'garbage challenge': 'protocol',
  'garbage ok': 'protocol',
  'forward-challenge auth': 'refused',
  'ok-before-auth challenge': 'protocol',
  'refuse auth': 'refused',
  'version challenge': 'version',
  'text challenge': 'protocol',
  'text ok': 'protocol',
  'oversize challenge': 'protocol unreachable',
  'oversize ok': 'protocol unreachable',
  'fragments challenge': 'protocol unreachable',
  'malformed challenge': 'unreachable',
  'subprotocol challenge': 'unreachable',
  'redirect challenge': 'unreachable',
  'close-at-once challenge': 'unreachable',
  'close-at-once ok': 'unreachable',
  'slow challenge': 'unreachable',
};

const CUT_CODES = [
  'peer/offline',
  'peer/unanswered',
  'peer/no-route',
  'peer/altered',
  'relay/none',
];

/** Asserts that a cell ended as it may: `not connected` with a reason, or in a conversation. */
export function judge(cell: Cell, result: CellResult): void {
  const { end, high, low, relay } = result;
  const what = `${nameOf(cell)}: ${JSON.stringify(result)}`;
  const ends = endsOf(cell);
  assert.ok(ends.includes(end), what);
  assert.is(result.early, 0, what);
  assert.ok(result.isMended, `no conversation over the honest relay: ${what}`);
  if (end !== 'cut') return;
  for (const { code, message } of [low, high]) {
    assert.ok(CUT_CODES.includes(code ?? ''), what);
    assertSentence(message ?? '');
  }
  if (ALTERING.has(cell.attack) && cell.kind !== null) {
    assert.ok([low.code, high.code].includes('peer/altered'), what);
  }
  const codes = LINK_CODES[`${cell.attack} ${cell.step}`];
  if (codes === undefined) return;
  assert.ok(codes.split(' ').includes(relay.code?.replace('relay/', '') ?? ''), what);
  assertSentence(relay.message ?? '');
}

/** Expected to be a conversation, which takes the time that WebRTC takes. */
export const isHarmless = (cell: Cell): boolean => endsOf(cell).includes('through');

function endsOf({ attack, step, kind }: Cell): readonly CellResult['end'][] {
  if (HARMLESS.has(attack)) return ['through'];
  if (attack === 'duplicate' && kind !== null) return ['through'];
  // Half a minute is more than one wait and less than five.
  if (attack === 'delay' && kind !== null) return ['through', 'cut', 'unasked'];
  // Which half it is, is chance.
  if (attack === 'halve') return step === 'invite' ? ['through', 'unasked'] : ['through', 'cut'];
  // A browser answers them all; ws ends the line at the sixtieth that waits.
  if (attack === 'pings') return ['through', 'cut'];
  if (step === 'invite') return ['unasked'];
  if (step === 'accept') return ['through', 'cut', 'unasked'];
  return ['cut'];
}

/** The table: a row for each attack, a column for each step. */
export function tableOf(cells: readonly Cell[], results: ReadonlyMap<string, CellResult>): string {
  const short = (cell: Cell): string => {
    const result = results.get(nameOf(cell));
    if (result === undefined) return '?';
    if (result.end === 'through') return 'ok';
    if (result.end === 'unasked') return 'unasked';
    const codes = [result.low.code, result.high.code].map((code) => code?.split('/')[1] ?? '?');
    return [...new Set(codes)].join('|');
  };
  const rows = [...new Set(cells.map(({ attack }) => attack))].map((attack) => [
    attack,
    ...STEPS.map((step) => {
      const cell = cells.find((each) => each.attack === attack && each.step === step);
      return cell === undefined ? '·' : short(cell);
    }),
  ]);
  const all = [['', ...STEPS], ...rows];
  const widths = all[0]?.map((_, n) => Math.max(...all.map((row) => row[n]?.length ?? 0))) ?? [];
  const lines = all.map((row) => row.map((each, n) => each.padEnd(widths[n] ?? 0)).join('  '));
  const legend =
    'ok: a conversation; else what the lower key | the higher key is told; unasked: no request is shown; ·: no such step';
  return [...lines, legend].join('\n  ');
}
