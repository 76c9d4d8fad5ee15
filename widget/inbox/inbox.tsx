/**
 * Entry of the inbox's chunk: views, deeds, words and looks that a visitor who writes to one person
 * never needs.
 */

import type { InboxChunk, Ui } from '../panel/ui.js';
import { INBOX_STRINGS } from '../strings/inbox.js';
import { INBOX_STYLES } from '../styles/inbox.js';
import { Add } from './add.js';
import { perform } from './deeds.js';
import { Invited } from './invited.js';
import { List } from './list.js';
import { Me } from './me.js';
import { Person } from './person.js';
import { RequestScreen } from './request.js';
import { SettingsScreen } from './settings.js';

function Screen({ ui }: { ui: Ui }) {
  const { screen } = ui.state;
  switch (screen.name) {
    case 'person':
      return <Person key={screen.address} ui={ui} address={screen.address} />;
    case 'request':
      return <RequestScreen ui={ui} from={screen.from} />;
    case 'invitation':
      return <Invited ui={ui} invitation={screen.invitation} />;
    case 'add':
      return <Add ui={ui} />;
    case 'me':
      return <Me ui={ui} />;
    case 'settings':
      return <SettingsScreen ui={ui} />;
    default:
      return <Nothing ui={ui} />;
  }
}

/** The main pane of a wide inbox before anything is chosen. */
function Nothing({ ui }: { ui: Ui }) {
  const { conversations, requests } = ui.state;
  const hasAny = conversations.length + requests.length > 0;
  return <p class="choose">{hasAny && ui.words('inbox.choose')}</p>;
}

export const inbox: InboxChunk = {
  views: { List, Screen },
  perform,
  strings: INBOX_STRINGS,
  styles: INBOX_STYLES,
};
