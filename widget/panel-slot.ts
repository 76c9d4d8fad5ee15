/**
 * The panel's place in an element: fetched and mounted at the first need, taken away with the
 * element, and tried again after a failure.
 */

import type { Panel, PanelHost } from './contract.js';
import { loadPanel } from './source.js';

export class PanelSlot {
  readonly #host: PanelHost;
  readonly #changed: () => void;
  #panel: Panel | null = null;
  #mounting: Promise<Panel> | null = null;
  #hasFailed = false;
  /** Rises with every `clear`: what was begun before belongs to nobody. */
  #era = 0;

  /** @param changed called when a panel arrived, or could not */
  constructor(host: PanelHost, changed: () => void) {
    this.#host = host;
    this.#changed = changed;
  }

  /** Null until it is mounted. */
  get panel(): Panel | null {
    return this.#panel;
  }

  get isBusy(): boolean {
    return this.#mounting !== null && this.#panel === null;
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Rejects where the panel cannot be fetched; that was also said by pim-error. */
  mounted(): Promise<Panel> {
    this.#mounting ??= this.#mount(this.#era);
    return this.#mounting;
  }

  clear(): void {
    this.#era += 1;
    this.#panel?.destroy();
    this.#panel = null;
    this.#mounting = null;
  }

  async #mount(era: number): Promise<Panel> {
    try {
      const [{ mountPanel }] = await Promise.all([loadPanel(), this.#host.speak()]);
      if (era !== this.#era) throw new Error('<pim-chat> was taken off the page');
      this.#hasFailed = false;
      this.#panel = mountPanel(this.#host);
      return this.#panel;
    } catch (fault) {
      if (era !== this.#era) throw fault; // nobody is left to be told
      this.#mounting = null;
      this.#hasFailed = true;
      this.#host.emit('pim-error', fault);
      throw fault;
    } finally {
      this.#changed();
    }
  }
}
