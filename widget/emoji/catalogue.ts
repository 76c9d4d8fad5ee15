/** The emoji to choose from: by group, by words, and with a skin tone. */

import { EMOJI } from './data.js';

export interface Emoji {
  readonly emoji: string;
  /** Its name first. */
  readonly words: readonly string[];
}

/** Emoji that a search shows; who looks for more types another letter. */
const MAX_FOUND = 120;
/** Unicode UTS #51 §2.4: from light to dark; the first is none. */
export const TONES = ['', '\u{1F3FB}', '\u{1F3FC}', '\u{1F3FD}', '\u{1F3FE}', '\u{1F3FF}'] as const;

const PEOPLE = /(?<!\u200D(?=\u{1F91D}))(\p{Emoji_Modifier_Base})\uFE0F?/gu;

const groups = new Map<string, readonly Emoji[]>();

export const GROUPS: readonly string[] = EMOJI.map(([group]) => group);

/** Read at the first look into it. */
export function emojiOf(group: string): readonly Emoji[] {
  const known = groups.get(group);
  if (known !== undefined) return known;
  const text = EMOJI.find(([name]) => name === group)?.[1] ?? '';
  const all = text === '' ? [] : text.split('|').map(parse);
  groups.set(group, all);
  return all;
}

/** Those with a word that begins as `query` does, the nearest first. */
export function searchEmoji(query: string): readonly Emoji[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  const ranked = GROUPS.flatMap(emojiOf).flatMap((each) => {
    const rank = rankOf(each, wanted);
    return rank === null ? [] : [{ each, rank }];
  });
  ranked.sort((a, b) => a.rank - b.rank);
  return ranked.slice(0, MAX_FOUND).map(({ each }) => each);
}

/**
 * Each person in it gets the tone (UTS #51 §2.4: a modifier follows its base, in place of U+FE0F).
 * Families have none, and hands between people keep theirs.
 */
export function toned(emoji: string, tone: number): string {
  const modifier = TONES[tone] ?? '';
  const people = emoji.match(PEOPLE) ?? [];
  const isFamily = people.length > 1 && !/[\u2764\u{1F91D}\u{1F430}]/u.test(emoji);
  if (modifier === '' || isFamily || emoji === '👪') return emoji;
  return emoji.replace(PEOPLE, `$1${modifier}`);
}

function rankOf({ words }: Emoji, wanted: string): number | null {
  const [name = ''] = words;
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.includes(` ${wanted}`)) return 2;
  return words.some((word) => word.startsWith(wanted) || word.includes(` ${wanted}`)) ? 3 : null;
}

function parse(entry: string): Emoji {
  const end = entry.indexOf(' ');
  return { emoji: entry.slice(0, end), words: entry.slice(end + 1).split(',') };
}
