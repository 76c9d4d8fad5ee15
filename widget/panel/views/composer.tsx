/** Where one writes. Keeps what is typed until it is stored, and says early what is too long. */

import { Component, createRef } from '../../render/component.js';
import { nameOf } from '../names.js';
import type { Thread } from '../state.js';
import { charactersOver, MAX_MESSAGE_BYTES } from '../text-limit.js';
import type { Ui } from '../ui.js';
import { ICONS, Icon } from './icon.js';

/** Characters left from which on the count is shown. */
const COUNT_FROM = 500;
/** Pixels of text before the field scrolls: about six lines. */
const MAX_HEIGHT = 140;
/** keyCode of a key that the input method is still using (UI Events §4.3.3). */
const IME_KEY = 229;

interface ComposerProps {
  readonly ui: Ui;
  readonly thread: Thread;
}

interface ComposerState {
  /** The person's own name, asked for along with the first words. */
  readonly name: string;
}

export class Composer extends Component<ComposerProps, ComposerState> {
  override state: ComposerState = { name: '' };
  readonly #field = createRef<HTMLTextAreaElement>();

  override componentDidMount(): void {
    grow(this.#field.current);
  }

  override componentDidUpdate(before: ComposerProps): void {
    if (textOf(before) !== textOf(this.props)) grow(this.#field.current);
  }

  #left(): number {
    return -charactersOver(textOf(this.props), MAX_MESSAGE_BYTES);
  }

  #type(text: string): void {
    const { ui, thread } = this.props;
    if (thread.contact) ui.comfort(); // which keeps it
    void ui.dispatch({ ask: 'draft', address: thread.address, text });
  }

  async #send(): Promise<void> {
    const { name } = this.state;
    const text = textOf(this.props);
    if (text.trim() === '' || this.#left() < 0) return;
    this.#type('');
    this.#field.current?.focus();
    const { dispatch } = this.props.ui;
    const isStored = await dispatch({ ask: 'send', text: text.trim(), name: name.trim() });
    if (isStored) return;
    const since = textOf(this.props);
    this.#type(since === '' ? text : `${text}\n${since}`);
  }

  readonly #submitted = (event: Event): void => {
    event.preventDefault();
    void this.#send();
  };

  readonly #pressed = (event: KeyboardEvent): void => {
    const isTyping = event.isComposing || event.keyCode === IME_KEY;
    if (event.key !== 'Enter' || event.shiftKey || isTyping) return;
    event.preventDefault();
    void this.#send();
  };

  override render({ ui, thread }: ComposerProps, { name }: ComposerState) {
    const text = textOf({ ui, thread });
    const { state, words, dispatch } = ui;
    const { contact } = thread;
    const left = this.#left();
    if (state.settings.disabled) return <p class="closed">{words('composer.disabled')}</p>;
    if (contact?.status === 'blocked') return <Blocked ui={ui} thread={thread} />;
    const isFirst = thread.loading === null && (contact === null || contact.status === 'added');
    const asksName = isFirst && state.settings.name === '' && (state.me?.name ?? '') === '';
    return (
      <form class="composer" part="composer" onSubmit={this.#submitted}>
        {isFirst && <p class="first">{words('wait.first', { name: nameOf(ui, contact) })}</p>}
        {asksName && (
          <input
            class="name"
            dir="auto"
            autoComplete="nickname"
            aria-label={words('composer.name')}
            placeholder={words('composer.name')}
            maxLength={40}
            value={name}
            onInput={(event) => this.setState({ name: event.currentTarget.value })}
          />
        )}
        {ui.comforts && <ui.comforts.About ui={ui} thread={thread} />}
        <div class="field">
          <textarea
            ref={this.#field}
            part="input"
            rows={1}
            dir="auto"
            data-focus
            enterkeyhint="send"
            aria-label={words('composer.label')}
            aria-invalid={left < 0}
            aria-describedby="left"
            placeholder={words('composer.placeholder')}
            value={text}
            onInput={(event) => this.#type(event.currentTarget.value)}
            onKeyDown={this.#pressed}
            onFocus={() => {
              grow(this.#field.current);
              if (state.phase.name === 'idle') void dispatch({ ask: 'begin' });
            }}
          />
          <slot name="composer-actions" />
          {ui.comforts && <ui.comforts.InField ui={ui} thread={thread} />}
          <button
            type="submit"
            class="send"
            part="send"
            aria-label={words('composer.send')}
            disabled={text.trim() === '' || left < 0}
          >
            <Icon path={ICONS.send} />
          </button>
        </div>
        <p class={left < 0 ? 'left over' : 'left'} id="left" role="status">
          {left < 0 && words('composer.too-long', { n: -left })}
          {left >= 0 && left < COUNT_FROM && words('composer.left', { n: left })}
        </p>
      </form>
    );
  }
}

/** What is typed and not sent. */
function textOf({ ui, thread }: ComposerProps): string {
  return ui.state.drafts[thread.address] ?? '';
}

function Blocked({ ui, thread }: ComposerProps) {
  const { words, dispatch } = ui;
  const { address, contact } = thread;
  return (
    <p class="closed">
      {words('composer.blocked', { name: nameOf(ui, contact) })}{' '}
      <button type="button" class="link" onClick={() => void dispatch({ ask: 'unblock', address })}>
        {words('composer.unblock')}
      </button>
    </p>
  );
}

/** As high as its text, up to a limit. */
function grow(field: HTMLTextAreaElement | null): void {
  if (field === null) return;
  field.style.blockSize = '';
  if (field.scrollHeight === 0) return; // not on the screen: there is nothing to measure
  field.style.blockSize = 'auto';
  field.style.blockSize = `${Math.min(field.scrollHeight, MAX_HEIGHT)}px`;
  field.style.overflowY = field.scrollHeight > MAX_HEIGHT ? 'auto' : 'hidden';
}
