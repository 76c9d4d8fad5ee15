/**
 * Entry of `dist/pim-chat.js`, for `<script type="module">`: registers `<pim-chat>`.
 */

import { PimChat } from './pim-chat.js';

export type { Mode, PimChatEvents } from './contract.js';
export type { StringKey, StringOverrides } from './strings.js';
export { PimChat };

PimChat.define();
