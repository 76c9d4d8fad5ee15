/**
 * Choosing an emoji: by words, by group, or again one of those of before. Arrow keys go through the
 * grid, Enter takes the first one that was found.
 */

import type { Ui } from '../panel/ui.js';
import { Component, createRef } from '../render/component.js';
import { type Emoji, emojiOf, GROUPS, searchEmoji, TONES, toned } from './catalogue.js';
import { chose, recall, remember } from './memory.js';

/** What stands for each group. */
const FACES: Readonly<Record<string, string>> = {
  recent: '🕘',
  smileys_emotion: '😀',
  people_body: '👋',
  animals_nature: '🐻',
  food_drink: '🍏',
  travel_places: '🚗',
  activities: '⚽',
  objects: '💡',
  symbols: '❤️',
  flags: '🏳️',
};

export interface PickerProps {
  readonly ui: Ui;
  onPick(emoji: string): void;
  onEnd(): void;
}
interface PickerState {
  readonly query: string;
  readonly group: string;
  readonly tone: number;
}

export class Picker extends Component<PickerProps, PickerState> {
  override state: PickerState = {
    query: '',
    group: recall(this.#isKept).recent.length > 0 ? 'recent' : (GROUPS[0] ?? ''),
    tone: recall(this.#isKept).tone,
  };
  readonly #root = createRef<HTMLDivElement>();

  get #isKept(): boolean {
    return this.props.ui.state.settings.storage === 'persistent';
  }

  override componentDidMount(): void {
    const isTouch = globalThis.matchMedia?.('(pointer: coarse)').matches ?? false;
    const field = this.#root.current?.querySelector('input');
    // On a touch screen the keyboard would cover what there is to choose from.
    if (!isTouch) field?.focus({ preventScroll: true });
  }

  #pick(emoji: string): void {
    chose(emoji, this.#isKept);
    this.props.onPick(emoji);
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const { key } = event;
    const all = [
      ...(this.#root.current?.querySelectorAll<HTMLElement>('.emoji-grid button') ?? []),
    ];
    const target = event.target as HTMLElement;
    const at = all.indexOf(target);
    const take = (handled: () => void): void => {
      event.preventDefault();
      event.stopPropagation();
      handled();
    };
    if (key === 'Escape') return take(() => this.props.onEnd());
    if (target.tagName === 'INPUT') {
      if (key === 'Enter') return take(() => all[0]?.click());
      if (key === 'ArrowDown') return take(() => all[0]?.focus());
      return event.stopPropagation();
    }
    const step = stepOf(key, all, target);
    if (at < 0 || step === 0) return;
    take(() => {
      const to = all[at + step];
      if (to !== undefined) to.focus();
      else if (step < 0) this.#root.current?.querySelector('input')?.focus();
    });
  };

  #shown(): readonly Emoji[] {
    const { query, group } = this.state;
    if (query.trim() !== '') return searchEmoji(query);
    if (group !== 'recent') return emojiOf(group);
    return recall(this.#isKept).recent.map((emoji) => ({ emoji, words: [emoji] }));
  }

  override render({ ui }: PickerProps, { query, group, tone }: PickerState) {
    const { words } = ui;
    const shown = this.#shown();
    const groups = recall(this.#isKept).recent.length > 0 ? ['recent', ...GROUPS] : GROUPS;
    const nextTone = (tone + 1) % TONES.length;
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: arrows and Escape of what is in it
      <div class="emoji" ref={this.#root} onKeyDown={this.#pressed}>
        <div class="emoji-head">
          <input
            type="search"
            dir="auto"
            aria-label={words('emoji.search')}
            placeholder={words('emoji.search')}
            maxLength={40}
            value={query}
            onInput={(event) => this.setState({ query: event.currentTarget.value })}
          />
          <button
            type="button"
            class="icon-button"
            aria-label={words('emoji.tone')}
            title={words('emoji.tone')}
            onClick={() => {
              remember({ tone: nextTone }, this.#isKept);
              this.setState({ tone: nextTone });
            }}
          >
            {toned('✋', tone)}
          </button>
        </div>
        <div class="emoji-grid" key={query === '' ? group : 'found'}>
          {shown.map(({ emoji, words: names }, index) => {
            const own = group === 'recent' && query === '' ? emoji : toned(emoji, tone);
            return (
              <button
                key={emoji}
                type="button"
                tabIndex={index === 0 ? 0 : -1}
                title={names[0]}
                aria-label={names[0]}
                onClick={() => this.#pick(own)}
              >
                {own}
              </button>
            );
          })}
          {shown.length === 0 && <p class="hint">{words('emoji.none')}</p>}
        </div>
        <div class="emoji-groups">
          {groups.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={query === '' && each === group}
              aria-label={words(`emoji.${each}` as 'emoji.recent')}
              title={words(`emoji.${each}` as 'emoji.recent')}
              onClick={() => this.setState({ group: each, query: '' })}
            >
              {FACES[each]}
            </button>
          ))}
        </div>
      </div>
    );
  }
}

/** How many places an arrow goes on in a grid of as many columns as fit; 0 for other keys. */
function stepOf(key: string, all: readonly HTMLElement[], from: HTMLElement): number {
  const ahead = from.ownerDocument.dir === 'rtl' || from.matches(':dir(rtl)') ? -1 : 1;
  const top = all[0]?.offsetTop;
  const columns = Math.max(1, all.filter(({ offsetTop }) => offsetTop === top).length);
  return { ArrowRight: ahead, ArrowLeft: -ahead, ArrowDown: columns, ArrowUp: -columns }[key] ?? 0;
}
