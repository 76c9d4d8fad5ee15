/** My name, what I tell people, what is kept here and how, the lock on it, the relays, and the way to erase it all. */

import type { RelayStatus } from '../../sdk/index.js';
import type { Ui } from '../panel/ui.js';
import type { Privacy } from '../port.js';
import { About } from './about.js';
import { AlertChoices } from './alert-choices.js';
import { KeptHere } from './kept-here.js';
import { MyName } from './name-form.js';
import { Passphrase } from './passphrase.js';
import { ScreenFrame, Sure } from './screen.js';
import { Switch } from './switch.js';

export function SettingsScreen({ ui }: { ui: Ui }) {
  const { state, words, dispatch } = ui;
  const { me, relays } = state;
  return (
    <ScreenFrame ui={ui} title={words('settings.title')}>
      <MyName ui={ui} />
      <h3 class="section">{words('settings.telling')}</h3>
      <Telling ui={ui} name="receipts" label={words('settings.receipts')} />
      <Telling ui={ui} name="typing" label={words('settings.typing')} />
      <p class="hint">{words('settings.telling-hint')}</p>
      {!state.settings.quiet && <AlertChoices ui={ui} />}
      <h3 class="section">{words('settings.kept')}</h3>
      <p class="hint">
        {words(me?.isPersistent === false ? 'settings.memory' : 'settings.persistent')}
      </p>
      {me?.isPersistent !== false && <KeptHere ui={ui} />}
      <div class="buttons">
        <button
          type="button"
          class="button quiet"
          onClick={() => void dispatch({ ask: 'go', screen: { name: 'backup' } })}
        >
          {words('settings.backup')}
        </button>
      </div>
      {me?.isPersistent !== false && <Passphrase ui={ui} />}
      <h3 class="section">{words('settings.relays')}</h3>
      <ul class="plain">
        {relays.map((relay) => (
          <Relay key={relay.url} ui={ui} relay={relay} />
        ))}
      </ul>
      <div class="buttons">
        <button
          type="button"
          class="button quiet"
          onClick={() => void dispatch({ ask: 'go', screen: { name: 'diagnosis' } })}
        >
          {words('settings.diagnosis')}
        </button>
      </div>
      <div class="last">
        <Sure
          ui={ui}
          label={words('settings.erase')}
          text={words('settings.erase-text')}
          sure={words('settings.erase-sure')}
          onSure={() => void dispatch({ ask: 'erase' })}
        />
      </div>
      <About ui={ui} />
    </ScreenFrame>
  );
}

function Telling({ ui, name, label }: { ui: Ui; name: keyof Privacy; label: string }) {
  const isOn = ui.state.me?.privacy[name] === true;
  const turn = () => void ui.dispatch({ ask: 'privacy', change: { [name]: !isOn } });
  return <Switch label={label} isOn={isOn} onTurn={turn} />;
}

function Relay({ ui, relay }: { ui: Ui; relay: RelayStatus }) {
  const { words } = ui;
  const { url, state, alteredFrames } = relay;
  return (
    <li>
      <bdi dir="ltr">{url}</bdi>
      <span class={state === 'online' ? 'hint good' : 'hint'}>
        {words(`settings.relay-${state}`)}
      </span>
      {alteredFrames > 0 && (
        <span class="hint fault">{words('settings.altered', { n: alteredFrames })}</span>
      )}
    </li>
  );
}
