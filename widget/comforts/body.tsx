/**
 * What is in a bubble: the message it answers, its words with their marks, and what became of it. Texts
 * are text nodes, whatever they look like.
 */

import type { Message } from '../../sdk/index.js';
import { FileView } from '../files/file-view.js';
import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';
import type { Child } from '../render/jsx-runtime.js';
import { type Mark, marks } from './markup.js';
import { Quote } from './quote.js';
import { Reactions } from './reactions.js';

/** One to three emoji and nothing else (Unicode UTS #51: pictographs, joiners, skin tones, flags). */
const ONLY_EMOJI =
  /^(?:(?:\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)*|\p{Regional_Indicator}{2})\s?){1,3}$/u;
/** Characters of a text, and lines, from which on only its beginning is shown at first. */
const LONG_TEXT = 3_000;
const LONG_LINES = 40;

interface BodyProps {
  readonly ui: Ui;
  readonly message: Message;
}

export class Body extends Component<BodyProps, { readonly isWhole: boolean }> {
  override state = { isWhole: false };

  override render({ ui, message }: BodyProps, { isWhole }: { isWhole: boolean }) {
    const { deleted, editedAt, file, replyTo, text } = message;
    if (deleted) return <p class="gone">{ui.words('message.deleted')}</p>;
    const isJumbo = text.length <= 40 && ONLY_EMOJI.test(text);
    const beginning = isWhole ? text : beginningOf(text);
    return (
      <>
        {replyTo !== null && <Quote key={replyTo} ui={ui} id={replyTo} />}
        {file !== null && <FileView ui={ui} message={message} />}
        {text !== '' && (
          <p dir="auto" lang="" class={isJumbo ? 'jumbo' : undefined}>
            {marks(beginning, ui.state.settings.plain).map(drawn)}
          </p>
        )}
        {beginning !== text && (
          <button type="button" class="link" onClick={() => this.setState({ isWhole: true })}>
            {ui.words('message.more')}
          </button>
        )}
        {editedAt !== null && <p class="gone">{ui.words('message.edited')}</p>}
        <Reactions ui={ui} message={message} />
      </>
    );
  }
}

function drawn(mark: Mark): Child {
  switch (mark.kind) {
    case 'text':
      return mark.text;
    case 'link':
      return (
        <a href={mark.href} target="_blank" rel="noopener noreferrer">
          {mark.text}
        </a>
      );
    case 'code':
      return <code dir="auto">{mark.text}</code>;
    case 'block':
      return (
        <code class="block" dir="ltr">
          {mark.text}
        </code>
      );
    case 'bold':
      return <strong>{mark.marks.map(drawn)}</strong>;
    case 'italic':
      return <em>{mark.marks.map(drawn)}</em>;
  }
}

/** All of a text, where it is not much more than its beginning. */
function beginningOf(text: string): string {
  let end = text.length > LONG_TEXT * 1.2 ? LONG_TEXT : text.length;
  let at = -1;
  for (let line = 0; line <= LONG_LINES; line += 1) {
    at = text.indexOf('\n', at + 1);
    if (at < 0) return end === text.length ? text : `${text.slice(0, end).toWellFormed()}…`;
  }
  end = Math.min(end, at);
  return `${text.slice(0, end).toWellFormed()}…`;
}
