/** What a passphrase must be: anything but nothing. How hard it is to guess is for interfaces to ask. */

import { PimError } from '../base/errors.js';

/** @throws options/invalid */
export function checkedPassphrase(passphrase: unknown): string {
  if (typeof passphrase === 'string' && passphrase !== '') return passphrase;
  const detail = { option: 'passphrase', expected: 'a text that is not empty' };
  throw new PimError('options/invalid', 'A passphrase is needed, and this is none.', detail);
}
