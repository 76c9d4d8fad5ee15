/**
 * Entry of `dist/pim-chat.iife.js`, for a plain `<script>`: registers `<pim-chat>` and makes the
 * global `PimChat`. Calls made before this script arrived wait in a list of that name:
 * `window.PimChat = window.PimChat || []; PimChat.push((chat) => chat.show());`
 */

import { pageRead } from './page-read.js';
import { PimChat } from './pim-chat.js';

/** Called with the first chat of the page, null where the page has none. */
type Call = (chat: PimChat | null) => void;

declare global {
  interface Window {
    PimChat?: Call[] | (typeof PimChat & { push(...calls: Call[]): void });
  }
}

const early = Array.isArray(window.PimChat) ? window.PimChat : [];
PimChat.define();
const read = pageRead(import.meta.url);
window.PimChat = Object.assign(PimChat, { push });
push(...early);

/** Makes each call once the page is read. */
async function push(...calls: Call[]): Promise<void> {
  await read;
  for (const call of calls) {
    try {
      call(document.querySelector<PimChat>('pim-chat'));
    } catch (fault) {
      reportError(fault); // as for a listener: the next call is made all the same
    }
  }
}
