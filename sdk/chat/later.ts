/**
 * Parts that a first conversation does not need, fetched when they are.
 */

import { PimError } from '../base/errors.js';

/** What takes edits, deletions and reactions in. */
export const folding = later(() => import('./folding.js'));
/** What strangers who ask, and those who are answered, are to us. */
export const strangers = later(() => import('./strangers.js'));
/** What forgets somebody. */
export const removal = later(() => import('./removal.js'));
/** What mends a store that is an older copy of itself. */
export const renewal = later(() => import('./renewal.js'));

/** Loads once; where that fails, again at the next call. */
function later<Part>(load: () => Promise<Part>): () => Promise<Part> {
  let loading: Promise<Part> | null = null;
  return () => {
    loading ??= load().catch((cause: unknown) => {
      loading = null;
      const message = 'A part of this program could not be loaded.';
      throw new PimError('storage/failed', message, { operation: 'load' }, cause);
    });
    return loading;
  };
}
