/** What one person said in one go. Texts are text nodes; links are the only thing found in them. */

import type { Message } from '../../../sdk/index.js';
import { Component } from '../../render/component.js';
import type { StringKey } from '../../strings.js';
import { segments } from '../links.js';
import type { Ui } from '../ui.js';
import { ICONS, Icon } from './icon.js';

type Sendable = Exclude<Message['status'], 'received'>;

const STATUS: Readonly<Record<Sendable, StringKey>> = {
  waiting: 'message.waiting',
  sent: 'message.sent',
  delivered: 'message.delivered',
  read: 'message.read',
};

/** One to three emoji and nothing else (Unicode UTS #51: pictographs, joiners, skin tones, flags). */
const ONLY_EMOJI =
  /^(?:(?:\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)*|\p{Regional_Indicator}{2})\s?){1,3}$/u;

interface GroupProps {
  readonly ui: Ui;
  readonly mine: boolean;
  readonly messages: readonly Message[];
}

/** Drawn again only where something in it changed: a log has many of them. */
export class Group extends Component<GroupProps> {
  override shouldComponentUpdate({ ui, mine, messages }: GroupProps): boolean {
    const { ui: oldUi, mine: oldMine, messages: old } = this.props;
    const isSame = messages.length === old.length && messages.every((each, n) => each === old[n]);
    return !isSame || ui.words !== oldUi.words || mine !== oldMine;
  }

  override render({ ui, mine, messages }: GroupProps) {
    const last = messages.at(-1);
    return (
      <li class={mine ? 'group mine' : 'group'}>
        {messages.map((message) => (
          <Bubble key={message.id} ui={ui} message={message} />
        ))}
        {last !== undefined && <Meta ui={ui} messages={messages} last={last} />}
      </li>
    );
  }
}

function Bubble({ ui, message }: { ui: Ui; message: Message }) {
  const { deleted, editedAt, mine, reactions, text } = message;
  const isJumbo = text.length <= 40 && ONLY_EMOJI.test(text);
  const parts = mine ? 'message message-mine' : 'message message-theirs';
  return (
    <div class={isJumbo ? 'bubble jumbo' : 'bubble'} part={parts}>
      {deleted ? <p class="gone">{ui.words('message.deleted')}</p> : <Text text={text} />}
      {editedAt !== null && !deleted && <p class="gone">{ui.words('message.edited')}</p>}
      {reactions.map(({ emoji, from }) => (
        <span key={emoji} class="reaction">
          {from.length > 1 ? `${emoji} ${from.length}` : emoji}
        </span>
      ))}
    </div>
  );
}

function Text({ text }: { text: string }) {
  return (
    <p dir="auto" lang="">
      {segments(text).map((segment) =>
        segment.kind === 'text' ? (
          segment.text
        ) : (
          <a href={segment.href} target="_blank" rel="noopener noreferrer">
            {segment.text}
          </a>
        ),
      )}
    </p>
  );
}

/** When, and for my own: how far. A group is as far as the message that is furthest behind. */
function Meta({ ui, messages, last }: { ui: Ui; messages: readonly Message[]; last: Message }) {
  const statuses = messages.map(({ status }) => status);
  const behind = (['waiting', 'sent', 'delivered', 'read'] as const).find((each) =>
    statuses.includes(each),
  );
  return (
    <p class="meta" part="message-meta">
      <time dir="auto" dateTime={new Date(last.time).toISOString()}>
        {ui.formats.time(last.time)}
      </time>
      {behind !== undefined && (
        <span class={`state ${behind}`}>
          <Icon path={ICONS[behind === 'read' ? 'delivered' : behind]} />
          {ui.words(STATUS[behind])}
        </span>
      )}
    </p>
  );
}
