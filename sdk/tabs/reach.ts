/**
 * The public calls of a Pim by name, for tabs to ask of each other, and how a tab that follows has
 * them: own properties of its areas that stand before the methods of their classes, taken away again
 * when it leads. Whoever holds an area goes on holding it.
 */

import type { PublicPim } from '../access.js';

const AREAS = [
  ...(['contacts', 'invitations', 'conversations', 'files'] as const),
  ...(['relays', 'connections', 'identity'] as const),
] as const;

/** What a tab does itself, whether it leads or not: these need nothing that runs, or end it. */
const OWN: ReadonlySet<string> = new Set([
  'identity.persist',
  'identity.readBackup',
  'identity.relock',
  'identity.restore',
  'identity.unlock',
  'identity.unlocked',
]);

/** Every call and value of the areas, as `area.name`. */
export function namesOf(pim: PublicPim): string[] {
  return AREAS.flatMap((area) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(pim[area]))
      .filter((name) => name !== 'constructor')
      .map((name) => `${area}.${name}`),
  ).filter((path) => !OWN.has(path));
}

/** Calls a method here. Null where another tab has no business with it. */
export function methodOf(
  pim: PublicPim,
  path: string,
): ((...args: readonly unknown[]) => unknown) | null {
  const [area, name] = path.split('.') as [(typeof AREAS)[number], string];
  if (!AREAS.includes(area) || OWN.has(path) || name === 'constructor') return null;
  const prototype = Object.getPrototypeOf(pim[area]);
  if (typeof Object.getOwnPropertyDescriptor(prototype, name)?.value !== 'function') return null;
  return (...args) => Reflect.apply(Reflect.get(pim[area], name), pim[area], args);
}

/**
 * Puts `stand(path)` in the place of every call and value, and the address.
 * @returns the undo
 */
export function standIn(
  pim: PublicPim,
  address: () => string,
  stand: (path: string) => (...args: readonly unknown[]) => unknown,
): () => void {
  const placed: [object, string][] = [];
  const place = (holder: object, name: string, property: PropertyDescriptor) => {
    Object.defineProperty(holder, name, { ...property, configurable: true });
    placed.push([holder, name]);
  };
  place(pim, 'address', { get: address });
  for (const path of namesOf(pim)) {
    const [area, name] = path.split('.') as [(typeof AREAS)[number], string];
    const prototype = Object.getPrototypeOf(pim[area]);
    const isValue = Object.getOwnPropertyDescriptor(prototype, name)?.get !== undefined;
    place(pim[area], name, isValue ? { get: stand(path) } : { value: stand(path) });
  }
  return () => {
    for (const [holder, name] of placed) Reflect.deleteProperty(holder, name);
  };
}
