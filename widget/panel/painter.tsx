/**
 * Draws the store's state: once for several changes in a row, with the words and formats of the
 * page's language, and with chunks fetched when what is in them is wanted.
 */

import type { PanelHost, Settings } from '../contract.js';
import { render } from '../render/render.js';
import { CONVERSATION_STRINGS } from '../strings/conversation.js';
import { FIRST_FAULTS } from '../strings/first-faults.js';
import type { StringKey } from '../strings.js';
import type { Dictionary, Words } from '../words.js';
import { focusPanel } from './focus.js';
import { formatsOf } from './format.js';
import { barred } from './phase.js';
import { wantsComforts } from './plain.js';
import type { Screen } from './state.js';
import type { Store } from './store.js';
import type { Chunk, ComfortViews, InboxViews, Ui } from './ui.js';
import { Frame } from './views/frame.js';

type Spoken = Pick<Ui, 'words' | 'formats'>;

interface Chunks {
  inbox?: Chunk<InboxViews>;
  comforts?: Chunk<ComfortViews>;
}

/** Milliseconds until what could not be fetched may be tried again. */
const RETRY_MS = 10_000;

const FETCH = {
  inbox: () => import('../inbox/inbox.js'),
  comforts: () => import('../comforts/comforts.js'),
} as const;

export class Painter {
  readonly #host: PanelHost;
  readonly #store: Store;
  #chunks: Chunks = {};
  readonly #fetching = new Set<keyof Chunks>();
  #faults: Dictionary = FIRST_FAULTS;
  #isFetchingFaults = false;
  #isDue = false;
  #hasEnded = false;
  #language: { readonly of: readonly unknown[]; readonly is: Spoken } | null = null;
  #screen: Screen | null = null;

  constructor(host: PanelHost, store: Store) {
    this.#host = host;
    this.#store = store;
  }

  draw(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => this.paint());
  }

  paint(): void {
    this.#isDue = false;
    if (this.#hasEnded) return;
    const { state, dispatch } = this.#store;
    const { phase, target, screen, settings } = state;
    const isOwners = target.kind === 'inbox' || target.kind === 'own';
    if (isOwners || screen.name === 'person' || barred(phase)) {
      this.#fetch('inbox').catch((error: unknown) => this.#store.refuse(error));
    }
    if (wantsComforts(state.thread)) this.#comfort();
    const ui: Ui = {
      ...this.#languageOf(settings),
      state,
      now: Date.now(),
      dispatch,
      close: this.#host.close,
      inbox: this.#chunks.inbox?.views,
      comforts: this.#chunks.comforts?.views,
      comfort: this.#comfort,
      adopt: this.#host.adopt,
    };
    const hadFocus = this.#host.shadow.activeElement !== null;
    render(<Frame ui={ui} />, this.#host.place);
    // A person who went to another screen goes on there, and not from where a gone button was.
    if (hadFocus && this.#screen !== null && !isSame(this.#screen, screen)) this.focus();
    this.#screen = screen;
  }

  focus(): void {
    focusPanel(this.#host.place);
  }

  end(): void {
    this.#hasEnded = true;
    render(null, this.#host.place);
  }

  /**
   * Made anew only where something changed: Intl's formats are slow to make. With new words every message
   * is drawn again, which `plain` wants too.
   */
  #languageOf({ strings, language, plain }: Settings): Spoken {
    const of = [strings, language, this.#chunks, this.#faults, plain];
    if (this.#language?.of.every((each, index) => each === of[index])) return this.#language.is;
    const { locale } = language;
    const more = Object.values(this.#chunks).map((each) => each.strings);
    const own = [strings, language.strings, CONVERSATION_STRINGS, this.#faults, ...more];
    const said = this.#host.wordsOf<StringKey>(own, locale);
    const words: Words<StringKey> = (key, params) => {
      const isKnown = !key.startsWith('fault.') || own.some((each) => key in each);
      if (!isKnown) void this.#fetchFaults();
      return said(isKnown ? key : 'fault.unknown', params);
    };
    const is = { words, formats: formatsOf(locale) };
    this.#language = { of, is };
    return is;
  }

  /** Where they cannot be fetched, what went wrong is said without its name. */
  async #fetchFaults(): Promise<void> {
    if (this.#isFetchingFaults) return;
    this.#isFetchingFaults = true;
    const chunk = await import('../strings/faults.js').catch(() => null);
    if (chunk === null) return;
    this.#faults = chunk.FAULT_STRINGS;
    this.draw();
  }

  /** What a conversation goes without where it cannot be fetched; asked for again with the next need. */
  readonly #comfort = (): void => {
    const again = () => setTimeout(() => this.#fetching.delete('comforts'), RETRY_MS);
    this.#fetch('comforts').catch(again);
  };

  async #fetch(name: keyof Chunks): Promise<void> {
    if (this.#fetching.has(name)) return;
    this.#fetching.add(name);
    const { chunk } = await FETCH[name]();
    if (this.#hasEnded) return;
    this.#host.adopt(chunk.styles);
    this.#store.learn(chunk.layer);
    this.#chunks = { ...this.#chunks, [name]: chunk };
    this.draw();
  }
}

function isSame(one: Screen, other: Screen): boolean {
  const addressOf = (screen: Screen) => ('address' in screen ? screen.address : null);
  return one.name === other.name && addressOf(one) === addressOf(other);
}
