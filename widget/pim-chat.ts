/**
 * `<pim-chat>`: the element and its launcher. It decides when the panel is fetched and when the
 * panel may touch storage and network; what is in the panel it does not know.
 *
 * Attributes: see reflected.ts. Slots: launcher, header, empty, composer-actions.
 * Events: see PimChatEvents in contract.ts; all bubble and are composed.
 * States for CSS: open, unread, online.
 */

import type { Message } from '../sdk/index.js';
import type { PanelHost, PimChatEventMap, PimChatEvents } from './contract.js';
import { element } from './dom.js';
import { Launcher } from './launcher.js';
import { PanelSlot } from './panel-slot.js';
import type { PimPort } from './port.js';
import { ATTRIBUTES, ReflectedElement, reclaim } from './reflected.js';
import { settingsOf } from './settings.js';
import { loadPanel } from './source.js';
import { LAUNCHER_STRINGS } from './strings/launcher.js';
import type { StringOverrides } from './strings.js';
import { BASE } from './styles/base.js';
import { adopt } from './styles/sheets.js';
import { hasInvitation, isByPerson, mayHaveIdentity } from './visit.js';
import { wordsOf } from './words.js';

declare global {
  interface HTMLElementTagNameMap {
    'pim-chat': PimChat;
  }
  interface HTMLElementEventMap extends PimChatEventMap {}
}

export class PimChat extends ReflectedElement {
  static readonly observedAttributes = ATTRIBUTES;

  /** Registers the tag, unless a script of whatever version did; does nothing on servers. */
  static define(tag = 'pim-chat'): void {
    const registry = globalThis.customElements;
    if (registry !== undefined && registry.get(tag) === undefined) registry.define(tag, PimChat);
  }

