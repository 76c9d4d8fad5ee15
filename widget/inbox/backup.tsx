/** Keeping one's address beyond this browser: a file with everything, or 24 words. */

import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';
import { backupFault } from './backup-fault.js';
import { MIN_PASSPHRASE } from './min-passphrase.js';
import { ScreenFrame } from './screen.js';

interface BackupState {
  readonly passphrase: string;
  readonly file: 'none' | 'busy' | 'saved';
  readonly words: readonly string[] | null;
  /** The code of what went wrong. */
  readonly fault: string | null;
}

export class BackupScreen extends Component<{ ui: Ui }, BackupState> {
  override state: BackupState = { passphrase: '', file: 'none', words: null, fault: null };

  readonly #saved = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { passphrase } = this.state;
    if (passphrase.length < MIN_PASSPHRASE) return;
    this.setState({ file: 'busy', fault: null });
    const isDone = await this.props.ui.dispatch({
      ask: 'backup',
      passphrase,
      got: (file) => {
        if (typeof file === 'string') this.setState({ fault: file });
        else save(file);
      },
    });
    const { fault } = this.state;
    this.setState({ file: isDone && fault === null ? 'saved' : 'none' });
  };

  readonly #shown = (): void => {
    this.setState({ fault: null });
    void this.props.ui.dispatch({
      ask: 'words',
      got: (words) => this.setState(typeof words === 'string' ? { fault: words } : { words }),
    });
  };

  override render({ ui }: { ui: Ui }, { passphrase, file, words: secret, fault }: BackupState) {
    const { words, dispatch } = ui;
    return (
      <ScreenFrame ui={ui} title={words('backup.title')} back={{ name: 'settings' }}>
        <p class="hint">{words('backup.text')}</p>
        {fault !== null && (
          <p class="hint fault" role="alert">
            {words(backupFault(fault))}
          </p>
        )}
        <h3 class="section">{words('backup.file')}</h3>
        <form class="form" onSubmit={this.#saved}>
          <label for="passphrase">{words('backup.passphrase')}</label>
          <input
            id="passphrase"
            dir="auto"
            autoComplete="off"
            autoCapitalize="off"
            spellcheck={false}
            value={passphrase}
            aria-describedby="passphrase-hint"
            onInput={({ currentTarget }) =>
              this.setState({ passphrase: currentTarget.value, file: 'none' })
            }
          />
          <p id="passphrase-hint" class="hint" role="status">
            {words(file === 'saved' ? 'backup.saved' : 'backup.passphrase-hint')}
          </p>
          <div class="buttons">
            <button
              type="submit"
              class="button"
              disabled={file === 'busy' || passphrase.length < MIN_PASSPHRASE}
            >
              {words(file === 'busy' ? 'backup.saving' : 'backup.save')}
            </button>
          </div>
        </form>
        <h3 class="section">{words('backup.words')}</h3>
        <p class="hint">{words('backup.words-text')}</p>
        {secret === null ? (
          <div class="buttons">
            <button type="button" class="button quiet" onClick={this.#shown}>
              {words('backup.words-show')}
            </button>
          </div>
        ) : (
          <ol class="secret" dir="ltr" lang="en">
            {secret.map((word, index) => (
              <li key={index}>
                <span class="nth">{index + 1}</span>
                {word}
              </li>
            ))}
          </ol>
        )}
        <div class="last">
          <button
            type="button"
            class="button quiet"
            onClick={() => void dispatch({ ask: 'go', screen: { name: 'restore' } })}
          >
            {words('restore.title')}
          </button>
        </div>
      </ScreenFrame>
    );
  }
}

/** Hands the file to the browser's downloads. */
function save(file: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(file)]));
  const link = document.createElement('a');
  link.href = url;
  link.download = `pim-backup-${new Date().toISOString().slice(0, 10)}.pim`;
  link.click();
  // The browser has begun to read it by then; the URL is this document's alone.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
