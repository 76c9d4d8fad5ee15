/** A new chat, from an address or a link; each fault of an address has its own sentence. */

import { useState } from 'preact/hooks';
import { faultKey } from '../panel/fault.js';
import type { Ui } from '../panel/ui.js';
import { ScreenFrame } from './screen.js';

export function Add({ ui }: { ui: Ui }) {
  const { state, words, dispatch } = ui;
  const [text, setText] = useState('');
  const { notice } = state;
  return (
    <ScreenFrame ui={ui} title={words('add.title')}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void dispatch({ ask: 'add', text });
        }}
      >
        <label for="add">{words('add.label')}</label>
        <textarea
          id="add"
          data-focus
          rows={3}
          dir="ltr"
          spellcheck={false}
          autoCapitalize="off"
          autoComplete="off"
          placeholder="pim1q…"
          value={text}
          aria-invalid={notice !== null}
          aria-describedby="add-hint"
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
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
