/**
 * Methods of an area that are called seldom: what they do is fetched at the first use, and not before
 * something is started, where they need that.
 */

import type { Access } from './access.js';

type Deed = (access: Access, ...given: unknown[]) => unknown;

/**
 * `name(…)` becomes `deeds[name](access, …)`. To be put on a prototype, like the methods of the areas
 * that are classes: tabs that follow put theirs before them.
 * @param names with blanks between
 * @param isEarly whether they may be called before a start too
 */
export function seldom(
  access: Access,
  names: string,
  deeds: () => Promise<object>,
  isEarly?: boolean,
): Record<string, unknown> {
  const methods = names.split(' ').map((name) => {
    const method = async (...given: unknown[]): Promise<unknown> => {
      if (!isEarly) access.running();
      return ((await deeds()) as Record<string, Deed>)[name]?.(access, ...given);
    };
    return [name, method];
  });
  return Object.fromEntries(methods);
}
