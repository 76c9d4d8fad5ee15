/**
 * When the page around the script is read, with the chats that its script tags ask for.
 */

import { ATTRIBUTES } from './reflected.js';

/** @param script URL of the script itself, by which it knows its tags */
export async function pageRead(script: string): Promise<void> {
  if (document.readyState === 'loading') {
    await new Promise((read) =>
      document.addEventListener('DOMContentLoaded', read, { once: true }),
    );
  }
  if (document.querySelector('script[data-to]') === null) return;
  const chunk = await import('./script-tag.js').catch(() => null);
  chunk?.makeChats(script, ATTRIBUTES);
}
