/** A text and a button that copies it, also where the page may not use the clipboard. */

import type { Ui } from '../panel/ui.js';
import { Component, createRef } from '../render/component.js';

interface CopyProps {
  readonly ui: Ui;
  /** Null while it is made: there is nothing to copy yet. */
  readonly text: string | null;
  readonly label: string;
  readonly isQuiet?: boolean;
}

interface CopyState {
  readonly done: 'not yet' | 'copied' | 'by hand';
}

export class Copy extends Component<CopyProps, CopyState> {
  override state: CopyState = { done: 'not yet' };
  readonly #field = createRef<HTMLInputElement>();

  async #copy(): Promise<void> {
    const { text } = this.props;
    if (text === null) return;
    const isCopied = await copied(text, this.#field.current);
    this.setState({ done: isCopied ? 'copied' : 'by hand' });
    if (!isCopied) this.#field.current?.select();
  }

  override render({ ui, text, label, isQuiet = false }: CopyProps, { done }: CopyState) {
    const { words } = ui;
    return (
      <div class="copy">
        <input
          ref={this.#field}
          class={done === 'by hand' ? '' : 'unseen'}
          dir="ltr"
          readOnly
          tabIndex={-1}
          aria-label={label}
          value={text ?? ''}
        />
        <button
          type="button"
          class={isQuiet ? 'button quiet' : 'button'}
          disabled={text === null}
          onClick={() => void this.#copy()}
        >
          {done === 'copied' ? words('chat.copied') : label}
        </button>
        <p class="hint" role="status">
          {done === 'by hand' && words('chat.copy-by-hand')}
          {done === 'copied' && <span class="unseen">{words('chat.copied')}</span>}
        </p>
      </div>
    );
  }
}

/** The clipboard, else the older command, which works without permission from within a press. */
async function copied(text: string, field: HTMLInputElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field?.select();
    return document.execCommand?.('copy') ?? false;
  }
}
