/** One picture, as large as the window. */

import type { Ui } from '../panel/ui.js';
import { Component, createRef } from '../render/component.js';
import { draw, save } from './picture.js';

interface ViewerProps {
  readonly ui: Ui;
  readonly picture: File;
  readonly name: string;
  readonly onClose: () => void;
}

export class Viewer extends Component<ViewerProps> {
  readonly #dialog = createRef<HTMLDialogElement>();
  readonly #canvas = createRef<HTMLCanvasElement>();

  override componentDidMount(): void {
    this.#dialog.current?.showModal?.();
    const canvas = this.#canvas.current;
    const side = Math.max(globalThis.innerWidth, globalThis.innerHeight);
    if (canvas !== null) void draw(this.props.picture, canvas, side);
  }

  /** So that focus goes back to where it was. */
  readonly #close = (): void => this.#dialog.current?.close();

  override render({ ui, picture, name, onClose }: ViewerProps) {
    const { words } = ui;
    return (
      <dialog
        class="viewer"
        part="viewer"
        ref={this.#dialog}
        aria-label={words('file.picture', { name })}
        onClose={onClose}
        onKeyDown={(event) => event.stopPropagation()} // Escape is the picture's, not the chat's
      >
        <div class="viewer-deeds">
          <button
            type="button"
            onClick={(event) => {
              event.stopPropagation();
              save(picture);
            }}
          >
            {words('file.save')}
          </button>
          <button type="button" data-focus onClick={this.#close}>
            {words('file.close')}
          </button>
        </div>
        <canvas ref={this.#canvas} />
      </dialog>
    );
  }
}
