/**
 * The element's states for CSS, as in `pim-chat:state(open)`. A browser without them leaves such
 * rules of the page silent, and nothing else.
 */

export type CssState = 'open' | 'unread' | 'online';

export class CssStates {
  readonly #states: CustomStateSet | null;

  constructor(host: HTMLElement) {
    this.#states = host.attachInternals?.().states ?? null;
  }

  set(state: CssState, isOn: boolean): void {
    try {
      if (isOn) this.#states?.add(state);
      else this.#states?.delete(state);
    } catch {
      // Chromium before 125 knows only names that begin with two dashes.
    }
  }
}