  readonly #shadow = this.attachShadow({ mode: 'open' });
  readonly #states = statesOf(this);
  readonly #place = element('div', { class: 'place' });
  readonly #launcher = new Launcher({
    press: () => this.toggle(),
    nearing: () => void loadPanel().catch(() => undefined), // said when it is pressed
    retry: () => void this.#begin(),
  });
  readonly #root = element('div', { class: 'root' }, this.#place, this.#launcher.node);
  readonly #slot = new PanelSlot(this.#host(), () => this.#changed());
  #isOpen = false;
  #unread = 0;
  #isUpdateDue = false;
  #pim: PimPort | null = null;
  #strings: StringOverrides = {};

  /** The SDK instance this chat uses; set it before the element connects, to share one. */
  get pim(): PimPort | null {
    return this.#pim;
  }
  set pim(value: PimPort | null) {
    if (value === this.#pim) return;
    this.#pim = value;
    this.#tearDown(); // another person's chat: nothing of the former one may stay
    if (this.isConnected) this.connectedCallback();
  }

  /** Own words for any sentence of the chat. */
  get strings(): StringOverrides {
    return this.#strings;
  }
  set strings(value: StringOverrides) {
    this.#strings = value;
    this.#changed();
  }

  connectedCallback(): void {
    reclaim(this);
    adopt(this.#shadow, BASE);
    this.#shadow.append(this.#root);
    if (this.mode === 'bubble' && this.to === null && hasInvitation()) this.open = true;
    this.#changed();
    void this.#beginEarly();
  }

  disconnectedCallback(): void {
    // An element that is only moved is connected again before the microtask.
    queueMicrotask(() => {
      if (!this.isConnected) this.#tearDown();
    });
  }

  /** `moveBefore`: nothing changes. */
  connectedMoveCallback(): void {}

  attributeChangedCallback(): void {
    this.#changed();
  }

  /** Opens the bubble; a chat without one begins, as if the person had pressed into it. */
  show(): void {
    if (this.disabled) return;
    if (this.mode === 'bubble') this.open = true;
    else void this.#begin();
  }

  hide(): void {
    this.open = false;
  }

  toggle(): void {
    if (this.open) this.hide();
    else this.show();
  }

  /** Sends `text` to whom this chat is with; resolves once it is stored. */
  async send(text: string): Promise<Message> {
    const panel = await this.#slot.mounted();
    panel.begin(isByPerson());
    return panel.send(text);
  }

  override focus(): void {
    if (this.#slot.panel !== null && this.#isShown()) this.#slot.panel.focus();
    else this.#launcher.focus();
  }

  /** Takes the chat off the page and lets go of everything it holds. */
  destroy(): void {
    this.#tearDown();
    this.remove();
  }

  /** Several changes in a row are one. */
  #changed(): void {
    if (this.#isUpdateDue) return;
    this.#isUpdateDue = true;
    queueMicrotask(() => {
      this.#isUpdateDue = false;
      if (this.isConnected) this.#update();
    });
  }

  #update(): void {
    const { mode, position, open } = this;
    this.#root.dataset.mode = mode;
    this.#root.dataset.side = position.includes('start') ? 'start' : 'end';
    this.#root.dataset.edge = position.includes('top') ? 'top' : 'bottom';
    this.#root.toggleAttribute('data-open', open);
    const hasTurned = open !== this.#isOpen;
    this.#isOpen = open;
    this.#setState('open', open);
    this.#slot.panel?.update();
    this.#slot.panel?.setShown(this.#isShown());
    if (hasTurned) this.#turned();
    // A failure is said in the panel's place, and not tried again by itself.
    if (mode !== 'bubble' && !this.#slot.hasFailed) void this.#slot.mounted().catch(() => null);
    this.#draw();
  }

  #turned(): void {
    if (this.#isOpen) void this.#begin();
    else if (this.#shadow.activeElement !== null) this.#launcher.focus();
    this.#emit(this.#isOpen ? 'pim-open' : 'pim-close', null);
  }

  #draw(): void {
    const view = {
      isOpen: this.#isOpen,
      isBusy: this.#isOpen && this.#slot.isBusy,
      hasFailed: this.#slot.hasFailed,
      isDisabled: this.disabled,
      unread: this.#unread,
    };
    this.#launcher.update(view, wordsOf([this.#strings, LAUNCHER_STRINGS], 'en'));
  }

  #isShown(): boolean {
    return this.#isOpen || this.mode !== 'bubble';
  }

  async #begin(): Promise<void> {
    const byPerson = isByPerson();
    try {
      const panel = await this.#slot.mounted();
      panel.begin(byPerson);
      if (byPerson) panel.focus();
    } catch {
      // Said by the launcher, and by pim-error.
    }
  }

  /** Where the page asks for it, or an identity of earlier is here, nobody has to open the chat. */
  async #beginEarly(): Promise<void> {
    if (this.connect === 'open') return;
    const isWanted =
      this.connect === 'load' ||
      (this.#pim !== null && this.#pim.state !== 'stopped') ||
      this.mode === 'page' ||
      (this.storage === 'persistent' && (await mayHaveIdentity()));
    if (!isWanted || !this.isConnected) return;
    const panel = await this.#slot.mounted().catch(() => null);
    panel?.begin(false);
  }

  #host(): PanelHost {
    return {
      shadow: this.#shadow,
      place: this.#place,
      settings: () => settingsOf(this, { pim: this.#pim, strings: this.#strings }),
      emit: (name, detail) => this.#emit(name, detail),
      close: () => this.hide(),
      setUnread: (unread) => this.#setUnread(unread),
      setOnline: (isOnline) => this.#setState('online', isOnline),
    };
  }

  #setUnread(unread: number): void {
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.#setState('unread', unread > 0);
    this.#emit('pim-unread', { unread });
    this.#draw();
  }

  #tearDown(): void {
    this.#slot.clear();
    this.#unread = 0;
    for (const state of ['unread', 'online'] as const) this.#setState(state, false);
  }

  #setState(state: 'open' | 'unread' | 'online', isOn: boolean): void {
    if (isOn) this.#states?.add(state);
    else this.#states?.delete(state);
  }

  #emit<Name extends keyof PimChatEvents>(name: Name, detail: PimChatEvents[Name]): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

/** Null where the browser has no states: then only `:state()` rules of the page stay silent. */
function statesOf(host: HTMLElement): CustomStateSet | null {
  return host.attachInternals?.().states ?? null;
}
