/** Behind the last message: that the other person is writing one. */

import { nameOf } from '../panel/names.js';
import type { Thread } from '../panel/state.js';
import type { Ui } from '../panel/ui.js';
import { extraOf } from './extra.js';

export function Below({ ui, thread }: { ui: Ui; thread: Thread }) {
  const { isTyping } = extraOf(thread);
  const isHere = thread.connection?.state === 'connected' && !thread.newer;
  const label = ui.words('message.is-writing', { name: nameOf(ui, thread.contact) });
  return (
    <div role="status" class="writing">
      {isTyping && isHere && (
        <p class="dots" title={label}>
          <span class="unseen">{label}</span>
          <i />
          <i />
          <i />
        </p>
      )}
    </div>
  );
}
