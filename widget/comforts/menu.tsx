/**
 * What can be done with a message: reactions first, then deeds. A menu beside it, or for fingers a
 * sheet at the foot of the panel.
 */

import type { Message } from '../../sdk/index.js';
import { nameOf } from '../panel/names.js';
import type { Ui } from '../panel/ui.js';
import { Icon } from '../panel/views/icon.js';
import { Component, createRef } from '../render/component.js';
import { copyText } from './copy.js';
import { EmojiDoor } from './emoji-door.js';
import type { MenuPlace } from './gestures.js';
import { COMFORT_ICONS } from './icons.js';
import { place } from './place.js';

/** The first six; what people use most. */
const QUICK = ['👍', '❤️', '😂', '😮', '😢', '🙏'] as const;

const ROLES = { deeds: 'menu', delete: 'alertdialog', emoji: 'dialog' } as const;

export interface MenuProps {
  readonly ui: Ui;
  readonly message: Message;
  readonly at: MenuPlace;
  bubble(): HTMLElement | null;
  onEnd(): void;
}

type Page = 'deeds' | 'delete' | 'emoji';

export class Menu extends Component<MenuProps, { readonly page: Page }> {
  override state: { readonly page: Page } = { page: 'deeds' };
  readonly #root = createRef<HTMLDivElement>();

  override componentDidMount(): void {
    this.#settle();
  }

  override componentDidUpdate(_props: MenuProps, before: { readonly page: Page }): void {
    if (before.page !== this.state.page) this.#settle();
  }

  #settle(): void {
    const root = this.#root.current;
    const bubble = this.props.bubble();
    if (root === null || bubble === null) return;
    place(root, bubble, this.props.at);
    root.querySelector<HTMLElement>('[data-first]')?.focus({ preventScroll: true });
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    const { key } = event;
    if (this.state.page === 'emoji') return; // it has keys of its own
    if (key === 'Escape' || key === 'Tab') {
      event.preventDefault();
      event.stopPropagation(); // the panel would close
      this.props.onEnd();
      return;
    }
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[key];
    const all = [...(this.#root.current?.querySelectorAll('button') ?? [])];
    const { activeElement } = (this.#root.current?.getRootNode() ?? {}) as Partial<ShadowRoot>;
    const at = all.indexOf(activeElement as HTMLButtonElement);
    const to = key === 'Home' ? 0 : key === 'End' ? -1 : step && (at + step) % all.length;
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    all.at(to)?.focus();
  };

  #do(deed: () => unknown): () => void {
    return () => {
      this.props.onEnd();
      void deed();
    };
  }

  override render({ at, ui, onEnd }: MenuProps, { page }: { readonly page: Page }) {
    const isSheet = at === 'sheet';
    const isSure = page === 'delete';
    const away = (event: MouseEvent): void => {
      if (event.target === event.currentTarget) onEnd();
    };
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: a press beside the menu; keys have Escape
      // biome-ignore lint/a11y/useKeyWithClickEvents: the same
      <div class="veil" data-sheet={isSheet} onClick={away}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: it has one of two roles */}
        {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both of them take a label */}
        <div
          ref={this.#root}
          class={isSheet ? 'menu sheet' : 'menu'}
          part="menu"
          role={ROLES[page]}
          aria-label={ui.words(isSure ? 'menu.delete-sure' : 'menu.label')}
          tabIndex={-1}
          onKeyDown={this.#pressed}
        >
          {this.#page(page)}
        </div>
      </div>
    );
  }

  #page(page: Page) {
    if (page === 'delete') return this.#sure();
    if (page === 'deeds') return this.#deeds();
    const { ui, message, onEnd } = this.props;
    const pick = (emoji: string): void => {
      onEnd();
      void ui.dispatch({ ask: 'react', message, emoji });
    };
    return <EmojiDoor ui={ui} onPick={pick} onEnd={onEnd} onShown={() => this.#settle()} />;
  }

  #deeds() {
    const { ui, message } = this.props;
    const { words, dispatch, state } = ui;
    const me = state.me?.address ?? '';
    const about = (how: 'reply' | 'edit') => () => dispatch({ ask: 'about', how, message });
    const item = (
      icon: keyof typeof COMFORT_ICONS,
      label: string,
      onClick: () => void,
      more = '',
    ) => (
      <button key={label} type="button" role="menuitem" class={`item ${more}`} onClick={onClick}>
        <Icon path={COMFORT_ICONS[icon]} />
        {label}
      </button>
    );
    return (
      <>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu */}
        <div class="quick" role="group" aria-label={words('menu.react')}>
          {QUICK.map((emoji, index) => {
            const by = message.reactions.find((each) => each.emoji === emoji)?.from ?? [];
            return (
              <button
                key={emoji}
                type="button"
                role="menuitemcheckbox"
                aria-checked={by.includes(me)}
                aria-label={words('menu.react-with', { emoji })}
                data-first={index === 0 ? '' : undefined}
                onClick={this.#do(() => dispatch({ ask: 'react', message, emoji }))}
              >
                {emoji}
              </button>
            );
          })}
          <button
            type="button"
            role="menuitem"
            aria-label={words('menu.emoji')}
            title={words('menu.emoji')}
            onClick={() => this.setState({ page: 'emoji' })}
          >
            <Icon path={COMFORT_ICONS.plus} />
          </button>
        </div>
        {item('reply', words('menu.reply'), this.#do(about('reply')))}
        {item(
          'copy',
          words('menu.copy'),
          this.#do(() => copyText(message.text, this.props.bubble())),
        )}
        {message.mine && item('edit', words('menu.edit'), this.#do(about('edit')))}
        {message.mine &&
          item('delete', words('menu.delete'), () => this.setState({ page: 'delete' }), 'danger')}
      </>
    );
  }

  #sure() {
    const { ui, message, onEnd } = this.props;
    const { words, dispatch, state } = ui;
    const name = nameOf(ui, state.thread?.contact ?? null);
    return (
      <>
        <p class="sure-title">{words('menu.delete-sure')}</p>
        <p class="hint">{words('menu.delete-text', { name })}</p>
        <div class="sure-buttons">
          <button type="button" class="button quiet" data-first="" onClick={onEnd}>
            {words('menu.cancel')}
          </button>
          <button
            type="button"
            class="button danger"
            onClick={this.#do(() => dispatch({ ask: 'delete', message }))}
          >
            {words('menu.delete')}
          </button>
        </div>
      </>
    );
  }
}
