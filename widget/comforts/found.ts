/**
 * Marks what a search found within the texts, by the CSS Custom Highlight API: nothing on the page
 * changes but its colour. Browsers without it (before 2025) show the message that holds it, as before.
 */

/** Of `::highlight()` in styles/comforts.ts. Pages with several chats share it. */
const NAME = 'pim-found';
/** Marks, and characters that are looked through, at most: a long text must not hold up a keystroke. */
const MAX_MARKS = 500;
const MAX_CHARS = 200_000;

const registry = globalThis.CSS?.highlights;

export class Found {
  readonly #log: HTMLElement;
  #marks: Range[] = [];

  constructor(log: HTMLElement) {
    this.#log = log;
  }

  /** Marks all of `query` that is on the page; the empty one marks nothing. */
  show(query: string): void {
    if (registry === undefined) return;
    const all = registry.get(NAME) ?? new Highlight();
    for (const mark of this.#marks) all.delete(mark);
    this.#marks = query.trim() === '' ? [] : marksIn(this.#log, query.trim());
    for (const mark of this.#marks) all.add(mark);
    if (all.size > 0) registry.set(NAME, all);
    else registry.delete(NAME);
  }
}

function marksIn(log: HTMLElement, query: string): Range[] {
  const wanted = folded(query).text;
  const marks: Range[] = [];
  let left = MAX_CHARS;
  for (const words of log.querySelectorAll('[data-id] > p')) {
    const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const { text, places } = folded(node.nodeValue ?? '');
      left -= text.length;
      if (left < 0) return marks;
      let at = text.indexOf(wanted);
      for (; at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
        const mark = new Range();
        mark.setStart(node, places[at] ?? 0);
        mark.setEnd(node, places[at + wanted.length] ?? 0);
        if (marks.push(mark) === MAX_MARKS) return marks;
      }
    }
  }
  return marks;
}

/**
 * A text without accents and case, as the search compares it (`plain` in sdk/search.ts), but each
 * character by itself, so that every one knows its place; behind the last, the end.
 */
function folded(text: string): { readonly text: string; readonly places: readonly number[] } {
  const places: number[] = [];
  let plain = '';
  let at = 0;
  for (const character of text) {
    const bare = character
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase();
    for (let n = 0; n < bare.length; n += 1) places.push(at);
    plain += bare;
    at += character.length;
  }
  places.push(at);
  return { text: plain, places };
}
