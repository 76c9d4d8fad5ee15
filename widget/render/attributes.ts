/**
 * Attributes and event listeners of a node, brought from one drawing to the next.
 */

import type { Props } from './jsx-runtime.js';

type Handler = ((event: Event) => void) | undefined;

/** Listens for a node, and calls what the last drawing gave. */
class Ear {
  readonly #handlers = new Map<string, Handler>();

  /** Whether this type of event is new to it. */
  hears(type: string, handler: Handler): boolean {
    const isNew = !this.#handlers.has(type);
    this.#handlers.set(type, handler);
    return isNew;
  }

  handleEvent(event: Event): void {
    this.#handlers.get(event.type)?.(event);
  }
}

const ears = new WeakMap<Element, Ear>();

/** `value` is no attribute: the attribute is what a field had before anybody typed. */
const OTHERS = ['children', 'ref', 'value'];

export function setAttributes(node: Element, before: Props, now: Props): void {
  for (const name of Object.keys({ ...before, ...now })) {
    const value = now[name];
    if (value === before[name] || OTHERS.includes(name)) continue;
    if (name.startsWith('on')) listen(node, name.slice(2).toLowerCase(), value as Handler);
    else setAttribute(node, name, value);
  }
}

/** Yes and no are values of `aria-…` and `data-…`; others are there, or not. */
function setAttribute(node: Element, name: string, value: unknown): void {
  const isFlag = typeof value === 'boolean' && !name.includes('-');
  const isAbsent = value === undefined || value === null || (isFlag && !value);
  if (isAbsent) node.removeAttribute(name);
  else node.setAttribute(name, isFlag ? '' : String(value));
}

function listen(node: Element, type: string, handler: Handler): void {
  const ear = ears.get(node) ?? new Ear();
  ears.set(node, ear);
  if (ear.hears(type, handler)) node.addEventListener(type, ear);
}
