/** What one person said in one go. Texts are text nodes; what is more in them shows with the comforts. */

import type { Message } from '../../../sdk/index.js';
import { Component } from '../../render/component.js';
import type { StringKey } from '../../strings.js';
import type { Ui } from '../ui.js';
import { ICONS, Icon } from './icon.js';

type Sendable = Exclude<Message['status'], 'received'>;

const STATUS: Readonly<Record<Sendable, StringKey>> = {
  waiting: 'message.waiting',
  sent: 'message.sent',
  delivered: 'message.delivered',
  read: 'message.read',
};

interface GroupProps {
  readonly ui: Ui;
  readonly mine: boolean;
  readonly messages: readonly Message[];
}

/** Drawn again only where something in it changed: a log has many of them. */
export class Group extends Component<GroupProps> {
  override shouldComponentUpdate({ ui, mine, messages }: GroupProps): boolean {
    const { ui: oldUi, mine: oldMine, messages: old } = this.props;
    // An answer shows another message too, which may have changed.
    const isStill = ui.state.thread?.messages === oldUi.state.thread?.messages;
    const isSame =
      messages.length === old.length &&
      messages.every((each, n) => each === old[n] && (isStill || !each.replyTo));
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
  const { id, mine, text } = message;
  return (
    <div
      class="bubble"
      part={mine ? 'message message-mine' : 'message message-theirs'}
      data-id={id}
    >
      {ui.comforts ? (
        <ui.comforts.Body ui={ui} message={message} />
      ) : (
        <p dir="auto" lang="">
          {text}
        </p>
      )}
    </div>
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
