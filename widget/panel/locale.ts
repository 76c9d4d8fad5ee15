/**
 * Which language the dates are written in: that of the words around them, in the reader's variety.
 */

/** The dictionary there is. */
const LANGUAGE = 'en';

/** @param lang of the page @param reader the reader's languages, best first */
export function localeOf(lang: string, reader: readonly string[]): string {
  return [lang, ...reader].find(isOurs) ?? LANGUAGE;
}

function isOurs(tag: string): boolean {
  try {
    return new Intl.Locale(tag).language === LANGUAGE;
  } catch {
    return false; // a page may write anything there
  }
}
