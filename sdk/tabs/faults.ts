/**
 * Errors that only several tabs make.
 */

import { PimError } from '../base/errors.js';

/** @param reason `time`, `too-many`, `unknown`, or the name of what was thrown */
export function unanswered(reason: string, cause?: unknown): PimError<'pim/unanswered'> {
  const message = 'The tab in which the chat runs did not do it.';
  return new PimError('pim/unanswered', message, { reason }, cause);
}

export function elsewhere(message: string): PimError<'pim/elsewhere'> {
  return new PimError('pim/elsewhere', message, null);
}

export function stopped(message = 'The chat has been stopped.'): PimError<'pim/stopped'> {
  return new PimError('pim/stopped', message, null);
}

export function erased(): PimError<'pim/stopped'> {
  return stopped('This chat was erased in another tab.');
}
