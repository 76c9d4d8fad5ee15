/** The emoji, fetched when somebody first wants one. */

import type { Ui } from '../panel/ui.js';
import { Component, createRef } from '../render/component.js';

type Chunk = typeof import('../emoji/emoji.js').chunk;

let known: Chunk | null = null;

interface EmojiProps {
  readonly ui: Ui;
  onPick(emoji: string): void;
  onEnd(): void;
  /** Called once they are there, for a menu to find its place. */
  onShown(): void;
}

export class EmojiDoor extends Component<EmojiProps, { readonly chunk: Chunk | null }> {
  override state = { chunk: known };
  readonly #root = createRef<HTMLDivElement>();

  override componentDidMount(): void {
    void this.#fetch();
  }

  async #fetch(): Promise<void> {
    try {
      known ??= (await import('../emoji/emoji.js')).chunk;
    } catch {
      return this.props.onEnd(); // not reachable: the quick ones are there
    }
    if (this.#root.current === null) return; // closed meanwhile
    this.props.ui.adopt(known.styles);
    this.setState({ chunk: known });
  }

  override componentDidUpdate(_props: EmojiProps, before: { readonly chunk: Chunk | null }): void {
    if (before.chunk !== this.state.chunk) this.props.onShown();
  }

  override render({ ui, onPick, onEnd }: EmojiProps, { chunk }: { readonly chunk: Chunk | null }) {
    return (
      <div ref={this.#root}>
        {chunk !== null && <chunk.Picker ui={ui} onPick={onPick} onEnd={onEnd} />}
      </div>
    );
  }
}
