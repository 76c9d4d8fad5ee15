/** The inbox as a whole: a list and a main pane, of which a narrow panel shows one. */

import type { Ui } from '../panel/ui.js';
import { Conversation } from '../panel/views/app.js';
import { Avatar } from '../panel/views/avatar.js';
import { Begin, Instead, Whole } from '../panel/views/whole.js';
import { INBOX_ICONS } from './icons.js';
import { List } from './list.js';
import { LockDoor } from './lock-door.js';
import { Pane } from './pane.js';

export function Main({ ui }: { ui: Ui }) {
  const { phase, screen, target } = ui.state;
  if (phase.name === 'elsewhere') return <Elsewhere ui={ui} />;
  const heading = ui.state.settings.mode === 'page' && (
    <h1 class="unseen">{ui.words('chat.inbox')}</h1>
  );
  if (phase.name === 'failed') {
    return (
      <>
        {heading}
        <LockDoor ui={ui} to="Locked" />
      </>
    );
  }
  if (target.kind === 'own') return <Own ui={ui} address={target.address} />;
  const pane = (
    <div class="main">
      {screen.name === 'conversation' ? <Conversation ui={ui} /> : <Pane ui={ui} />}
    </div>
  );
  if (target.kind === 'person') return pane;
  if (phase.name === 'idle' && screen.name === 'restore') return pane;
  if (phase.name === 'idle' && screen.name !== 'invitation') return <Welcome ui={ui} />;
  return (
    <>
      {heading}
      <div class="side">
        <List ui={ui} />
      </div>
      {pane}
    </>
  );
}

/** An inbox on a page that was not opened for it: nothing is made before the person wants it. */
function Welcome({ ui }: { ui: Ui }) {
  return (
    <Instead ui={ui} title={ui.words('chat.inbox')}>
      <Whole icon={INBOX_ICONS.chats} text={ui.words('welcome.text')}>
        <Begin ui={ui} label={ui.words('welcome.begin')} />
        <button
          type="button"
          class="link"
          onClick={() => void ui.dispatch({ ask: 'go', screen: { name: 'restore' } })}
        >
          {ui.words('welcome.restore')}
        </button>
      </Whole>
    </Instead>
  );
}

/** Tabs that cannot hear each other take it from each other. */
function Elsewhere({ ui }: { ui: Ui }) {
  return (
    <Instead ui={ui} title={ui.words('chat.label')}>
      <Whole icon={INBOX_ICONS.tabs} text={ui.words('fault.pim/elsewhere')}>
        <Begin ui={ui} label={ui.words('action.use-here')} />
      </Whole>
    </Instead>
  );
}

/** The owner looks at their own page. */
function Own({ ui, address }: { ui: Ui; address: string }) {
  const { inboxUrl } = ui.state.settings;
  return (
    <Instead ui={ui} title={<slot name="header">{ui.words('chat.label')}</slot>}>
      <div class="whole">
        <Avatar address={address} size="l" />
        <p>{ui.words('note.own')}</p>
        {inboxUrl !== null && (
          <a class="button" href={inboxUrl} target="_blank" rel="noopener">
            {ui.words('note.own-link')}
          </a>
        )}
      </div>
    </Instead>
  );
}
