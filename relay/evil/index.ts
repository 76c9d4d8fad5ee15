/**
 * The evil relay in the box: attacks by name, as the one seam of a relay that is otherwise honest.
 * For tests and the demo. Nothing of it is loaded by a relay that was not asked to be evil.
 */

import type { Hostility } from '../hostility.js';
import { carryOut } from './attacks.js';
import { type Order, parseOrders } from './orders.js';
import { together } from './together.js';
import { systemTools, type Tools } from './tools.js';
import { warned } from './warning.js';

export { ATTACK_NAMES, type AttackName, attackOf } from './catalogue.js';
export { lab } from './lab.js';

export interface EvilOptions extends Partial<Tools> {
  /** Which envelopes an attack on envelopes is for, where a test can tell them apart. */
  readonly isMeant?: Order['isMeant'];
}

/**
 * @param attacks such as `drop`, `delay=1500`, `tamper@ok`, `tamper@3`
 * @throws options/unknown, options/invalid
 */
export function hostile(attacks: readonly string[], options: EvilOptions = {}): Hostility {
  const { isMeant, ...tools } = options;
  const orders = parseOrders(attacks, isMeant);
  const all = orders.map((order) => carryOut(order, { ...systemTools, ...tools }));
  const names = orders.map(({ attack }) => attack);
  return { ...together(all), site: (site) => warned(site, names) };
}
