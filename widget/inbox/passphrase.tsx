/** In the settings: whether the key lies under a passphrase, and the ways to it. */

import type { Ui } from '../panel/ui.js';
import { LockNow } from './lock-now.js';

export function Passphrase({ ui, isLocked }: { readonly ui: Ui; readonly isLocked: boolean }) {
  const { words, dispatch } = ui;
  return (
    <>
      <h3 class="section" id="lock">
        {words('backup.passphrase')}
      </h3>
      <p class="hint">{words(isLocked ? 'lock.on' : 'lock.off')}</p>
      <div class="buttons">
        {isLocked && <LockNow ui={ui} />}
        <button
          type="button"
          class="button quiet"
          onClick={() => void dispatch({ ask: 'go', screen: { name: 'passphrase' } })}
        >
          {words(isLocked ? 'lock.change' : 'lock.set')}
        </button>
      </div>
    </>
  );
}
