/** The built package, for tests of what people really load. */

import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../../scripts/freshness.mjs';

/** The path of dist/, built first where it does not belong to the sources as they are. */
export async function builtDist(): Promise<string> {
  const { built, problems } = await ensureBuilt();
  if (!built) throw new Error(`dist/ could not be built: ${problems.join(', ')}`);
  return fileURLToPath(new URL('../../dist/', import.meta.url));
}
