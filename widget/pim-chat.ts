/**
 * `<pim-chat>`: the element and its launcher. It decides when the panel is fetched and when the
 * panel may touch storage and network; what is in the panel it does not know.
 */

import type { Message } from '../sdk/index.js';
import type { PanelHost, PimChatEvents } from './contract.js';
import { CssStates } from './css-states.js';
import { element } from './dom.js';
import { Speech } from './language.js';
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
import { beginsEarly, hasInvitation, isByPerson } from './visit.js';
import { wordsOf } from './words.js';

/**
 * A chat with one person, or without `to` the person's own inbox.
 * @tag pim-chat
 * @slot launcher - what the button in the corner shows
 * @slot header - in place of the name at the head of the chat
 * @slot empty - what a visitor sees before anything was said
 * @slot composer-actions - beside the field one writes in
 * @csspart launcher - the button in the corner
 * @csspart badge - the count on it
 * @csspart panel - the chat itself
 * @csspart header - its head
 * @csspart log - the messages
 * @csspart message - one message; with message-mine or message-theirs
 * @csspart message-meta - when, and how far it is
 * @csspart avatar - the picture of an address
 * @csspart note - a line about problems or storage
 * @csspart composer - where one writes
 * @csspart input - its field
 * @csspart send - its button
 * @csspart jump - the button that leads to the newest message
 * @csspart menu - what can be done with a message
 * @csspart file - a file or picture in a message
 * @csspart attach - the button that chooses files
 * @csspart viewer - a picture shown large
 * @csspart list - the chats of an inbox
 * @csspart empty - a chat in which nothing was said
 * @cssprop --pim-accent - buttons, marks, my own messages
 * @cssprop --pim-on-accent - text on it
 * @cssprop --pim-surface - and -sunken, -text, -muted, -line, -mine, -mine-text, -theirs,
 * -theirs-text, -note, -note-text, -good, -danger, -badge: the other colours
 * @cssprop --pim-font - and -font-size; without it, the page's font
 * @cssprop --pim-width - and -height, -radius, -shadow, -launcher-size
 * @cssprop --pim-offset-inline - and -offset-block: distance of the bubble from its corner
 * @cssprop --pim-z-index - of the bubble
 * @cssState open
 * @cssState unread
 * @cssState online
 */
export class PimChat extends ReflectedElement {
  static readonly observedAttributes = ATTRIBUTES;

  /** Registers the tag, unless a script of whatever version did; does nothing on servers. */
  static define(tag = 'pim-chat'): void {
    const registry = globalThis.customElements;
    if (registry !== undefined && registry.get(tag) === undefined) registry.define(tag, PimChat);
  }

  readonly #shadow = this.attachShadow({ mode: 'open' });
  readonly #states = new CssStates(this);
  readonly #place = element('div', { class: 'place' });
  readonly #launcher = new Launcher({
    press: () => this.toggle(),
    nearing: () => void loadPanel().catch(() => undefined), // said when it is pressed
    retry: () => void this.#begin(),
  });
  readonly #root = element('div', { class: 'root' }, this.#place, this.#launcher.node);
  readonly #speech = new Speech(this, () => this.#changed());
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
    void this.#speech.find();
    this.#root.dataset.mode = mode;
    this.#root.dataset.side = position.includes('start') ? 'start' : 'end';
    this.#root.dataset.edge = position.includes('top') ? 'top' : 'bottom';
    this.#root.toggleAttribute('data-open', open);
    const hasTurned = open !== this.#isOpen;
    this.#isOpen = open;
    this.#states.set('open', open);
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
    const { hasFailed, isBusy } = this.#slot;
    const [isOpen, isDisabled, unread] = [this.#isOpen, this.disabled, this.#unread];
    const { locale, strings } = this.#speech.language;
    const words = wordsOf([this.#strings, strings, LAUNCHER_STRINGS], locale);
    this.#root.lang = locale;
    this.#launcher.update({ isOpen, isBusy, hasFailed, isDisabled, unread }, words);
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

  async #beginEarly(): Promise<void> {
    if (!(await beginsEarly(this)) || !this.isConnected) return;
    const panel = await this.#slot.mounted().catch(() => null);
    panel?.begin(false);
  }

  #host(): PanelHost {
    return {
      shadow: this.#shadow,
      place: this.#place,
      settings: () => settingsOf(this, this.#speech.language),
      wordsOf,
      adopt: (css) => adopt(this.#shadow, css),
      speak: () => this.#speech.findAll(),
      emit: (name, detail) => this.#emit(name, detail),
      close: () => this.hide(),
      setUnread: (unread) => this.#setUnread(unread),
      setOnline: (isOnline) => this.#states.set('online', isOnline),
    };
  }

  #setUnread(unread: number): void {
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.#states.set('unread', unread > 0);
    this.#emit('pim-unread', { unread });
    this.#draw();
  }

  #tearDown(): void {
    this.#slot.clear();
    this.#isOpen = false; // back on the page it opens anew
    this.#setUnread(0);
    this.#states.set('online', false);
  }

  #emit<Name extends keyof PimChatEvents>(name: Name, detail: PimChatEvents[Name]): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
