/**
 * The button that opens the bubble, and the note where the rest could not be fetched: plain DOM,
 * because every visitor of a page pays for it.
 */

import { element, svg } from './dom.js';
import type { LAUNCHER_STRINGS } from './strings/launcher.js';
import type { Words } from './words.js';

export type LauncherWords = Words<keyof typeof LAUNCHER_STRINGS>;

export interface LauncherRequests {
  press(): void;
  /** The person is about to press: the time to fetch what opening needs. */
  nearing(): void;
  retry(): void;
}

export interface LauncherView {
  readonly isOpen: boolean;
  /** The panel is being fetched. */
  readonly isBusy: boolean;
  /** The panel could not be fetched. */
  readonly hasFailed: boolean;
  readonly isDisabled: boolean;
  readonly unread: number;
}

/** A count above this says less than the room it takes. */
const MAX_BADGE = 99;

export class Launcher {
  readonly node: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #badge = element('span', { class: 'badge', part: 'badge', 'aria-hidden': 'true' });
  readonly #failure = element('span', {});
  readonly #retry = element('button', { type: 'button', class: 'retry' });
  readonly #note = element('p', { class: 'failure', role: 'alert', dir: 'auto' });

  constructor(requests: LauncherRequests) {
    this.#button = element(
      'button',
      { type: 'button', class: 'launcher', part: 'launcher' },
      element('slot', { name: 'launcher' }, face()),
      this.#badge,
    );
    this.#button.addEventListener('click', requests.press);
    for (const sign of ['pointerenter', 'focus', 'touchstart']) {
      this.#button.addEventListener(sign, requests.nearing, { passive: true });
    }
    this.#retry.addEventListener('click', requests.retry);
    this.node = element('div', { class: 'launch' }, this.#note, this.#button);
  }

  update(view: LauncherView, words: LauncherWords): void {
    const { isOpen, unread } = view;
    const shown = isOpen ? 0 : unread;
    const label = words(isOpen ? 'launcher.close' : 'launcher.open');
    const news = shown > 0 ? `${label}, ${words('launcher.unread', { n: shown })}` : label;
    this.#button.setAttribute('aria-label', news);
    this.#button.setAttribute('aria-expanded', String(isOpen));
    this.#button.setAttribute('aria-busy', String(isOpen && view.isBusy));
    this.#button.disabled = view.isDisabled;
    this.#badge.textContent = shown > MAX_BADGE ? `${MAX_BADGE}+` : String(shown);
    this.#badge.hidden = shown === 0;
    this.#failure.textContent = words('launcher.failed');
    this.#retry.textContent = words('launcher.retry');
    this.#note.replaceChildren(...(view.hasFailed ? [this.#failure, this.#retry] : []));
  }

  focus(): void {
    this.#button.focus();
  }
}

/** Two dots, two people; the drop of the button around them is the speech bubble. */
function face(): SVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 32 32', class: 'face', 'aria-hidden': 'true' },
    svg('circle', { class: 'eye', cx: '10', cy: '15.5', r: '3.4' }),
    svg('circle', { class: 'eye', cx: '22', cy: '15.5', r: '3.4' }),
    svg('path', { class: 'fold', d: 'M9 13l7 7 7-7' }),
  );
}
