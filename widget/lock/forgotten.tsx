/** The ways out without the passphrase: a backup of the same person, of another one, or a new beginning. */

import type { Backup } from '../../sdk/index.js';
import { RestoreForm } from '../inbox/restore-form.js';
import { Sure } from '../inbox/screen.js';
import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';

export class Forgotten extends Component<{ readonly ui: Ui }, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  /** What is opened is drawn by itself, in the place of all this. */
  readonly #take = async (backup: Backup, replace: boolean): Promise<string | null> => {
    let code: string | null = null;
    await this.props.ui.dispatch({
      ask: 'identity',
      use: (identity) =>
        replace ? identity.restore(backup, { replace }) : identity.unlock(backup),
      got: (answer) => {
        code = answer;
      },
    });
    return code;
  };

  readonly #erase = async (): Promise<void> => {
    const isDone = await this.props.ui.dispatch({ ask: 'erase' });
    this.setState({ hasFailed: !isDone });
  };

  override render({ ui }: { readonly ui: Ui }, { hasFailed }: { readonly hasFailed: boolean }) {
    const { words } = ui;
    return (
      <>
        <h3 class="empty-title">{words('lock.forgot')}</h3>
        <p class="lead">{words('lock.forgot-text')}</p>
        <RestoreForm ui={ui} isAtOnce take={this.#take} />
        <div class="last">
          <p class="hint">{words('lock.erase')}</p>
          <Sure
            ui={ui}
            label={words('settings.erase')}
            text={words('settings.erase-text')}
            sure={words('settings.erase-sure')}
            onSure={() => void this.#erase()}
          />
          <p class="hint fault" role="alert">
            {hasFailed && words('fault.unknown')}
          </p>
        </div>
      </>
    );
  }
}
