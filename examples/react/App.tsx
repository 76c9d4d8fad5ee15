/**
 * pim in React 19, which gives custom elements properties and listeners by itself: the element as it
 * is, its attributes as props, its events as `onpim-…`.
 */

/** @jsxImportSource react */

import 'pim-chat/pim-chat.js';
import type { PimChat, PimChatEventMap } from 'pim-chat/pim-chat.js';
import { useRef, useState } from 'react';

type Listeners = {
  [Name in keyof PimChatEventMap as `on${Name}`]?: (event: PimChatEventMap[Name]) => void;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'pim-chat': Partial<Pick<PimChat, 'to' | 'mode' | 'greeting' | 'theme' | 'storage'>> &
        Listeners &
        HTMLAttributes<PimChat> &
        RefAttributes<PimChat>;
    }
  }
}

export function App({ to }: { to: string }) {
  const chat = useRef<PimChat>(null);
  const [isShown, setShown] = useState(true);
  const [unread, setUnread] = useState(0);
  const [state, setState] = useState('closed');
  return (
    <main>
      <button type="button" onClick={() => chat.current?.show()}>
        Write to us ({unread})
      </button>
      <button type="button" onClick={() => setShown(!isShown)}>
        {isShown ? 'Remove' : 'Add'}
      </button>
      <p>The chat is {state}.</p>
      {isShown && (
        <pim-chat
          ref={chat}
          to={to}
          greeting="Hello from React"
          storage="memory"
          onpim-open={() => setState('open')}
          onpim-close={() => setState('closed')}
          onpim-unread={({ detail }) => setUnread(detail.unread)}
        />
      )}
    </main>
  );
}
