/** The whole panel: a conversation, the inbox, or what stands instead of them. */

import type { Child } from '../../render/jsx-runtime.js';
import { barred } from '../phase.js';
import type { Ui } from '../ui.js';
import { Composer } from './composer.js';
import { PersonHeader } from './header.js';
import { Log } from './log.js';
import { Notes } from './notes.js';
import { Failed, Instead } from './whole.js';

export function App({ ui }: { ui: Ui }) {
  const { target, screen, phase, notice } = ui.state;
  const isBarred = barred(phase);
  const isInbox = target.kind === 'inbox';
  const title = isInbox ? (
    ui.words('chat.inbox')
  ) : (
    <slot name="header">{ui.words('chat.label')}</slot>
  );
  const instead = (body: Child) => (
    <Instead ui={ui} title={title}>
      {body}
    </Instead>
  );
  if (target.kind === 'invalid') return instead(<Failed ui={ui} fault={target.fault} />);
  if (phase.name === 'failed' && !isBarred) return instead(<Failed ui={ui} fault={phase.fault} />);
  const isAbout = screen.name === 'person' && ui.inbox !== undefined;
  if (target.kind === 'person' && !isBarred && !isAbout) {
    return (
      <div class="main">
        <Conversation ui={ui} />
      </div>
    );
  }
  if (ui.inbox) return <ui.inbox.Main ui={ui} />;
  if (notice) return instead(<Failed ui={ui} fault={notice} />);
  return instead(<p class="whole">{ui.words('chat.loading')}</p>);
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
