/**
 * Checks at the edge: each returns the value it checked, or throws naming the option.
 */

import { utf8 } from './bytes.js';
import { PimError } from './errors.js';

/**
 * A display name: one line, trimmed, without control and direction-changing characters (Unicode
 * UAX #9 §2, so that a name cannot reorder the text around it).
 * @throws options/invalid where it is longer than `maxBytes` of UTF-8
 */
export function checkName(value: unknown, option: string, maxBytes: number): string {
  const name = typeof value === 'string' ? cleanLine(value) : null;
  if (name === null || utf8(name).length > maxBytes) {
    throw invalidOption(option, `a text of at most ${maxBytes} bytes`);
  }
  return name;
}

/** @param expected what it should have been, as the end of a sentence */
export function invalidOption(option: string, expected: string): PimError<'options/invalid'> {
  const message = `“${option}” should be ${expected}.`;
  return new PimError('options/invalid', message, { option, expected });
}

/** `text` on one line: no control or format characters that reorder or hide, no outer blanks. */
export function cleanLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\u2028\u2029]+/gu, ' ')
    .trim();
}
