/**
 * From a dictionary to a sentence: fills `{name}` places, picks the plural form by Intl, and
 * isolates what was filled in, so that a name in another direction cannot reorder its sentence.
 */

/** A sentence, or one for each plural form of its `{n}`. */
export type Text = string | ({ readonly other: string } & PluralForms);
type PluralForms = { readonly [Rule in Intl.LDMLPluralRule]?: string };

export type Params = Readonly<Record<string, string | number>>;

/** Gives the sentence of a key. */
export type Words<Key extends string = string> = (key: Key, params?: Params) => string;

/** FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE, Unicode UAX #9 §2.4. */
const ISOLATE = '\u2068';
const END_ISOLATE = '\u2069';

/**
 * @param overrides the page's own sentences; a key that is not in `dictionary` has no effect
 * @param locale of `dictionary`, for plural forms and numbers
 */
export function wordsOf<Key extends string>(
  dictionary: Readonly<Record<Key, Text>>,
  overrides: Readonly<Record<string, Text | undefined>>,
  locale: string,
): Words<Key> {
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);
  return (key, params = {}) => {
    const own = Object.hasOwn(overrides, key) ? overrides[key] : undefined;
    const text = own ?? dictionary[key];
    const form = typeof text === 'string' ? text : pluralForm(text, params, plural);
    return form.replace(/\{(\w+)\}/g, (place, name: string) => {
      const value = Object.hasOwn(params, name) ? params[name] : undefined;
      if (value === undefined) return place;
      return typeof value === 'number' ? number.format(value) : ISOLATE + value + END_ISOLATE;
    });
  };
}

function pluralForm(text: Exclude<Text, string>, params: Params, plural: Intl.PluralRules): string {
  return text[plural.select(Number(params.n ?? 0))] ?? text.other;
}
