/**
 * Where focus goes when a person opens the chat: to what they will most likely use.
 */

/** On a touch screen a focused field brings the keyboard up over what there is to read. */
export function focusPanel(place: HTMLElement): void {
  const isTouch = globalThis.matchMedia?.('(pointer: coarse)').matches ?? false;
  const field = isTouch ? null : place.querySelector<HTMLElement>('[data-focus]');
  (field ?? place.querySelector<HTMLElement>('.panel'))?.focus({ preventScroll: true });
}

/** Moves focus to the first or last thing in the panel that takes it. */
export function focusEnd(panel: HTMLElement, end: 'first' | 'last'): void {
  const all = panel.querySelectorAll<HTMLElement>('button:not(:disabled),a[href],input,textarea');
  const seen = [...all].filter((each) => each.tabIndex >= 0 && each.getClientRects().length > 0);
  seen.at(end === 'first' ? 0 : -1)?.focus();
}
