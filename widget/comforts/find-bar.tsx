/** Searching in the open conversation: the way there in the head, and a bar over the log. */

import type { Find, Thread } from '../panel/state.js';
import type { Ui } from '../panel/ui.js';
import { ICONS, Icon, IconButton } from '../panel/views/icon.js';
import { Component, createRef } from '../render/component.js';
import { extraOf } from './extra.js';
import { COMFORT_ICONS } from './icons.js';

/** Milliseconds after the last key until it is searched. */
const PAUSE_MS = 180;

export function InHead({ ui, thread }: { ui: Ui; thread: Thread }) {
  const { find } = extraOf(thread);
  if (thread.messages.length === 0 || thread.contact === null) return null;
  const query = find === null ? '' : null;
  return (
    <IconButton
      icon={COMFORT_ICONS.search}
      label={ui.words(find === null ? 'find.open' : 'find.close')}
      onClick={() => void ui.dispatch({ ask: 'find', query })}
    />
  );
}

interface FindBarProps {
  readonly ui: Ui;
  readonly find: Find;
}

export class FindBar extends Component<FindBarProps, { readonly text: string }> {
  override state = { text: this.props.find.query };
  readonly #field = createRef<HTMLInputElement>();
  #pause: ReturnType<typeof setTimeout> | undefined;

  override componentDidMount(): void {
    this.#field.current?.focus();
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#pause);
  }

  #type(text: string): void {
    this.setState({ text });
    clearTimeout(this.#pause);
    const search = () => void this.props.ui.dispatch({ ask: 'find', query: text });
    this.#pause = setTimeout(search, PAUSE_MS);
  }

  readonly #step = (step: 1 | -1) => (): void => {
    void this.props.ui.dispatch({ ask: 'hit', step });
  };

  readonly #close = (): void => {
    const panel = this.#field.current?.closest<HTMLElement>('.panel');
    void this.props.ui.dispatch({ ask: 'find', query: null });
    panel?.querySelector<HTMLElement>('.log')?.focus({ preventScroll: true });
  };

  readonly #pressed = (event: KeyboardEvent): void => {
    const { key, target } = event;
    const isStep = key === 'Enter' && target === this.#field.current; // elsewhere it presses a button
    if (event.isComposing || (key !== 'Escape' && !isStep)) return;
    event.preventDefault();
    event.stopPropagation(); // the panel would close
    if (key === 'Escape') this.#close();
    else this.#step(event.shiftKey ? -1 : 1)();
  };

  override render({ ui, find }: FindBarProps, { text }: { text: string }) {
    const { words } = ui;
    const none = find.hits.length === 0;
    return (
      <search class="find" onKeyDown={this.#pressed}>
        <input
          ref={this.#field}
          type="search"
          dir="auto"
          aria-label={words('find.open')}
          placeholder={words('find.label')}
          maxLength={200}
          value={text}
          onInput={(event) => this.#type(event.currentTarget.value)}
        />
        <p class="hint" role="status">
          {this.#count()}
        </p>
        <button
          type="button"
          class="icon-button"
          disabled={none}
          aria-label={words('find.older')}
          title={words('find.older')}
          onClick={this.#step(1)}
        >
          <Icon path={COMFORT_ICONS.up} />
        </button>
        <button
          type="button"
          class="icon-button"
          disabled={none}
          aria-label={words('find.newer')}
          title={words('find.newer')}
          onClick={this.#step(-1)}
        >
          <Icon path={COMFORT_ICONS.down} />
        </button>
        <IconButton icon={ICONS.close} label={words('find.close')} onClick={this.#close} />
      </search>
    );
  }

  #count(): string {
    const { ui, find } = this.props;
    const { hits, at, more, isBusy, query } = find;
    if (isBusy || query.trim() === '') return '';
    if (hits.length === 0) return ui.words('find.none');
    return ui.words(more ? 'find.count-more' : 'find.count', { at: at + 1, n: hits.length });
  }
}
