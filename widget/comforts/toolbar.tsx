/** Beside the message under the mouse: the two things done most, and the way to the others. */

import type { Message } from '../../sdk/index.js';
import type { Ui } from '../panel/ui.js';
import { IconButton } from '../panel/views/icon.js';
import { Component, createRef } from '../render/component.js';
import type { MenuPlace } from './gestures.js';
import { COMFORT_ICONS } from './icons.js';

/** Pixels between it and the bubble, and from the edges of the log. */
const GAP = 6;

interface ToolbarProps {
  readonly ui: Ui;
  readonly message: Message;
  bubble(): HTMLElement | null;
  over(bubble: HTMLElement | null): void;
  menu(bubble: HTMLElement, at: MenuPlace): void;
}

export class Toolbar extends Component<ToolbarProps> {
  readonly #root = createRef<HTMLDivElement>();

  override componentDidMount(): void {
    const bar = this.#root.current;
    const frame = bar?.closest('.log-frame');
    const bubble = this.props.bubble();
    if (!bar || !frame || !bubble) return;
    const [within, box, own] = [frame, bubble, bar].map((each) => each.getBoundingClientRect());
    if (!within || !box || !own) return;
    const rightward = within.right - box.right;
    const isRight = rightward >= box.left - within.left;
    const x = isRight ? box.right + GAP : box.left - GAP - own.width;
    const fits = x >= within.left + GAP && x + own.width <= within.right - GAP;
    const most = within.right - GAP - own.width;
    const y = fits
      ? box.top + Math.min(box.height, 40) / 2 - own.height / 2
      : box.top - own.height / 2;
    bar.style.left = `${Math.min(Math.max(x, within.left + GAP), most) - within.left}px`;
    bar.style.top = `${Math.max(y - within.top, 2)}px`;
  }

  readonly #menu = (): void => {
    const bubble = this.props.bubble();
    if (bubble !== null) this.props.menu(bubble, 'beside');
  };

  override render({ ui, message, bubble, over }: ToolbarProps) {
    const { words, dispatch } = ui;
    const reply = () => void dispatch({ ask: 'about', how: 'reply', message });
    return (
      <div
        class="toolbar"
        ref={this.#root}
        onPointerEnter={() => over(bubble())}
        onPointerLeave={() => over(null)}
      >
        <IconButton icon={COMFORT_ICONS.smile} label={words('menu.react')} onClick={this.#menu} />
        <IconButton icon={COMFORT_ICONS.reply} label={words('menu.reply')} onClick={reply} />
        <IconButton icon={COMFORT_ICONS.more} label={words('menu.more')} onClick={this.#menu} />
      </div>
    );
  }
}
