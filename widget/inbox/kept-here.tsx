/** How much lies on this device, whether the browser may erase it, and when it was last backed up. */

import type { Kept } from '../../sdk/index.js';
import { bytesIn } from '../files/size.js';
import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';

interface KeptProps {
  readonly ui: Ui;
  readonly kept: Kept;
  /** Asks the browser to promise it; fulfilled when it has answered and `kept` says what. */
  readonly onPersist: () => Promise<void>;
}

interface KeptState {
  readonly asked: 'not' | 'asking' | 'answered';
}

export class KeptHere extends Component<KeptProps, KeptState> {
  override state: KeptState = { asked: 'not' };

  readonly #ask = (): void => {
    this.setState({ asked: 'asking' });
    void this.props.onPersist().then(() => this.setState({ asked: 'answered' }));
  };

  override render({ ui, kept }: KeptProps, { asked }: KeptState) {
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
