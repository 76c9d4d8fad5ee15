/** My name, what I tell people, what is kept here and how, the lock on it, the relays, and the way to erase it all. */

import type { Kept, RelayStatus } from '../../sdk/index.js';
import type { Ui } from '../panel/ui.js';
import type { Privacy } from '../port.js';
import { Component } from '../render/component.js';
import { About } from './about.js';
import { AlertChoices } from './alert-choices.js';
import { KeptHere } from './kept-here.js';
import { MyName } from './name-form.js';
import { Passphrase } from './passphrase.js';
import { ScreenFrame, Sure } from './screen.js';
import { Switch } from './switch.js';

/** Milliseconds until what stands below is shown without what is kept here; a browser answers in a few. */
const PATIENCE_MS = 1_000;

interface SettingsState {
  /** Null until it is known, and where it cannot be. */
  readonly kept: Kept | null;
  /** Nothing below is shown before: it would move away under the finger that wants it. */
  readonly hasLooked: boolean;
}

export class SettingsScreen extends Component<{ readonly ui: Ui }, SettingsState> {
  override state: SettingsState = { kept: null, hasLooked: false };
  #patience: ReturnType<typeof setTimeout> | undefined;

  override componentDidMount(): void {
    const looked = () => this.setState({ hasLooked: true });
    this.#patience = setTimeout(looked, PATIENCE_MS);
    void this.#look(false).then(looked);
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#patience);
  }

  async #look(persist: boolean): Promise<void> {
    const got = (kept: Kept | string) => {
      if (typeof kept !== 'string') this.setState({ kept });
    };
    await this.props.ui.dispatch({ ask: 'kept', persist, got });
  }

  readonly #persist = (): Promise<void> => this.#look(true);

  override render({ ui }: { readonly ui: Ui }, { kept, hasLooked }: SettingsState) {
    const { state, words } = ui;
    const isPersistent = state.me?.isPersistent !== false;
    return (
      <ScreenFrame ui={ui} title={words('settings.title')}>
        <MyName ui={ui} />
        <h3 class="section">{words('settings.telling')}</h3>
        <Telling ui={ui} name="receipts" label={words('settings.receipts')} />
        <Telling ui={ui} name="typing" label={words('settings.typing')} />
        <p class="hint">{words('settings.telling-hint')}</p>
        {!state.settings.quiet && <AlertChoices ui={ui} />}
        <h3 class="section">{words('settings.kept')}</h3>
        <p class="hint">{words(isPersistent ? 'settings.persistent' : 'settings.memory')}</p>
        {isPersistent && kept !== null && (
          <KeptHere ui={ui} kept={kept} onPersist={this.#persist} />
        )}
        {(hasLooked || !isPersistent) && (
          <Below ui={ui} isLocked={isPersistent ? (kept?.isLocked ?? null) : null} />
        )}
      </ScreenFrame>
    );
  }
}

/** @param props `isLocked`: null where there is no lock, and where it is not known */
function Below({ ui, isLocked }: { readonly ui: Ui; readonly isLocked: boolean | null }) {
  const { state, words, dispatch } = ui;
  return (
    <>
      <div class="buttons">
        <button
          type="button"
          class="button quiet"
          onClick={() => void dispatch({ ask: 'go', screen: { name: 'backup' } })}
        >
          {words('settings.backup')}
        </button>
      </div>
      {isLocked !== null && <Passphrase ui={ui} isLocked={isLocked} />}
      <h3 class="section">{words('settings.relays')}</h3>
      <ul class="plain">
        {state.relays.map((relay) => (
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
    </>
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
