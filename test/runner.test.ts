/**
 * The runner's promise: whatever goes wrong in a file is a failure with a name, and the run goes on.
 * It starts a process for each of its files: @time-limit 120
 */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, '.cache');

interface Outcome {
  output: string;
  lastLine: string;
  code: number | null;
}

/** Runs the runner over `files`, written below the project so that they resolve its packages. */
function run(files: Record<string, string>): Outcome {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'runner-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const args = ['--import', 'tsx', join(ROOT, 'test/run.mjs'), folder];
    const { stdout, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
    return { output: stdout, lastLine: stdout.trimEnd().split('\n').at(-1) ?? '', code: status };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const tests = (...lines: string[]): string =>
  ["import { test } from 'uvu';", ...lines, 'test.run();'].join('\n');

test('a green run ends with its counts and exit code 0', () => {
  const { lastLine, code } = run({
    'a.test.ts': tests(`test('a', () => {}); test('b', () => {});`),
  });
  assert.is(lastLine, '2 passed, 0 failed');
  assert.is(code, 0);
});

test('no tests at all is a failure', () => {
  const { lastLine, code } = run({});
  assert.is(lastLine, '0 passed, 0 failed');
  assert.is(code, 1);
});

test('every way to go wrong is counted and named, and the other files run', () => {
  const { output, lastLine, code } = run({
    'assertion.test.ts': tests(`test('throws', () => { throw new Error('broken'); });`),
    'forgotten.test.ts': `import { test } from 'uvu'; test('forgotten', () => {});`,
    'good.test.ts': tests(`test('good', () => {});`),
    'hook.test.ts': tests(`test.before(() => { throw new Error('x'); });`, `test('a', () => {});`),
    'import.test.ts': `import './gone.js';`,
    'leaves.test.ts': tests(`test('leaves', () => process.exit(0));`),
    'lost.test.ts': tests(
      `test('loses', async () => { Promise.reject(new Error('lost')); await new Promise(setImmediate); });`,
    ),
    'slow.test.ts': `/* @time-limit 3 */\n${tests(
      `test('hangs', () => new Promise(() => {}));`,
      `test('comes after', () => {});`,
    )}`,
  });
  assert.match(output, 'assertion.test.ts - throws');
  assert.match(output, 'it never calls test.run()');
  assert.match(output, 'hook.test.ts - before hook');
  assert.match(output, 'import.test.ts - the file loads');
  assert.match(output, 'leaves.test.ts - leaves');
  assert.match(output, 'unhandledRejection during "loses"');
  assert.match(output, 'slow.test.ts - hangs');
  // good, loses itself, and what comes after the hanging one
  assert.is(lastLine, '3 passed, 9 failed');
  assert.is(code, 1);
});

test('globals do not leak from one file into another', () => {
  const { lastLine } = run({
    'a.test.ts': tests(`test('a', () => { globalThis.leak = 1; });`),
    'b.test.ts': tests(`test('b', () => { if (globalThis.leak) throw new Error('leaked'); });`),
  });
  assert.is(lastLine, '2 passed, 0 failed');
});

test('what a file leaves behind with its errors open does not hold up the run', () => {
  const lines = [
    `import { spawn } from 'node:child_process';`,
    `const stdio = ['ignore', 'ignore', 'inherit'];`,
    `test('a', () => { spawn('sleep', ['30'], { stdio, detached: true }).unref(); });`,
  ];
  const { output, lastLine, code } = run({ 'leaves.test.ts': tests(...lines) });
  assert.match(output, /a process it started outlives it/);
  assert.is(lastLine, '1 passed, 1 failed');
  assert.is(code, 1);
});

test.run();
