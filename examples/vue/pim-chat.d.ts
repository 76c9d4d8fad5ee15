/** Tells Vue's templates what <pim-chat> takes and what it says. */

import type { PimChat, PimChatEventMap } from 'pim-chat/pim-chat.js';
import type { HTMLAttributes, ReservedProps } from 'vue';

type Listeners = {
  [Name in keyof PimChatEventMap as Name extends `pim-${infer Rest}`
    ? `onPim${Capitalize<Rest>}`
    : never]?: (event: PimChatEventMap[Name]) => void;
};

declare module 'vue' {
  interface GlobalComponents {
    'pim-chat': new () => {
      $props: Partial<Pick<PimChat, 'to' | 'mode' | 'greeting' | 'theme' | 'storage'>> &
        Listeners &
        ReservedProps &
        HTMLAttributes;
    };
  }
}
