/** The emoji at a message: a press puts mine there too, or takes it away. */

import type { Message } from '../../sdk/index.js';
import type { Ui } from '../panel/ui.js';

/** Kinds that are shown; a person can put 32 there. */
const SHOWN = 12;

export function Reactions({ ui, message }: { ui: Ui; message: Message }) {
  const { state, words, dispatch } = ui;
  const { reactions } = message;
  if (reactions.length === 0) return null;
  return (
    <div class="reactions">
      {reactions.slice(0, SHOWN).map(({ emoji, from }) => {
        const isMine = state.me !== null && from.includes(state.me.address);
        const n = from.length;
        return (
          <button
            key={emoji}
            type="button"
            class="reaction"
            aria-pressed={isMine}
            aria-label={words(isMine ? 'reaction.mine' : 'reaction.by', { emoji, n })}
            onClick={() => void dispatch({ ask: 'react', message, emoji })}
          >
            <span>{emoji}</span>
            {n > 1 && ` ${n}`}
          </button>
        );
      })}
    </div>
  );
}
