/**
 * Keeps what is read in its place while messages come and go above and below it, and knows which
 * bubbles are in sight.
 */

/** Pixels of an edge within which a message counts as out of sight. */
const MARGIN = 8;

export class Keeper {
  readonly log: HTMLElement;
  /** The first message in sight, and where it was. */
  #anchor: { readonly id: string; readonly top: number } | null = null;

  constructor(log: HTMLElement) {
    this.log = log;
  }

  get bubbles(): readonly HTMLElement[] {
    return [...this.log.querySelectorAll<HTMLElement>('[data-id]')];
  }

  bubble(id: string): HTMLElement | null {
    return this.bubbles.find((each) => each.dataset.id === id) ?? null;
  }

  /** Pixels from here to the end. */
  get rest(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight;
  }

  /** Remembers where the reader is: after each scrolling. */
  note(): void {
    const { top } = this.log.getBoundingClientRect();
    const { bubbles } = this;
    let [low, high] = [0, bubbles.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const bottom = bubbles[middle]?.getBoundingClientRect().bottom ?? 0;
      if (bottom > top) high = middle;
      else low = middle + 1;
    }
    const id = bubbles[low]?.dataset.id;
    const at = bubbles[low]?.getBoundingClientRect().top ?? 0;
    this.#anchor = id === undefined ? null : { id, top: at - top };
  }

  /** Brings that message back to where it was: after each drawing. */
  restore(): void {
    const bubble = this.#anchor && this.bubble(this.#anchor.id);
    if (!bubble || !this.#anchor) return;
    const { top } = this.log.getBoundingClientRect();
    const moved = bubble.getBoundingClientRect().top - top - this.#anchor.top;
    if (Math.abs(moved) >= 1) this.log.scrollTop += moved;
  }

  /** The last message that can be seen whole. */
  lastInSight(): HTMLElement | null {
    const { bottom } = this.log.getBoundingClientRect();
    const { bubbles } = this;
    const seen = bubbles.findLast((each) => each.getBoundingClientRect().bottom <= bottom);
    return seen ?? bubbles.at(-1) ?? null;
  }

  /** Scrolls no further than it takes to see `bubble`. */
  reveal(bubble: HTMLElement): void {
    const log = this.log.getBoundingClientRect();
    const { top, bottom } = bubble.getBoundingClientRect();
    const above = top - log.top - MARGIN;
    const below = bottom - log.bottom + MARGIN;
    if (above < 0) this.log.scrollTop += above;
    else if (below > 0) this.log.scrollTop += Math.min(below, above);
  }

  /** Brings it to the middle, softly where that is near and nobody minds. */
  center(bubble: HTMLElement): void {
    const { log } = this;
    const box = log.getBoundingClientRect();
    const { top, height } = bubble.getBoundingClientRect();
    const away = top - box.top - Math.max(MARGIN, (box.height - height) / 2);
    this.#go(log.scrollTop + away, Math.abs(away) < 3 * box.height);
    const marked = { boxShadow: '0 0 0 3px var(--_accent)' };
    bubble.animate?.([marked, marked, { boxShadow: '0 0 0 3px transparent' }], 1600);
  }

  toEnd(): void {
    this.#go(this.log.scrollHeight, this.rest < 3 * this.log.clientHeight);
  }

  #go(top: number, isNear: boolean): void {
    const isStill = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? true;
    this.log.scrollTo?.({ top, behavior: isNear && !isStill ? 'smooth' : 'auto' });
  }
}
