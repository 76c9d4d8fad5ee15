/** Checks that several options share, and the errors they end in. */

import { PimError } from '../sdk/base/errors.js';
import { nearest } from '../sdk/base/nearest.js';

/** @throws options/invalid */
export function listOf(values: unknown, option: string, of: string): readonly string[] {
  const isList = Array.isArray(values) && values.every((value) => typeof value === 'string');
  if (!isList) throw invalid(option, `a list of ${of}`);
  return values;
}

/** @throws options/unknown with the nearest right name; options/invalid where it is no object */
export function refuseUnknown(given: object, names: readonly string[], prefix: string): void {
  if (typeof given !== 'object' || given === null) {
    throw invalid(prefix.slice(0, -1) || 'options', 'an object');
  }
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    const hint = near === null ? '' : ` Did you mean “${prefix}${near}”?`;
    throw new PimError('options/unknown', `There is no option “${prefix}${name}”.${hint}`, {
      option: prefix + name,
      nearest: near === null ? null : prefix + near,
    });
  }
}

export function invalid(
  option: string,
  expected: string,
  cause?: unknown,
): PimError<'options/invalid'> {
  const message = `Option “${option}” should be ${expected}.`;
  return new PimError('options/invalid', message, { option, expected }, cause);
}
