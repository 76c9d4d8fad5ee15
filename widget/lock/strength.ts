/**
 * How hard a passphrase is to guess, roughly and on the careful side. No list of words is fetched for
 * it: length counts, and what is typed without a thought counts less.
 */

import { MIN_PASSPHRASE } from '../inbox/min-passphrase.js';

export type Strength = 'short' | 'weak' | 'fair' | 'strong';

/** Weights, in letters of a word: below the first easy to guess, from the second on hard. */
const FAIR = 10;
const STRONG = 20;

export function strengthOf(passphrase: string): Strength {
  const characters = [...passphrase.normalize('NFKC')];
  if (characters.length < MIN_PASSPHRASE) return 'short';
  const weights = characters.map((each, index) =>
    isNext(each, characters[index - 1]) ? 0 : weightOf(each),
  );
  const sum = weights.reduce((all, each) => all + each, 0);
  const most = 2 * new Set(characters).size;
  const weight = isRepeated(passphrase) ? 0 : Math.min(sum, most);
  if (weight < FAIR) return 'weak';
  return weight < STRONG ? 'fair' : 'strong';
}

/** The same once more, or its neighbour: “aaa”, “1234”, “gfe”. */
function isNext(character: string, before: string | undefined): boolean {
  const step = (character.codePointAt(0) ?? 0) - (before?.codePointAt(0) ?? Number.NaN);
  return Math.abs(step) <= 1;
}

/** Beside the letters that words are made of, others are rarer. A character of Han is a syllable. */
function weightOf(character: string): number {
  if (/\p{Script=Han}/u.test(character)) return 2;
  return /[\p{Ll}\p{Lo}\s]/u.test(character) ? 1 : 1.5;
}

/** The same part over and over. */
function isRepeated(text: string): boolean {
  return (text + text).indexOf(text, 1) < text.length;
}
