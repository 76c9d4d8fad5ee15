/** Two fields that have to be the same, and before them the present passphrase where there is one. */

import { backupFault } from '../inbox/backup-fault.js';
import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';
import { Account, Field } from './field.js';
import { strengthOf } from './strength.js';

interface SetProps {
  readonly ui: Ui;
  readonly isChange: boolean;
  onDone(): void;
}

interface SetState {
  readonly current: string;
  readonly next: string;
  readonly again: string;
  readonly isBusy: boolean;
  readonly fault: { readonly at: 'current' | 'next' | 'again'; readonly text: string } | null;
}

const EMPTY: SetState = { current: '', next: '', again: '', isBusy: false, fault: null };

export class SetForm extends Component<SetProps, SetState> {
  override state = EMPTY;

  readonly #submitted = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { ui, isChange, onDone } = this.props;
    const { current, next, again } = this.state;
    const strength = strengthOf(next);
    if (strength === 'short') return this.#refuse('next', ui.words('lock.short'));
    if (next !== again) return this.#refuse('again', ui.words('lock.different'));
    this.setState({ isBusy: true, fault: null });
    await ui.dispatch({
      ask: 'identity',
      use: (identity) => identity.lock(next, isChange ? { current } : {}),
      got: (code) => {
        if (code === null) {
          this.setState(EMPTY);
          return onDone();
        }
        const isWrong = code === 'identity/passphrase';
        this.#refuse(isWrong && isChange ? 'current' : 'next', ui.words(backupFault(code)));
      },
    });
  };

  #refuse(at: 'current' | 'next' | 'again', text: string): void {
    this.setState({ isBusy: false, fault: { at, text } });
  }

  #field(name: 'current' | 'next' | 'again', label: string, hint = '') {
    const { fault, [name]: value } = this.state;
    return (
      <Field
        ui={this.props.ui}
        id={`lock-${name}`}
        label={label}
        kind={name === 'current' ? 'current-password' : 'new-password'}
        value={value}
        fault={fault?.at === name ? fault.text : null}
        hint={hint}
        onType={(text) => this.setState({ [name]: text, fault: null } as Partial<SetState>)}
      />
    );
  }

  override render({ ui, isChange }: SetProps, { next, again, current, isBusy }: SetState) {
    const { words } = ui;
    const isReady = next !== '' && again !== '' && (current !== '' || !isChange);
    return (
      <form class="form" onSubmit={this.#submitted}>
        <Account address={ui.state.me?.address ?? ''} />
        {isChange && this.#field('current', words('lock.current'))}
        {this.#field('next', words('lock.new'), words(`lock.${strengthOf(next)}`))}
        {this.#field('again', words('lock.again'))}
        <button
          type="submit"
          class={isBusy ? 'button working' : 'button'}
          disabled={isBusy || !isReady}
        >
          {words(isBusy ? 'restore.opening' : isChange ? 'lock.replace' : 'lock.set')}
        </button>
      </form>
    );
  }
}
