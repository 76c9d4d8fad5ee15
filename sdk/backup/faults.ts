/** Why there is no backup, or none can be had from a file, in one sentence each. */

import { PimError } from '../base/errors.js';

/** @param reason what is wrong with the file, the words or the PEM text */
export function unreadable(reason: string, cause?: unknown): PimError<'backup/invalid'> {
  return new PimError('backup/invalid', `This is no backup: ${reason}.`, { reason }, cause);
}

export function wrongPassphrase(cause?: unknown): PimError<'backup/passphrase'> {
  const message = 'This is not the passphrase of the backup, or the backup is damaged.';
  return new PimError('backup/passphrase', message, null, cause);
}

export function noSeed(): PimError<'backup/no-seed'> {
  const message = 'This identity was made so that its key cannot leave this browser.';
  return new PimError('backup/no-seed', message, null);
}

export function tooLarge(bytes: number, maxBytes: number): PimError<'backup/too-large'> {
  const message = 'There is too much for one backup file. Leave the messages out.';
  return new PimError('backup/too-large', message, { bytes, maxBytes });
}

export function alreadyThere(): PimError<'identity/exists'> {
  const message = 'Somebody is at home here already. Nothing was replaced.';
  return new PimError('identity/exists', message, null);
}
