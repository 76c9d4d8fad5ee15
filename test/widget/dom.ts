/**
 * A page for units: happy-dom's window, laid over this process before anything of the widget is
 * imported. Import it first.
 */

import { Window } from 'happy-dom';

const page = new Window({ url: 'https://page.example/article', width: 1024, height: 768 });

const NAMES = [
  'window',
  'document',
  'navigator',
  'location',
  'history',
  'customElements',
  'HTMLElement',
  'HTMLInputElement',
  'Element',
  'Node',
  'Event',
  'CustomEvent',
  'KeyboardEvent',
  'FocusEvent',
  'CSSStyleSheet',
  'ShadowRoot',
  'ResizeObserver',
  'IntersectionObserver',
  'matchMedia',
] as const;

for (const name of NAMES) {
  const value = name === 'window' ? page : page[name];
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

/** Lets everything that was put off until later in this turn, and what that puts off, happen. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done));
}
