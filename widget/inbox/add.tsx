/** A new chat, from an address or a link; each fault of an address has its own sentence. */

import { faultKey } from '../panel/fault.js';
import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';
import { ScreenFrame } from './screen.js';

export class Add extends Component<{ ui: Ui }, { readonly text: string }> {
  override state = { text: '' };

  readonly #submitted = (event: Event): void => {
    event.preventDefault();
    void this.props.ui.dispatch({ ask: 'add', text: this.state.text });
  };

  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    (event.currentTarget as HTMLTextAreaElement).form?.requestSubmit();
  };

  override render({ ui }: { ui: Ui }) {
    const { state, words } = ui;
    const { notice } = state;
    return (
      <ScreenFrame ui={ui} title={words('add.title')}>
        <form class="form" onSubmit={this.#submitted}>
          <label for="add">{words('add.label')}</label>
          <textarea
            id="add"
            data-focus
            rows={3}
            dir="ltr"
            spellcheck="false"
            autoCapitalize="off"
            autoComplete="off"
            placeholder="pim1q…"
            value={this.state.text}
            aria-invalid={notice !== null}
            aria-describedby="add-hint"
            onInput={(event) => this.setState({ text: event.currentTarget.value })}
            onKeyDown={this.#pressed}
          />
          <p id="add-hint" class={notice === null ? 'hint' : 'hint fault'} role="status">
            {words(notice === null ? 'add.hint' : faultKey(notice))}
          </p>
          <div class="buttons">
            <button type="submit" class="button">
              {words('add.go')}
            </button>
          </div>
        </form>
      </ScreenFrame>
    );
  }
}
