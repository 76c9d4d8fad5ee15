/**
 * Why a file is not there, in one sentence each.
 */

import { PimError } from '../../base/errors.js';

export function unreadable(cause?: unknown): PimError<'file/unreadable'> {
  const message = 'The file cannot be read any longer. It may have been moved or changed.';
  return new PimError('file/unreadable', message, null, cause);
}

export function different(): PimError<'file/different'> {
  return new PimError('file/different', 'This is not the file that was offered.', null);
}

export function altered(): PimError<'file/altered'> {
  const message = 'What arrived is not the file that was offered, so it was not kept.';
  return new PimError('file/altered', message, null);
}

export function tooLarge(bytes: number, maxBytes: number): PimError<'file/too-large'> {
  return new PimError('file/too-large', 'The file is too large.', { bytes, maxBytes });
}

export function unknownFile(): PimError<'file/unknown'> {
  return new PimError('file/unknown', 'There is no such file in this conversation.', null);
}

export function notHere(): PimError<'file/missing'> {
  return new PimError('file/missing', 'The file is not on this device.', null);
}
