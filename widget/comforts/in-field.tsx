/** In the field one writes in: the way to the emoji, which go where the caret is. */

import { Attach } from '../files/attach.js';
import type { Thread } from '../panel/state.js';
import type { Ui } from '../panel/ui.js';
import { IconButton } from '../panel/views/icon.js';
import { Component, createRef } from '../render/component.js';
import { EmojiDoor } from './emoji-door.js';
import { COMFORT_ICONS } from './icons.js';
import { place } from './place.js';

interface InFieldProps {
  readonly ui: Ui;
  readonly thread: Thread;
}

export class InField extends Component<InFieldProps, { readonly isOpen: boolean }> {
  override state = { isOpen: false };
  readonly #root = createRef<HTMLDivElement>();
  readonly #menu = createRef<HTMLDivElement>();

  get #field(): HTMLTextAreaElement | null {
    return this.#root.current?.closest('form')?.querySelector('textarea') ?? null;
  }

  readonly #place = (): void => {
    const [menu, root] = [this.#menu.current, this.#root.current];
    if (menu !== null && root !== null) place(menu, root, 'beside');
  };

  readonly #end = (): void => {
    this.setState({ isOpen: false });
    this.#field?.focus();
  };

  readonly #pick = (emoji: string): void => {
    const { ui, thread } = this.props;
    const field = this.#field;
    if (field === null) return;
    const { value, selectionStart: from, selectionEnd: to } = field;
    const text = value.slice(0, from) + emoji + value.slice(to);
    void ui.dispatch({ ask: 'draft', address: thread.address, text });
    field.value = text; // now, so that the caret has its place
    const caret = from + emoji.length;
    field.setSelectionRange(caret, caret);
    this.#end();
  };

  override render({ ui, thread }: InFieldProps, { isOpen }: { readonly isOpen: boolean }) {
    const away = (event: MouseEvent): void => {
      if (event.target === event.currentTarget) this.#end();
    };
    return (
      <div class="in-field" ref={this.#root}>
        {thread.contact?.status === 'accepted' && <Attach ui={ui} thread={thread} />}
        <IconButton
          icon={COMFORT_ICONS.smile}
          label={ui.words('emoji.open')}
          onClick={() => (isOpen ? this.#end() : this.setState({ isOpen: true }))}
        />
        {isOpen && (
          // biome-ignore lint/a11y/noStaticElementInteractions: a press beside it; keys have Escape
          // biome-ignore lint/a11y/useKeyWithClickEvents: the same
          <div class="veil" onClick={away}>
            <div class="menu" ref={this.#menu} role="dialog" aria-label={ui.words('emoji.open')}>
              <EmojiDoor ui={ui} onPick={this.#pick} onEnd={this.#end} onShown={this.#place} />
            </div>
          </div>
        )}
      </div>
    );
  }
}
