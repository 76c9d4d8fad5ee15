/** How much lies on this device, whether the browser may erase it, and when it was last backed up. */

import type { Kept } from '../../sdk/index.js';
import { bytesIn } from '../files/size.js';
import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';

interface KeptState {
  /** Null until it is known, and where it cannot be. */
  readonly kept: Kept | null;
  readonly asked: 'not' | 'asking' | 'answered';
}

export class KeptHere extends Component<{ readonly ui: Ui }, KeptState> {
  override state: KeptState = { kept: null, asked: 'not' };

  override componentDidMount(): void {
    void this.#look(false);
  }

  readonly #ask = (): void => {
    this.setState({ asked: 'asking' });
    void this.#look(true).then(() => this.setState({ asked: 'answered' }));
  };

  async #look(persist: boolean): Promise<void> {
    const got = (kept: Kept | string) => {
      if (typeof kept !== 'string') this.setState({ kept });
    };
    await this.props.ui.dispatch({ ask: 'kept', persist, got });
  }

  override render({ ui }: { ui: Ui }, { kept, asked }: KeptState) {
    if (kept === null) return null;
    const { words, formats, now } = ui;
    const { usedBytes, quotaBytes, lastBackupAt } = kept;
    const { locale } = ui.state.settings.language;
    const state = stateOf(kept);
    const mayAsk = kept.isPersisted === false;
    return (
      <>
        {usedBytes !== null && quotaBytes !== null && (
          <p class="hint kept">
            {words('settings.used', {
              used: bytesIn(locale, usedBytes),
              quota: bytesIn(locale, quotaBytes),
            })}
          </p>
        )}
        <p class="hint kept">
          {lastBackupAt === null
            ? words('settings.no-backup')
            : words('settings.last-backup', { date: formats.day(lastBackupAt, now) })}
        </p>
        <p class="hint kept" role="status">
          {state !== null && words(state)}
          {mayAsk && asked === 'answered' && ` ${words('settings.persist-refused')}`}
        </p>
        {mayAsk && (
          <div class="buttons">
            <button
              type="button"
              class="button quiet"
              disabled={asked === 'asking'}
              onClick={this.#ask}
            >
              {words('settings.persist')}
            </button>
          </div>
        )}
      </>
    );
  }
}

/** What the browser may do with it; nothing where it does not say. */
function stateOf({ isPersisted, erasesAfterDays }: Kept) {
  if (isPersisted === true) return 'diagnosis.storage/good';
  if (erasesAfterDays !== null) return 'diagnosis.storage/seven-days';
  return isPersisted === false ? 'diagnosis.storage/evictable' : null;
}
