/**
 * What `--evil` says, read: `drop`, `delay=1500`, `tamper@ok`, `tamper@3`, several with commas
 * between. The first one named stands first in the way of what passes.
 */

import type { Bytes } from '../../sdk/base/bytes.js';
import { PimError } from '../../sdk/base/errors.js';
import { nearest } from '../../sdk/base/nearest.js';
import { ATTACK_NAMES, type AttackName, attackOf, type Step } from './catalogue.js';

/** One attack and where it strikes. */
export interface Order {
  readonly attack: AttackName;
  readonly amount: number;
  readonly step: Step;
  /** The n-th envelope of each sender, beginning with 1; null for each of them. */
  readonly nth: number | null;
  /** Which envelopes; what no relay can see, a test may tell. */
  readonly isMeant: (sealed: Bytes) => boolean;
}

/** Orders at once; more than that is no attack but a mistake. */
const MAX_ORDERS = 8;
const MAX_NTH = 1_000_000;

/** @throws options/unknown for an attack that does not exist, options/invalid for the rest */
export function parseOrders(
  texts: readonly string[],
  isMeant: Order['isMeant'] = () => true,
): readonly Order[] {
  const words = texts.flatMap((text) => text.split(',')).map((word) => word.trim());
  if (words.length === 0 || words.length > MAX_ORDERS) {
    throw invalid(`a list of one to ${MAX_ORDERS} attacks`);
  }
  return words.map((word) => parseOrder(word, isMeant));
}

function parseOrder(word: string, isMeant: Order['isMeant']): Order {
  const [, name = '', given, at] = /^([a-z-]*)(?:=([^@]*))?(?:@(.*))?$/.exec(word) ?? [];
  if (!isAttack(name)) throw unknown(name || word);
  const attack = attackOf(name);
  const isNth = at !== undefined && /^\d+$/.test(at);
  const nth = isNth ? numberOf(at, MAX_NTH, `${name}@<number>`) : null;
  const step = isNth ? 'envelope' : (at ?? (attack.steps[0] as Step));
  if (!isStep(attack.steps, step)) {
    throw invalid(`${name}@ one of ${[...attack.steps].sort().join(', ')}`);
  }
  if (given !== undefined && attack.amount === undefined) throw invalid(`${name} without a number`);
  const { usual = 1, most = 1 } = attack.amount ?? {};
  const amount = given === undefined ? usual : numberOf(given, most, `${name}=<number>`);
  return { attack: name, amount, step, nth, isMeant };
}

function isAttack(name: string): name is AttackName {
  return (ATTACK_NAMES as readonly string[]).includes(name);
}

function isStep(steps: readonly Step[], text: string): text is Step {
  return (steps as readonly string[]).includes(text);
}

function numberOf(text: string, most: number, what: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most) throw invalid(`${what} from 1 to ${most}`);
  return value;
}

function invalid(expected: string): PimError<'options/invalid'> {
  const message = `Option “evil” should be ${expected}.`;
  return new PimError('options/invalid', message, { option: 'evil', expected });
}

function unknown(name: string): PimError<'options/unknown'> {
  const near = nearest(name, ATTACK_NAMES);
  const hint = near === null ? '' : ` Did you mean “${near}”?`;
  const message = `There is no attack “${name}”.${hint}`;
  return new PimError('options/unknown', message, { option: name, nearest: near });
}
