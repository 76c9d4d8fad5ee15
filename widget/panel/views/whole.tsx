/** Panes that stand in for everything else: nothing begun yet, failed, elsewhere, one's own page. */

import type { ComponentChildren } from 'preact';
import { type Fault, faultKey, wayOn } from '../fault.js';
import type { Ui } from '../ui.js';
import { Avatar } from './avatar.js';
import { Icon, type IconName } from './icon.js';
import { Reload } from './notes.js';

interface WholeProps {
  readonly icon?: IconName;
  readonly text: string;
  readonly children?: ComponentChildren;
  readonly isAlert?: boolean;
}

function Whole({ icon, text, children, isAlert = false }: WholeProps) {
  return (
    <div class="whole" role={isAlert ? 'alert' : undefined}>
      {icon !== undefined && (
        <span class="mark">
          <Icon name={icon} />
        </span>
      )}
      <p>{text}</p>
      {children}
    </div>
  );
}

function Begin({ ui, label }: { ui: Ui; label: string }) {
  return (
    <button type="button" class="button" onClick={() => void ui.dispatch({ ask: 'begin' })}>
      {label}
    </button>
  );
}

/** An inbox on a page that was not opened for it: nothing is made before the person wants it. */
export function Welcome({ ui }: { ui: Ui }) {
  return (
    <Whole icon="chats" text={ui.words('welcome.text')}>
      <Begin ui={ui} label={ui.words('welcome.begin')} />
    </Whole>
  );
}

export function Elsewhere({ ui }: { ui: Ui }) {
  return (
    <Whole icon="tabs" text={ui.words('fault.pim/elsewhere')}>
      <Begin ui={ui} label={ui.words('action.use-here')} />
    </Whole>
  );
}

export function Failed({ ui, fault }: { ui: Ui; fault: Fault }) {
  const way = wayOn(fault);
  return (
    <Whole icon="alert" text={ui.words(faultKey(fault))} isAlert>
      {way === 'retry' && <Begin ui={ui} label={ui.words('action.retry')} />}
      {way === 'reload' && <Reload ui={ui} class="button" />}
    </Whole>
  );
}

/** The owner looks at their own page. */
export function Own({ ui, address }: { ui: Ui; address: string }) {
  const { inboxUrl } = ui.state.settings;
  return (
    <div class="whole">
      <Avatar address={address} size="l" />
      <p>{ui.words('note.own')}</p>
      {inboxUrl !== null && (
        <a class="button" href={inboxUrl} target="_blank" rel="noopener">
          {ui.words('note.own-link')}
        </a>
      )}
    </div>
  );
}
