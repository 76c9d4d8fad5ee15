/**
 * What the page around a panel does: whether the person looks at it, and links that are opened in the
 * address bar.
 */

interface PageNews {
  attention(hasAttention: boolean): void;
  invitations(): void;
}

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

  // Without it the keyboard of a phone may cover the composer.
  if (globalThis.matchMedia?.('(pointer:coarse)').matches) {
    import('../keyboard.js').then(({ fitAbove }) => fitAbove(place, signal)).catch(() => undefined);
  }

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
