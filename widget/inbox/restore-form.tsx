/** A backup is opened and shown, and takes the place of what is here only when asked. */

import type { Backup } from '../../sdk/index.js';
import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';
import { backupFault } from './backup-fault.js';
import { Sure, WholeAddress } from './screen.js';

interface RestoreProps {
  readonly ui: Ui;
  /** Without showing whose it is: it is to be of who is here. */
  readonly isAtOnce?: boolean;
  /** @returns null where it was done; `identity/exists`: only with `replace` */
  take(backup: Backup, replace: boolean): Promise<string | null>;
}

interface RestoreState {
  readonly file: File | null;
  readonly words: string;
  readonly passphrase: string;
  readonly isBusy: boolean;
  readonly opened: Backup | null;
  /** Somebody is at home here, who would be gone. */
  readonly isTaken: boolean;
  readonly fault: string | null;
}

const CLOSED: RestoreState = {
  file: null,
  words: '',
  passphrase: '',
  isBusy: false,
  opened: null,
  isTaken: false,
  fault: null,
};

export class RestoreForm extends Component<RestoreProps, RestoreState> {
  override state: RestoreState = CLOSED;

  readonly #submitted = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { file, words, passphrase } = this.state;
    const { ui, isAtOnce } = this.props;
    this.setState({ isBusy: true, fault: null });
    const from = file === null ? words : await contentOf(file);
    let opened: Backup | string = '';
    await ui.dispatch({
      ask: 'read-backup',
      from,
      passphrase,
      got: (found) => {
        opened = found;
      },
    });
    if (typeof opened === 'string') this.setState({ fault: opened });
    else if (isAtOnce) await this.#take(opened, false);
    else this.setState({ opened });
    this.setState({ isBusy: false });
  };

  async #take(backup: Backup, replace: boolean): Promise<void> {
    this.setState({ isBusy: true, fault: null });
    const code = await this.props.take(backup, replace);
    if (code === 'identity/exists') this.setState({ opened: backup, isTaken: true });
    else this.setState({ fault: code });
    this.setState({ isBusy: false });
  }

  override render({ ui }: RestoreProps, state: RestoreState) {
    const { opened, fault } = state;
    return (
      <>
        {fault !== null && (
          <p class="hint fault" role="alert">
            {ui.words(backupFault(fault))}
          </p>
        )}
        {opened === null ? this.#form(ui, state) : this.#found(ui, state, opened)}
      </>
    );
  }

  #form({ words }: Ui, state: RestoreState) {
    const { file, isBusy, passphrase } = state;
    return (
      <form class="form" onSubmit={this.#submitted}>
        <label for="file">{words('restore.file')}</label>
        <input
          id="file"
          type="file"
          data-focus
          onInput={({ currentTarget }) => this.setState({ file: currentTarget.files?.[0] ?? null })}
        />
        {file === null && (
          <>
            <label for="words">{words('restore.words')}</label>
            <textarea
              id="words"
              rows={4}
              dir="ltr"
              spellcheck={false}
              autoCapitalize="off"
              autoComplete="off"
              value={state.words}
              onInput={({ currentTarget }) => this.setState({ words: currentTarget.value })}
            />
          </>
        )}
        {file !== null && (
          <>
            <label for="passphrase">{words('backup.passphrase')}</label>
            <input
              id="passphrase"
              type="password"
              dir="auto"
              autoComplete="off"
              value={passphrase}
              onInput={({ currentTarget }) => this.setState({ passphrase: currentTarget.value })}
            />
          </>
        )}
        <div class="buttons">
          <button
            type="submit"
            class="button"
            disabled={isBusy || (file === null && state.words.trim() === '')}
          >
            {words(isBusy ? 'restore.opening' : 'restore.open')}
          </button>
        </div>
      </form>
    );
  }

  #found(ui: Ui, { isBusy, isTaken }: RestoreState, opened: Backup) {
    const { words, formats, now } = ui;
    const { address, contacts, madeAt } = opened;
    return (
      <>
        <p class="hint">{words('restore.whose')}</p>
        <WholeAddress address={address} />
        <p class="hint lead">
          {madeAt === null
            ? words('restore.key-alone')
            : words('restore.made', { date: formats.day(madeAt, now), n: contacts })}
        </p>
        {isTaken ? (
          <Sure
            ui={ui}
            label={words('restore.replace')}
            text={words('restore.replace-text')}
            onSure={() => void this.#take(opened, true)}
          />
        ) : (
          <div class="buttons">
            <button
              type="button"
              class="button quiet"
              disabled={isBusy}
              onClick={() => this.setState(CLOSED)}
            >
              {words('chat.cancel')}
            </button>
            <button
              type="button"
              class="button"
              disabled={isBusy}
              onClick={() => void this.#take(opened, false)}
            >
              {words('restore.go')}
            </button>
          </div>
        )}
      </>
    );
  }
}

/** A PEM is text, everything else a backup file. */
async function contentOf(file: File): Promise<Uint8Array | string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isPem = new TextDecoder().decode(bytes.subarray(0, 4_096)).includes('-----BEGIN');
  return isPem ? new TextDecoder().decode(bytes) : bytes;
}
