/** A name and its save button. */

import { useState } from 'preact/hooks';
import type { Ui } from '../panel/ui.js';

interface NameFormProps {
  readonly ui: Ui;
  readonly label: string;
  readonly hint: string;
  readonly name: string;
  readonly save: (name: string) => Promise<boolean>;
}

export function NameForm({ ui, label, hint, name, save }: NameFormProps) {
  const { words } = ui;
  const [text, setText] = useState(name);
  const [isSaved, setSaved] = useState(false);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void save(text.trim()).then(setSaved);
      }}
    >
      <label for="name">{label}</label>
      <div class="line">
        <input
          id="name"
          dir="auto"
          autoComplete="off"
          aria-describedby="name-hint"
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setSaved(false);
          }}
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
