/**
 * What the DOMExceptions of IndexedDB mean, as `storage/…` errors with the reason in them.
 */

import { isPimError, PimError } from '../base/errors.js';

/** What the name of a DOMException tells about why nothing can be kept here. */
const REASONS: Readonly<Record<string, string>> = {
  VersionError: 'newer-version',
  SecurityError: 'denied',
  InvalidStateError: 'denied',
};

/** What `run` gives; what it throws leaves as a PimError. */
export async function attempt<T>(operation: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (fault) {
    throw mapped(fault, operation);
  }
}

/** Why a database did not open. */
export function openFault(fault: unknown): PimError {
  const name = nameOf(fault);
  return isPimError(fault) || name === 'QuotaExceededError'
    ? mapped(fault, 'open')
    : unavailable(REASONS[name] ?? name, fault);
}

function mapped(fault: unknown, operation: string): PimError {
  if (isPimError(fault)) return fault;
  switch (nameOf(fault)) {
    case 'QuotaExceededError':
      return new PimError('storage/full', 'There is no room left to store anything.', null, fault);
    case 'DataCloneError': {
      const message = 'A value that cannot be copied was to be stored.';
      return new PimError('storage/failed', message, { operation: 'clone' }, fault);
    }
    default: {
      const message = 'The browser’s storage failed.';
      return new PimError('storage/failed', message, { operation }, fault);
    }
  }
}

export function unavailable(reason: string, cause?: unknown): PimError<'storage/unavailable'> {
  const message = `The browser’s storage cannot be used: ${reason}.`;
  return new PimError('storage/unavailable', message, { reason }, cause);
}

function nameOf(fault: unknown): string {
  return fault instanceof Error ? fault.name : 'unknown';
}
