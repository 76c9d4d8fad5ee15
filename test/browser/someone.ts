/** Somebody who says yes to everybody, on a page without a chat. */

import type { Page } from 'playwright-core';
import type { Pim } from '../../sdk/index.js';

declare global {
  var friend: Pim;
}

/** @param page an empty one, which is theirs from now on
 * @param url the relay's, which serves the SDK */
export async function someone(page: Page, url: string) {
  await page.goto(new URL('/healthz', url).href);
  const address = await page.evaluate(async () => {
    const { Pim } = await import(new URL('/sdk.js', location.href).href);
    const relays = [location.origin.replace(/^http/, 'ws')];
    globalThis.friend = new Pim({ relays, policy: 'accept', storage: 'memory' });
    await globalThis.friend.start();
    return globalThis.friend.address;
  });
  /** Whether these words came, earlier or from now on. */
  const heard = (text: string) =>
    page.waitForFunction(async (wanted) => {
      const [chat] = await globalThis.friend.conversations.list();
      const { messages = [] } = chat ? await globalThis.friend.conversations.history(chat.id) : {};
      return messages.some((each) => !each.mine && each.text === wanted);
    }, text);
  return { address, heard };
}
