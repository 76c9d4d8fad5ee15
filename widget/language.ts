/**
 * The language of a chat: that of the page around it, else the reader's. English is here; the words of
 * others are fetched, and where they cannot be, the chat is English.
 */

import type { Language } from './words.js';

export const ENGLISH: Language = { locale: 'en', dir: 'ltr', strings: {} };

/** Follows the language around one element. */
export class Speech {
  language = ENGLISH;
  readonly #chat: Element;
  readonly #changed: () => void;
  /** What `language` was asked for. */
  #wished = '';
  /** Of the panel too, else those of the button. */
  #needsAll = false;

  constructor(chat: Element, changed: () => void) {
    this.#chat = chat;
    this.#changed = changed;
  }

  /** Resolves once the words of the panel are there. */
  findAll(): Promise<void> {
    this.#needsAll = true;
    return this.find();
  }

  /** Once for each language. */
  async find(): Promise<void> {
    const [wishes, needsAll] = [wishesAt(this.#chat), this.#needsAll];
    const wished = `${wishes} ${needsAll}`;
    if (wished === this.#wished) return;
    this.#wished = wished;
    const language = await languageOf(wishes, needsAll);
    if (wished !== this.#wished) return; // it changed meanwhile
    this.language = language;
    this.#changed();
  }
}

/** BCP 47, the best first; a page may have written anything there. */
export function wishesAt(chat: Element): readonly string[] {
  const around = chat.closest('[lang]') ?? document.documentElement;
  return [around.getAttribute('lang') ?? '', ...navigator.languages].filter(Boolean);
}

export async function languageOf(wishes: readonly string[], needsAll: boolean): Promise<Language> {
  const [first = 'en'] = wishes;
  if (/^en(-[A-Z]{2})?$/.test(first)) return { ...ENGLISH, locale: first };
  const found = await import('./languages/languages.js').catch(() => null);
  return (await found?.language(wishes, needsAll).catch(() => null)) ?? ENGLISH;
}
