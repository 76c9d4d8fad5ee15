/**
 * Builds dist/: rollup, declarations (which checks the types), custom-elements.json, sizes.
 * The result is made beside dist/ and moved there whole, so that a page or test that reads dist/
 * meanwhile sees one build or the other, and a failed build leaves the last good one.
 */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { STAMP, sourcesHash, withBuildLock } from './freshness.mjs';
import { drawIcons } from './icons.mjs';
import { listInboxFiles } from './inbox-files.mjs';
import { measure, printSizes } from './sizes.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
/** Of this process alone: what a killed build left behind may still be written to. */
const NEXT = join(ROOT, '.cache', `dist-next-${process.pid}`);
const OLD = join(ROOT, '.cache', `dist-old-${process.pid}`);

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill();
});

/** Runs a tool of node_modules; resolves to whether it succeeded. */
function tool(script, args) {
  const path = join(ROOT, 'node_modules', script);
  return new Promise((settle) => {
    const child = spawn(process.execPath, [path, ...args], { cwd: ROOT, stdio: ['ignore', 2, 2] });
    running.add(child);
    child.on('error', () => settle(false));
    child.on('close', (code) => {
      running.delete(child);
      settle(code === 0);
    });
  });
}

async function describe() {
  const cem = '@custom-elements-manifest/analyzer/cem.js';
  const types = await tool('typescript/bin/tsc', [
    '-p',
    'scripts/tsconfig.types.json',
    '--outDir',
    join(NEXT, 'types'),
  ]);
  const config = 'scripts/custom-elements.config.mjs';
  const outdir = relative(ROOT, NEXT);
  const elements = await tool(cem, ['analyze', '--config', config, '--outdir', outdir]);
  return { types, elements };
}

const ENTRIES = ['pim-chat', 'pim-chat.iife', 'widget', 'sdk', 'relay', 'cli'];

/** For `integrity` of a script tag (W3C Subresource Integrity §3.1). It holds that file alone. */
function printIntegrity(folder) {
  for (const file of ['pim-chat.js', 'pim-chat.iife.js']) {
    const hash = createHash('sha384').update(readFileSync(join(folder, file)));
    console.log(`  ${file.padEnd(18)}integrity="sha384-${hash.digest('base64')}"`);
  }
}

function publish() {
  rmSync(OLD, { recursive: true, force: true });
  if (existsSync(DIST)) renameSync(DIST, OLD);
  renameSync(NEXT, DIST);
  rmSync(OLD, { recursive: true, force: true });
}

/**
 * Builds, and moves the result to dist/ where the code itself could be built.
 * @returns {Promise<{ built: boolean, problems: string[] }>} `problems` also holds wrong types and
 *   broken budgets, with which dist/ still runs
 */
export const build = () => withBuildLock(buildUnlocked);

/** `build()` for a caller that holds the lock. */
export async function buildUnlocked() {
  const stop = () => process.exit(1); // an `exit` event ends the tools; a bare signal would not
  process.once('SIGTERM', stop).once('SIGINT', stop);
  try {
    mkdirSync(NEXT, { recursive: true });
    return await buildInto(NEXT);
  } finally {
    rmSync(NEXT, { recursive: true, force: true });
    process.off('SIGTERM', stop).off('SIGINT', stop);
  }
}

async function buildInto(folder) {
  const sources = sourcesHash();
  const [hasCode, { types, elements }] = await Promise.all([
    tool('rollup/dist/bin/rollup', ['-c', '--silent', '--configOut', folder]),
    describe(),
  ]);
  if (!hasCode) return { built: false, problems: ['rollup failed'] };
  const problems = ENTRIES.filter((name) => !existsSync(join(folder, `${name}.js`))).map(
    (name) => `${name}.js has no source`,
  );
  if (!types) problems.push('the declarations have type errors');
  if (!elements) problems.push('custom-elements.json could not be made');
  drawIcons(folder);
  listInboxFiles(folder);
  const sizes = measure(folder);
  printSizes(sizes);
  if (problems.length === 0) printIntegrity(folder);
  problems.push(...sizes.problems);
  if (existsSync(join(folder, 'cli.js'))) chmodSync(join(folder, 'cli.js'), 0o755);
  writeFileSync(join(folder, STAMP), `${JSON.stringify({ sources, problems })}\n`);
  publish();
  return { built: true, problems };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { problems } = await build();
  for (const problem of problems) console.error(`build: ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}
