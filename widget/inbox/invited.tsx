/** A link of somebody was opened: nothing happens, and nobody learns of it, before a yes. */

import type { Invitation } from '../panel/state.js';
import type { Ui } from '../panel/ui.js';
import { Avatar } from '../panel/views/avatar.js';
import { ICONS, Icon } from '../panel/views/icon.js';
import { ScreenFrame, WholeAddress } from './screen.js';

export function Invited({ ui, invitation }: { ui: Ui; invitation: Invitation }) {
  const { words, dispatch } = ui;
  const { address, relays } = invitation;
  return (
    <ScreenFrame ui={ui} title={words('invitation.title')}>
      <div class="asking">
        <Avatar address={address} size="l" />
        <WholeAddress address={address} />
      </div>
      <p class="hint lead">
        <Icon path={ICONS.lock} />
        {words('invitation.text')}
      </p>
      {relays.length > 0 && (
        <>
          <p class="hint">{words('invitation.relays')}</p>
          <ul class="plain" dir="ltr">
            {relays.map((url) => (
              <li key={url}>{url}</li>
            ))}
          </ul>
        </>
      )}
      <div class="buttons">
        <button
          type="button"
          class="button"
          data-focus
          onClick={() => void dispatch({ ask: 'invited' })}
        >
          {words('invitation.yes')}
        </button>
        <button
          type="button"
          class="button quiet"
          onClick={() => void dispatch({ ask: 'go', screen: { name: 'list' } })}
        >
          {words('invitation.no')}
        </button>
      </div>
    </ScreenFrame>
  );
}
