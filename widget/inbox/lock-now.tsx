/** Closes the key, in all tabs; what stands here then is the locked screen. */

import type { Ui } from '../panel/ui.js';

export function LockNow({ ui }: { readonly ui: Ui }) {
  const close = () => void ui.dispatch({ ask: 'identity', use: (identity) => identity.relock() });
  return (
    <button type="button" class="button quiet" onClick={close}>
      {ui.words('lock.now')}
    </button>
  );
}
