/** Tells Svelte's templates what <pim-chat> takes and what it says. */

import type { PimChat, PimChatEventMap } from 'pim-chat/pim-chat.js';
import type { HTMLAttributes } from 'svelte/elements';

type Listeners = {
  [Name in keyof PimChatEventMap as `on${Name}`]?: (event: PimChatEventMap[Name]) => void;
};

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'pim-chat': Partial<Pick<PimChat, 'to' | 'mode' | 'greeting' | 'theme' | 'storage'>> &
      Listeners &
      HTMLAttributes<PimChat>;
  }
}
