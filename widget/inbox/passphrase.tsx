/** In the settings: whether the key lies under a passphrase, and the ways to it. */

import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';
import { LockNow } from './lock-now.js';

interface PassphraseState {
  /** Null until it is known. */
  readonly isLocked: boolean | null;
}

export class Passphrase extends Component<{ readonly ui: Ui }, PassphraseState> {
  override state: PassphraseState = { isLocked: null };

  override componentDidMount(): void {
    void this.props.ui.dispatch({
      ask: 'kept',
      persist: false,
      got: (kept) => typeof kept !== 'string' && this.setState({ isLocked: kept.isLocked }),
    });
  }

  override render({ ui }: { readonly ui: Ui }, { isLocked }: PassphraseState) {
    if (isLocked === null) return null;
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
}
