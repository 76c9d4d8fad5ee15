/** The whole panel: for an inbox a list and a main pane, of which a narrow one shows one. */

import type { ComponentChildren } from 'preact';
import type { Ui } from '../ui.js';
import { Composer } from './composer.js';
import { Header, PersonHeader } from './header.js';
import { Log } from './log.js';
import { Notes } from './notes.js';
import { Elsewhere, Failed, Own, Welcome } from './whole.js';

export function App({ ui }: { ui: Ui }) {
  const { target, screen } = ui.state;
  if (target.kind === 'inbox') return <Inbox ui={ui} />;
  if (screen.name === 'person' && ui.inbox !== null) {
    return (
      <div class="main">
        <ui.inbox.Screen ui={ui} />
      </div>
    );
  }
  return (
    <div class="main">
      <Person ui={ui} />
    </div>
  );
}

/** What a page's own chat shows. */
function Person({ ui }: { ui: Ui }) {
  const { phase, target } = ui.state;
  const title = <slot name="header">{ui.words('chat.label')}</slot>;
  const instead = (body: ComponentChildren) => <Instead ui={ui} title={title} body={body} />;
  if (target.kind === 'invalid') return instead(<Failed ui={ui} fault={target.fault} />);
  if (target.kind === 'own') return instead(<Own ui={ui} address={target.address} />);
  if (phase.name === 'elsewhere') return instead(<Elsewhere ui={ui} />);
  if (phase.name === 'failed') return instead(<Failed ui={ui} fault={phase.fault} />);
  return <Conversation ui={ui} />;
}

export function Conversation({ ui }: { ui: Ui }) {
  const { thread } = ui.state;
  if (thread === null) return null;
  return (
    <>
      <PersonHeader ui={ui} address={thread.address} />
      <Notes ui={ui} />
      <Log key={thread.address} ui={ui} thread={thread} />
      <Composer key={`to ${thread.address}`} ui={ui} thread={thread} />
    </>
  );
}

function Inbox({ ui }: { ui: Ui }) {
  const { phase, screen } = ui.state;
  const instead = (body: ComponentChildren) => (
    <div class="main">
      <Instead ui={ui} title={ui.words('chat.inbox')} body={body} />
    </div>
  );
  if (phase.name === 'elsewhere') return instead(<Elsewhere ui={ui} />);
  if (phase.name === 'failed') return instead(<Failed ui={ui} fault={phase.fault} />);
  if (phase.name === 'idle' && screen.name !== 'invitation') return instead(<Welcome ui={ui} />);
  if (ui.inbox === null) {
    const fault = ui.state.notice;
    if (fault !== null) return instead(<Failed ui={ui} fault={fault} />);
    return instead(<p class="whole">{ui.words('chat.loading')}</p>);
  }
  const { List, Screen } = ui.inbox;
  return (
    <>
      <div class="side">
        <List ui={ui} />
      </div>
      <div class="main">
        {screen.name === 'conversation' ? <Conversation ui={ui} /> : <Screen ui={ui} />}
      </div>
    </>
  );
}

interface InsteadProps {
  readonly ui: Ui;
  readonly title: ComponentChildren;
  readonly body: ComponentChildren;
}

/** A pane with a title alone. */
function Instead({ ui, title, body }: InsteadProps) {
  return (
    <>
      <Header ui={ui}>
        <div class="titles">
          <h2 class="title">{title}</h2>
        </div>
      </Header>
      {body}
    </>
  );
}
