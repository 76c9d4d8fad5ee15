/**
 * Parts of the program that are fetched when they are needed.
 */

import { PimError } from './errors.js';

/** What `import()` gives. @throws pim/not-loaded where the file cannot be fetched */
export function loaded<Part>(part: Promise<Part>): Promise<Part> {
  return part.catch((cause: unknown) => {
    const message = 'A part of this program could not be loaded.';
    throw new PimError('pim/not-loaded', message, null, cause);
  });
}

/** Asks once; where that fails, again at the next call. */
export function later<Part>(load: () => Promise<Part>): () => Promise<Part> {
  let part: Promise<Part> | null = null;
  return () => {
    part ??= loaded(load());
    part.catch(() => {
      part = null;
    });
    return part;
  };
}
