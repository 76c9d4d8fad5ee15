/** The built package, for tests of what people really load. */

import { fileURLToPath } from 'node:url';
import { type BuildOutcome, ensureBuilt } from '../../scripts/freshness.mjs';

/** The path of dist/. The runner has built it; a file run without the runner builds for itself. */
export async function builtDist(): Promise<string> {
  const known = process.env.PIM_TEST_BUILD;
  const outcome = known === undefined ? await ensureBuilt() : (JSON.parse(known) as BuildOutcome);
  const { built, problems } = outcome;
  if (!built) throw new Error(`dist/ could not be built: ${problems.join(', ')}`);
  return fileURLToPath(new URL('../../dist/', import.meta.url));
}
