/** A name and its save button. */

import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';

interface NameFormProps {
  readonly ui: Ui;
  readonly label: string;
  readonly hint: string;
  readonly name: string;
  readonly save: (name: string) => Promise<boolean>;
}

interface NameFormState {
  readonly text: string;
  readonly isSaved: boolean;
}

export class NameForm extends Component<NameFormProps, NameFormState> {
  override state: NameFormState = { text: this.props.name, isSaved: false };

  readonly #submitted = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.setState({ isSaved: await this.props.save(this.state.text.trim()) });
  };

  override render({ ui, label, hint, name }: NameFormProps, { text, isSaved }: NameFormState) {
    const { words } = ui;
    return (
      <form class="form" onSubmit={this.#submitted}>
        <label for="name">{label}</label>
        <div class="line">
          <input
            id="name"
            dir="auto"
            autoComplete="off"
            aria-describedby="name-hint"
            value={text}
            onInput={(event) => this.setState({ text: event.currentTarget.value, isSaved: false })}
          />
          <button type="submit" class="button quiet" disabled={text.trim() === name}>
            {words('settings.save')}
          </button>
        </div>
        <p id="name-hint" class="hint" role="status">
          {isSaved ? words('settings.saved') : hint}
        </p>
      </form>
    );
  }
}

/** What people I write to see. */
export function MyName({ ui }: { ui: Ui }) {
  const { state, words, dispatch } = ui;
  return (
    <NameForm
      ui={ui}
      label={words('settings.name')}
      hint={words('settings.name-hint')}
      name={state.me?.name ?? ''}
      save={(name) => dispatch({ ask: 'name', name })}
    />
  );
}
