/** The inbox's main pane: whatever screen is open that is no conversation. */

import type { Ui } from '../panel/ui.js';
import { Add } from './add.js';
import { BackupScreen } from './backup.js';
import { DiagnosisScreen } from './diagnosis.js';
import { InvitationsScreen } from './invitations.js';
import { Invited } from './invited.js';
import { LockDoor } from './lock-door.js';
import { Me } from './me.js';
import { Person } from './person.js';
import { RequestScreen } from './request.js';
import { RestoreScreen } from './restore.js';
import { SettingsScreen } from './settings.js';

export function Pane({ ui }: { ui: Ui }) {
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
    case 'invitations':
      return <InvitationsScreen ui={ui} />;
    case 'me':
      return <Me ui={ui} />;
    case 'backup':
      return <BackupScreen ui={ui} />;
    case 'passphrase':
      return <LockDoor ui={ui} to="PassphraseScreen" />;
    case 'restore':
      return <RestoreScreen ui={ui} />;
    case 'diagnosis':
      return <DiagnosisScreen ui={ui} />;
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
