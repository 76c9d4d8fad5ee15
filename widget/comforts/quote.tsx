/** The message that a message answers, in short; a press goes there. */

import type { Message } from '../../sdk/index.js';
import { nameOf } from '../panel/names.js';
import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';
import { type Mark, marks } from './markup.js';

/** Characters of it; two lines of a wide bubble. */
const SHORT = 160;

interface QuoteProps {
  readonly ui: Ui;
  readonly id: string;
}
interface QuoteState {
  /** Undefined until it is known whether there is one. */
  readonly found?: Message | null;
}

export class Quote extends Component<QuoteProps, QuoteState> {
  override state: QuoteState = {};

  override componentDidMount(): void {
    const { ui, id } = this.props;
    const got = (found: Message | null): void => this.setState({ found });
    if (!isHere(ui, id)) void ui.dispatch({ ask: 'quoted', id, got });
  }

  override render({ ui, id }: QuoteProps, { found: fetched }: QuoteState) {
    const { state, words, dispatch } = ui;
    const found = isHere(ui, id) ?? fetched;
    const contact = state.thread?.contact ?? null;
    if (found === null) return <p class="quote gone">{words('quote.gone')}</p>;
    return (
      <button
        type="button"
        class="quote"
        title={words('quote.jump')}
        onClick={() => void dispatch({ ask: 'show', id })}
      >
        <bdi class="quote-who">
          {found && (found.mine ? words('quote.me') : nameOf(ui, contact))}
        </bdi>
        <bdi class="quote-text">{found && shortOf(ui, found)}</bdi>
      </button>
    );
  }
}

function isHere({ state }: Ui, id: string): Message | undefined {
  return state.thread?.messages.find((each) => each.id === id);
}

const wordsIn = (mark: Mark): string =>
  'marks' in mark ? mark.marks.map(wordsIn).join('') : mark.text;

/** On one line, without the signs of its marks. */
export function shortOf(ui: Ui, { deleted, text }: Message): string {
  if (deleted) return ui.words('message.deleted');
  const whole = marks(text.slice(0, 4 * SHORT), ui.state.settings.plain)
    .map(wordsIn)
    .join('');
  const short = whole.replace(/\s+/g, ' ').trim();
  return short.length > SHORT ? `${short.slice(0, SHORT).toWellFormed()}…` : short;
}
