/** The screens of the passphrase lock, fetched when one of them is to be shown. */

import type { Ui } from '../panel/ui.js';
import { Reload } from '../panel/views/notes.js';
import { Instead, Whole } from '../panel/views/whole.js';
import { Component } from '../render/component.js';

type Chunk = typeof import('../lock/lock.js').chunk;

let known: Chunk | null = null;

interface DoorProps {
  readonly ui: Ui;
  readonly to: keyof Chunk['views'];
}

interface DoorState {
  readonly chunk: Chunk | null;
  readonly hasFailed: boolean;
}

export class LockDoor extends Component<DoorProps, DoorState> {
  override state: DoorState = { chunk: known, hasFailed: false };

  override componentDidMount(): void {
    void this.#fetch();
  }

  async #fetch(): Promise<void> {
    try {
      known ??= (await import('../lock/lock.js')).chunk;
      this.props.ui.adopt(known.styles);
      this.setState({ chunk: known });
    } catch {
      this.setState({ hasFailed: true });
    }
  }

  override render({ ui, to }: DoorProps, { chunk, hasFailed }: DoorState) {
    if (chunk !== null) {
      const View = chunk.views[to];
      return <View ui={ui} />;
    }
    return (
      <Instead ui={ui} title={ui.words('backup.passphrase')}>
        {hasFailed ? (
          <Whole text={ui.words('fault.unknown')} isAlert>
            <Reload ui={ui} class="button" />
          </Whole>
        ) : (
          <p class="whole">{ui.words('chat.loading')}</p>
        )}
      </Instead>
    );
  }
}
