/**
 * What the page around a panel does: whether the person looks at it, how much a keyboard on the
 * screen leaves of it, and links that are opened in the address bar.
 */

interface PageNews {
  attention(hasAttention: boolean): void;
  invitations(): void;
}

/** Pixels by which the visible part has to shrink to be called a keyboard; bars are smaller. */
const KEYBOARD = 120;

export function watchPage(place: HTMLElement, news: PageNews) {
  const ended = new AbortController();
  const { signal } = ended;
  let isShown = false;
  let isInView = true;

  const look = (): void => {
    const isVisible = document.visibilityState === 'visible' && document.hasFocus();
    news.attention(isShown && isInView && isVisible);
  };
  const observer =
    typeof IntersectionObserver === 'undefined'
      ? null
      : new IntersectionObserver(([entry]) => {
          isInView = entry?.isIntersecting ?? true;
          look();
        });
  const panel = place.firstElementChild;
  if (panel !== null) observer?.observe(panel);

  window.addEventListener('focus', look, { signal });
  window.addEventListener('blur', look, { signal });
  document.addEventListener('visibilitychange', look, { signal });
  window.addEventListener('hashchange', news.invitations, { signal });

  const viewport = globalThis.visualViewport ?? null;
  const fit = (): void => fitTo(place, viewport);
  viewport?.addEventListener('resize', fit, { signal });
  viewport?.addEventListener('scroll', fit, { signal });

  return {
    setShown(shown: boolean): void {
      isShown = shown;
      look();
    },
    end(): void {
      ended.abort();
      observer?.disconnect();
    },
  };
}

/** A keyboard covers the page without making it smaller; a full-screen panel fits above it. */
function fitTo(place: HTMLElement, viewport: VisualViewport | null): void {
  if (viewport === null || viewport.scale !== 1) return; // zoomed by the fingers
  const hasKeyboard = window.innerHeight - viewport.height > KEYBOARD;
  place.style.setProperty('--_visible', hasKeyboard ? `${viewport.height}px` : '100dvh');
  place.style.setProperty('--_visible-top', hasKeyboard ? `${viewport.offsetTop}px` : '0px');
}
