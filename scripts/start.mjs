/**
 * `npm start`: builds where dist/ is missing or belongs to other sources, then runs the relay, which
 * also serves the demo. Arguments go on to it: `npm start -- --port 9000`.
 */

import { fileURLToPath } from 'node:url';
import { ensureBuilt, freshProblems } from './freshness.mjs';

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

if (!freshProblems()) console.error('Building, which takes up to a minute …');
const { built, problems } = await ensureBuilt();
for (const problem of problems) console.error(`build: ${problem}`);
if (built) {
  process.argv = [process.execPath, CLI, 'relay', ...process.argv.slice(2)];
  await import(CLI);
} else {
  process.exitCode = 1;
}
