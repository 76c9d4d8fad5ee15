/** Above the field: the message that the next words answer or change; and the keys that end it. */

import { nameOf } from '../panel/names.js';
import type { Thread } from '../panel/state.js';
import type { Ui } from '../panel/ui.js';
import { ICONS, Icon, IconButton } from '../panel/views/icon.js';
import { Component, createRef } from '../render/component.js';
import { extraOf } from './extra.js';
import { COMFORT_ICONS } from './icons.js';
import { shortOf } from './quote.js';

interface AboutProps {
  readonly ui: Ui;
  readonly thread: Thread;
}

export class About extends Component<AboutProps> {
  readonly #root = createRef<HTMLDivElement>();
  readonly #ended = new AbortController();

  override componentDidMount(): void {
    const { signal } = this.#ended;
    const form = this.#root.current?.closest('form');
    form?.addEventListener('keydown', this.#pressed, { signal, capture: true });
  }

  override componentWillUnmount(): void {
    this.#ended.abort();
  }

  /** Who wants to answer or change something goes on in the field. */
  override componentDidUpdate(before: AboutProps): void {
    const { about } = extraOf(this.props.thread);
    if (about === null || about === extraOf(before.thread).about) return;
    const field = this.#root.current?.closest('form')?.querySelector('textarea');
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    const { ui, thread } = this.props;
    const { about } = extraOf(thread);
    const field = event.target;
    if (event.isComposing || !(field instanceof HTMLTextAreaElement)) return;
    if (event.key === 'Escape' && about !== null) {
      event.stopPropagation(); // the panel would close
      void ui.dispatch({ ask: 'about', how: 'reply', message: null });
    }
    if (event.key !== 'ArrowUp' || field.value !== '' || about !== null) return;
    const last = thread.messages.findLast(({ mine, deleted }) => mine && !deleted);
    if (last === undefined || thread.newer) return;
    event.preventDefault();
    void ui.dispatch({ ask: 'about', how: 'edit', message: last });
  };

  override render({ ui, thread }: AboutProps) {
    const { words, dispatch } = ui;
    const { about } = extraOf(thread);
    return (
      <div ref={this.#root} class="about" hidden={about === null}>
        {about !== null && (
          <>
            <Icon path={COMFORT_ICONS[about.how]} />
            <div class="about-text">
              <p class="quote-who">{this.#title()}</p>
              <bdi class="quote-text">{shortOf(ui, about.message)}</bdi>
            </div>
            <IconButton
              icon={ICONS.close}
              class="small"
              label={words('about.end')}
              onClick={() => void dispatch({ ask: 'about', how: 'reply', message: null })}
            />
          </>
        )}
      </div>
    );
  }

  #title(): string {
    const { ui, thread } = this.props;
    const { about } = extraOf(thread);
    if (about?.how === 'edit') return ui.words('about.edit');
    if (about?.message.mine) return ui.words('about.reply-me');
    return ui.words('about.reply', { name: nameOf(ui, thread.contact) });
  }
}
