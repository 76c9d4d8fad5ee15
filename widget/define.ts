/**
 * Entry of `dist/pim-chat.js`, for `<script type="module">`: registers `<pim-chat>`.
 */

import type { PimChatEventMap } from './contract.js';
import { pageRead } from './page-read.js';
import { PimChat } from './pim-chat.js';

export type { Mode, PimChatEventMap, PimChatEvents } from './contract.js';
export type { StringKey, StringOverrides } from './strings.js';
export { PimChat };

declare global {
  interface HTMLElementTagNameMap {
    'pim-chat': PimChat;
  }
  interface HTMLElementEventMap extends PimChatEventMap {}
}

PimChat.define();
if (globalThis.document) void pageRead(import.meta.url);
