/**
 * What a touch screen does to a chat that fills it. A keyboard covers the page without making it
 * smaller: the panel is fitted above it. And fingers, fields and keyboards move the page behind: it is
 * put back when the chat is closed. In a chunk of its own, for touch screens.
 */

/** Pixels by which the visible part has to shrink to be called a keyboard; bars are smaller. */
const KEYBOARD = 120;

/** Until `signal` aborts. */
export function fitAbove(place: HTMLElement, signal: AbortSignal): void {
  keepPage(place, signal);
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

/** The page is where it was before the chat covered it, unless it has become another page. */
function keepPage(place: HTMLElement, signal: AbortSignal): void {
  const root = place.parentElement;
  if (root === null) return;
  let before: { readonly top: number; readonly left: number; readonly href: string } | null = null;
  const look = (): void => {
    const panel = place.firstElementChild;
    const isOpen = root.hasAttribute('data-open');
    if (isOpen && before === null && panel && getComputedStyle(panel).position === 'fixed') {
      before = { top: scrollY, left: scrollX, href: location.href };
    } else if (!isOpen && before !== null) {
      if (before.href === location.href) scrollTo({ ...before, behavior: 'instant' });
      before = null;
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(root, { attributeFilter: ['data-open'] });
  signal.addEventListener('abort', () => observer.disconnect());
  look();
}
