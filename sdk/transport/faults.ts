/** What can be wrong with a relay, in one sentence each. */

import { isPimError, PimError } from '../base/errors.js';

export function unreachable(url: string, cause?: unknown): PimError<'relay/unreachable'> {
  return new PimError('relay/unreachable', 'The relay cannot be reached.', { url }, cause);
}

/** @param reason what it sent, or did */
export function foreign(url: string, reason: string, cause?: unknown): PimError<'relay/protocol'> {
  const message = 'The relay does not speak the protocol.';
  return new PimError('relay/protocol', message, { url, reason }, cause);
}

/**
 * The relay said BYE. Of nine devices of one key each would throw out another at once, and none would
 * stay: that one is told apart.
 */
export function left(url: string, reason: string): PimError {
  if (reason !== 'replaced') return unreachable(url);
  const message = 'Too many devices of this address are at the relay.';
  return new PimError('relay/refused', message, { url, reason });
}

/** Whoever looks at the device that was thrown out wants its place back. */
export function isReplaced(reason: PimError | null): boolean {
  return isPimError(reason, 'relay/refused') && reason.detail.reason === 'replaced';
}
