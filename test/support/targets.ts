/** What in a chat is too small to be pressed (WCAG 2.2 §2.5.8). */

import type { Page } from 'playwright-core';

/** CSS pixels. */
const MIN_TARGET = 24;

/** One line for each; links in sentences are exempt. */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate((min) => {
    const root = document.querySelector('pim-chat')?.shadowRoot;
    const pressed = root?.querySelectorAll<HTMLElement>('button, a, input, textarea, select') ?? [];
    return [...pressed].flatMap((each) => {
      const target = each.closest('label') ?? each; // a label is pressed for its field
      const { width, height } = target.getBoundingClientRect();
      const isSeen =
        width > 1 && height > 1 && each.checkVisibility() && !each.matches('.bubble a');
      return isSeen && (width < min || height < min)
        ? [`${each.className} ${each.textContent} ${width}×${height}`]
        : [];
    });
  }, MIN_TARGET);
