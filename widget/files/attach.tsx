/** The button that sends files, and files that are dropped on a conversation or pasted into it. */

import type { Thread } from '../panel/state.js';
import type { Ui } from '../panel/ui.js';
import { Icon } from '../panel/views/icon.js';
import { Component, createRef } from '../render/component.js';
import { FILE_ICONS } from './icons.js';

interface AttachProps {
  readonly ui: Ui;
  readonly thread: Thread;
}

interface AttachState {
  /** The file that is being read. */
  readonly preparing: string | null;
}

interface Chosen {
  readonly file: File;
  /** Where it lies, from browsers that tell it of what is dropped. */
  readonly handle?: unknown;
}

/** Where a browser tells of it (File System Access API). */
interface DroppedItem extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<unknown>;
}

export class Attach extends Component<AttachProps, AttachState> {
  override state: AttachState = { preparing: null };
  readonly #input = createRef<HTMLInputElement>();
  #undo: AbortController | null = null;

  override componentDidMount(): void {
    const place = this.#input.current?.closest<HTMLElement>('.main');
    if (!place) return;
    this.#undo = new AbortController();
    const { signal } = this.#undo;
    const show = (isOver: boolean) => place.classList.toggle('dropping', isOver);
    place.addEventListener('dragover', (event) => hasFiles(event) && show(true), { signal });
    place.addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault(), {
      signal,
    });
    place.addEventListener('dragleave', () => show(false), { signal });
    place.addEventListener(
      'drop',
      (event) => {
        show(false);
        if (!hasFiles(event)) return;
        event.preventDefault();
        void this.#dropped(event.dataTransfer);
      },
      { signal },
    );
    place.addEventListener(
      'paste',
      (event) => {
        const { files = [], types = [] } = event.clipboardData ?? {};
        // Words of an office program come with a picture of them; a picture alone is no plain text.
        const isText = ['text/plain', 'text/html'].every((type) => types.includes(type));
        if (files.length === 0 || isText) return;
        event.preventDefault();
        void this.#send([...files].map((file) => ({ file })));
      },
      { signal },
    );
  }

  override componentWillUnmount(): void {
    this.#undo?.abort();
  }

  override render({ ui }: AttachProps, { preparing }: AttachState) {
    const label = ui.words('file.attach');
    return (
      <>
        {preparing !== null && (
          <span class="preparing" role="status">
            {ui.words('file.preparing', { name: preparing })}
          </span>
        )}
        <input
          type="file"
          multiple
          hidden
          aria-label={label}
          ref={this.#input}
          onChange={() => this.#chosen()}
        />
        <button
          type="button"
          class="attach"
          part="attach"
          aria-label={label}
          title={label}
          onClick={() => this.#input.current?.click()}
        >
          <Icon path={FILE_ICONS.attach} />
        </button>
      </>
    );
  }

  #chosen(): void {
    const input = this.#input.current;
    if (input === null) return;
    void this.#send([...(input.files ?? [])].map((file) => ({ file })));
    input.value = ''; // the same one may be chosen again
  }

  async #dropped(data: DataTransfer | null): Promise<void> {
    // Items are gone after this turn; what is asked of them now is answered later.
    const asked = [...(data?.items ?? [])].map(async (item: DroppedItem) => {
      const file = item.getAsFile();
      const handle = await item.getAsFileSystemHandle?.().catch(() => undefined);
      return file === null ? [] : [{ file, ...(handle !== undefined && { handle }) }];
    });
    await this.#send((await Promise.all(asked)).flat());
  }

  /** One after the other: each is read whole before it is offered. */
  async #send(all: readonly Chosen[]): Promise<void> {
    const { ui, thread } = this.props;
    for (const { file, handle } of all) {
      this.setState({ preparing: file.name });
      const isSent = await ui.dispatch({
        ask: 'use',
        use: (pim) => pim.files.send(thread.address, file, { handle }),
      });
      if (!isSent) break;
    }
    this.setState({ preparing: null });
  }
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}
