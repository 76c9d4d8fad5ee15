/**
 * From a dictionary to a sentence: fills `{name}` places, picks the plural form by Intl, and
 * isolates what was filled in, so that a name in another direction cannot reorder its sentence.
 */

/** A sentence, or one for each plural form of its `{n}`. */
export type Text = string | ({ readonly other: string } & PluralForms);
type PluralForms = { readonly [Rule in Intl.LDMLPluralRule]?: string };
export type Dictionary = Readonly<Record<string, Text | undefined>>;

export interface Language {
  /** BCP 47, for Intl. */
  readonly locale: string;
  readonly dir: 'ltr' | 'rtl';
  /** What is not among them is said in English. */
  readonly strings: Dictionary;
}

export type Params = Readonly<Record<string, string | number>>;

/** Gives the sentence of a key. */
export type Words<Key extends string> = (key: Key, params?: Params) => string;

/** FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE, Unicode UAX #9 §2.4. */
const ISOLATE = '\u2068';
const END_ISOLATE = '\u2069';

/**
 * @param dictionaries the page's own sentences first; all together have every `Key`
 * @param locale of the sentences, for plural forms and numbers
 */
export function wordsOf<Key extends string>(
  dictionaries: readonly Dictionary[],
  locale: string,
): Words<Key> {
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);
  return (key, params = {}) => {
    const text = dictionaries.find((each) => Object.hasOwn(each, key))?.[key] ?? key;
    const form =
      typeof text === 'string' ? text : (text[plural.select(Number(params.n))] ?? text.other);
    return form.replace(/\{(\w+)\}/g, (place, name: string) => {
      const value = Object.hasOwn(params, name) ? params[name] : undefined;
      if (value === undefined) return place;
      return typeof value === 'number' ? number.format(value) : ISOLATE + value + END_ISOLATE;
    });
  };
}
