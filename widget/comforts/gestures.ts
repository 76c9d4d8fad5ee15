/**
 * How one comes to what can be done with a message: by mouse, finger and keyboard, told apart.
 */

import type { Keeper } from './keeper.js';

export interface Gestures {
  /** A mouse is over this message, or over none. */
  over(bubble: HTMLElement | null): void;
  /** Its menu is wanted: at a point, at the message, or as a sheet for fingers. */
  menu(bubble: HTMLElement, at: MenuPlace): void;
}

export type MenuPlace = { readonly x: number; readonly y: number } | 'beside' | 'sheet';

/** Milliseconds a finger rests until it is meant, as phones have it. */
const PRESS_MS = 450;
/** Pixels it may move meanwhile. */
const SLACK = 10;

/** @param signal ends all of it */
export function listenForGestures(keeper: Keeper, gestures: Gestures, signal: AbortSignal): void {
  const { log } = keeper;
  // One end for all: an AbortSignal is for a few listeners, and the one who calls has his own on it.
  const ends: (() => void)[] = [];
  const on = <Name extends keyof HTMLElementEventMap>(
    name: Name,
    heard: (event: HTMLElementEventMap[Name]) => void,
    options: AddEventListenerOptions = {},
  ): void => {
    log.addEventListener(name, heard, options);
    ends.push(() => log.removeEventListener(name, heard, options));
  };

  on('pointerover', (event) => {
    if (event.pointerType === 'mouse') gestures.over(bubbleOf(event));
  });
  on('pointerleave', () => gestures.over(null));
  on('keydown', (event) => pressedKey(event, keeper, gestures));

  const press = new Press((bubble) => gestures.menu(bubble, 'sheet'));
  on('pointerdown', (event) => press.began(event), { passive: true });
  on('pointermove', (event) => press.moved(event), { passive: true });
  for (const name of ['pointerup', 'pointercancel', 'scroll'] as const) {
    on(name, () => press.ended(), { passive: true });
  }
  // The finger that opened a sheet leaves; what was under it is not pressed.
  on('click', (event) => press.swallow(event), { capture: true });
  on('contextmenu', (event) => {
    const bubble = bubbleOf(event);
    if (bubble === null || isForBrowser(event)) return;
    event.preventDefault();
    const { pointerType } = event as PointerEvent;
    if (pointerType === 'touch' || pointerType === 'pen') return; // the long press does it
    const isByKey = event.button !== 2;
    gestures.menu(bubble, isByKey ? 'beside' : { x: event.clientX, y: event.clientY });
  });
  ends.push(() => press.ended());
  signal.addEventListener('abort', () => {
    for (const end of ends) end();
  });
}

/** A finger that rests on a message. */
class Press {
  readonly #meant: (bubble: HTMLElement) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #from = { x: 0, y: 0 };
  #wasMeant = false;

  constructor(meant: (bubble: HTMLElement) => void) {
    this.#meant = meant;
  }

  began(event: PointerEvent): void {
    this.ended();
    this.#wasMeant = false;
    const bubble = bubbleOf(event);
    if (event.pointerType === 'mouse' || bubble === null || !event.isPrimary) return;
    this.#from = { x: event.clientX, y: event.clientY };
    this.#timer = setTimeout(() => {
      this.#wasMeant = true;
      this.#meant(bubble);
    }, PRESS_MS);
  }

  moved({ clientX, clientY }: PointerEvent): void {
    if (Math.hypot(clientX - this.#from.x, clientY - this.#from.y) > SLACK) this.ended();
  }

  ended(): void {
    clearTimeout(this.#timer);
  }

  swallow(event: Event): void {
    if (!this.#wasMeant) return;
    this.#wasMeant = false;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** Arrows go from message to message, Enter and the menu key open what can be done with one. */
function pressedKey(event: KeyboardEvent, keeper: Keeper, gestures: Gestures): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const bubble = bubbleOf(event);
  const { key } = event;
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const { bubbles } = keeper;
    const at = bubble === null ? -1 : bubbles.indexOf(bubble);
    const next =
      bubble === null ? keeper.lastInSight() : bubbles[at + (key === 'ArrowUp' ? -1 : 1)];
    event.preventDefault();
    if (next) focusBubble(keeper, next);
  }
  const isMenu = key === 'Enter' || key === 'ContextMenu' || (key === 'F10' && event.shiftKey);
  if (!isMenu || bubble === null || event.target !== bubble) return;
  event.preventDefault();
  gestures.menu(bubble, 'beside');
}

export function focusBubble(keeper: Keeper, bubble: HTMLElement): void {
  bubble.tabIndex = -1;
  bubble.focus({ preventScroll: true });
  keeper.reveal(bubble);
}

function bubbleOf({ target }: Event): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-id]') : null;
}

/** The browser's own menu is better for a link, and for text that somebody selected. */
function isForBrowser({ target }: Event): boolean {
  const isLink = target instanceof Element && target.closest('a') !== null;
  return isLink || globalThis.getSelection?.()?.type === 'Range';
}
