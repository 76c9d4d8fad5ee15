/**
 * Whether dist/ belongs to the sources as they are, and the lock that lets one build run at a time.
 * Contents are compared, not times: a checkout changes every time and no content.
 */

import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LOCK = join(ROOT, '.cache', 'build.lock');
const POLL_MS = 200;

/** File in dist/ that says which sources it was built from, and what was wrong with them. */
export const STAMP = '.build.json';

/** What decides the content of dist/. */
const SOURCES = [
  'sdk',
  'relay',
  'widget',
  'examples/icon.svg',
  'examples/inbox.css',
  'examples/inbox.html',
  'examples/inbox.js',
  'examples/inbox.webmanifest',
  'rollup.config.mjs',
  'scripts/build.mjs',
  'scripts/icons.mjs',
  'scripts/inbox-files.mjs',
  'scripts/minify.mjs',
  'scripts/sizes.mjs',
  'scripts/tsconfig.types.json',
  'tsconfig.json',
  'package.json',
];

function* filesUnder(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) yield path;
  else for (const name of readdirSync(path).sort()) yield* filesUnder(join(path, name));
}

/** One hash over the names and contents of all sources. */
export function sourcesHash() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesUnder(join(ROOT, source))) {
      const content = readFileSync(file);
      hash.update(`${file.slice(ROOT.length)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

/** The problems of the build in dist/, or null where dist/ is missing or older than the sources. */
export function freshProblems() {
  const stamp = join(ROOT, 'dist', STAMP);
  if (!existsSync(stamp)) return null;
  const { sources, problems } = JSON.parse(readFileSync(stamp, 'utf8'));
  return sources === sourcesHash() ? problems : null;
}

/** Builds unless dist/ is fresh. Resolves like `build()`. */
export async function ensureBuilt() {
  const fresh = () => {
    const problems = freshProblems();
    return problems && { built: true, problems };
  };
  const { buildUnlocked } = await import('./build.mjs');
  return fresh() ?? withBuildLock(async () => fresh() ?? buildUnlocked());
}

function holderLives() {
  try {
    process.kill(Number(readFileSync(LOCK, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function takeLock() {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' }); // fails where the file exists
    return true;
  } catch {
    return false;
  }
}

/** Runs `work` while no other build of this folder runs. */
export async function withBuildLock(work) {
  while (!takeLock()) {
    await wait(POLL_MS);
    if (existsSync(LOCK) && !holderLives()) rmSync(LOCK, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}
