/**
 * A keyboard on the screen covers the page without making it smaller: a panel that fills the screen
 * is fitted above it. In a chunk of its own, for touch screens.
 */

/** Pixels by which the visible part has to shrink to be called a keyboard; bars are smaller. */
const KEYBOARD = 120;

/** Until `signal` aborts. */
export function fitAbove(place: HTMLElement, signal: AbortSignal): void {
  const viewport = globalThis.visualViewport;
  if (!viewport || signal.aborted) return;
  const fit = (): void => {
    if (viewport.scale !== 1) return; // zoomed by the fingers
    const hasKeyboard = window.innerHeight - viewport.height > KEYBOARD;
    place.style.setProperty('--_visible', hasKeyboard ? `${viewport.height}px` : '100dvh');
    place.style.setProperty('--_visible-top', hasKeyboard ? `${viewport.offsetTop}px` : '0px');
  };
  for (const type of ['resize', 'scroll']) viewport.addEventListener(type, fit, { signal });
  fit();
}
