/**
 * When the page around the script is read, with the chats that its script tags ask for.
 */

import { ATTRIBUTES } from './reflected.js';
import { SCRIPT_URL } from './source.js';

export async function pageRead(): Promise<void> {
  if (document.readyState === 'loading') {
    await new Promise((read) =>
      document.addEventListener('DOMContentLoaded', read, { once: true }),
    );
  }
  if (document.querySelector('script[data-to]') === null) return;
  const chunk = await import('./script-tag.js').catch(() => null);
  chunk?.makeChats(SCRIPT_URL, ATTRIBUTES);
}
