/** Sets, changes and removes the passphrase; says first what it is good for, and what it costs. */

import type { Kept } from '../../sdk/index.js';
import { LockNow } from '../inbox/lock-now.js';
import { ScreenFrame } from '../inbox/screen.js';
import type { Ui } from '../panel/ui.js';
import { ICONS, Icon } from '../panel/views/icon.js';
import { Component } from '../render/component.js';
import { RemoveForm } from './remove-form.js';
import { SetForm } from './set-form.js';

interface ScreenState {
  /** Null until it is known. */
  readonly kept: Kept | null;
  readonly done: 'lock.saved' | 'lock.removed' | null;
}

export class PassphraseScreen extends Component<{ readonly ui: Ui }, ScreenState> {
  override state: ScreenState = { kept: null, done: null };

  override componentDidMount(): void {
    this.#look(null);
  }

  #look(done: ScreenState['done']): void {
    void this.props.ui.dispatch({
      ask: 'kept',
      persist: false,
      got: (kept) => typeof kept !== 'string' && this.setState({ kept, done }),
    });
  }

  override render({ ui }: { readonly ui: Ui }, { kept, done }: ScreenState) {
    const { words } = ui;
    return (
      <ScreenFrame ui={ui} title={words('backup.passphrase')} back={{ name: 'settings' }}>
        <div class="locking">
          <p class="hint good" role="status">
            {done !== null && words(done)}
          </p>
          {kept !== null && (kept.isLocked ? this.#put(ui) : this.#none(ui, kept))}
        </div>
      </ScreenFrame>
    );
  }

  #none(ui: Ui, { lastBackupAt }: Kept) {
    const { words, formats, now, dispatch } = ui;
    return (
      <>
        <p class="hint">{words('lock.what')}</p>
        <div class="note error">
          <Icon path={ICONS.alert} />
          <p>{words('lock.warning')}</p>
        </div>
        <p class="hint">
          {lastBackupAt === null
            ? words('settings.no-backup')
            : words('settings.last-backup', { date: formats.day(lastBackupAt, now) })}
        </p>
        <div class="buttons">
          <button
            type="button"
            class="button quiet"
            onClick={() => void dispatch({ ask: 'go', screen: { name: 'backup' } })}
          >
            {words('lock.backup-first')}
          </button>
        </div>
        <h3 class="section">{words('lock.set')}</h3>
        <SetForm key="set" ui={ui} isChange={false} onDone={() => this.#look('lock.saved')} />
      </>
    );
  }

  #put(ui: Ui) {
    const { words } = ui;
    return (
      <>
        <p class="hint">{words('lock.on')}</p>
        <div class="buttons">
          <LockNow ui={ui} />
        </div>
        <h3 class="section">{words('lock.replace')}</h3>
        <SetForm key="change" ui={ui} isChange onDone={() => this.#look('lock.saved')} />
        <h3 class="section">{words('lock.remove')}</h3>
        <RemoveForm ui={ui} onDone={() => this.#look('lock.removed')} />
      </>
    );
  }
}
