/** Takes the lock away, for whoever knows the passphrase. */

import { backupFault } from '../inbox/backup-fault.js';
import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';
import { Account, Field } from './field.js';

interface RemoveProps {
  readonly ui: Ui;
  onDone(): void;
}

interface RemoveState {
  readonly current: string;
  readonly isBusy: boolean;
  /** The code of what went wrong. */
  readonly fault: string | null;
}

export class RemoveForm extends Component<RemoveProps, RemoveState> {
  override state: RemoveState = { current: '', isBusy: false, fault: null };

  readonly #submitted = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { current } = this.state;
    this.setState({ isBusy: true, fault: null });
    await this.props.ui.dispatch({
      ask: 'identity',
      use: (identity) => identity.removeLock(current),
      got: (fault) => {
        this.setState({ isBusy: false, fault });
        if (fault === null) this.props.onDone();
      },
    });
  };

  override render({ ui }: RemoveProps, { current, isBusy, fault }: RemoveState) {
    const { words } = ui;
    return (
      <form class="form" onSubmit={this.#submitted}>
        <Account address={ui.state.me?.address ?? ''} />
        <Field
          ui={ui}
          id="lock-remove"
          label={words('lock.current')}
          kind="current-password"
          value={current}
          fault={fault === null ? null : words(backupFault(fault))}
          onType={(text) => this.setState({ current: text, fault: null })}
        />
        <button
          type="submit"
          class={isBusy ? 'button quiet danger working' : 'button quiet danger'}
          disabled={isBusy || current === ''}
        >
          {words(isBusy ? 'restore.opening' : 'lock.remove')}
        </button>
      </form>
    );
  }
}
