/**
 * `npm test`: build with its budgets, types, lint, then every test file. Each of them counts in the
 * one line at the end. `--only-browser` leaves out what needs no browser.
 */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printTotals, runTests } from '../test/run.mjs';
import { ensureBuilt } from './freshness.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const { values } = parseArgs({ options: { 'only-browser': { type: 'boolean', default: false } } });
const onlyBrowser = values['only-browser'];

function passes(script, args) {
  const path = join(ROOT, script);
  return new Promise((settle) => {
    spawn(process.execPath, [path, ...args], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] })
      .on('error', () => settle(false))
      .on('close', (code) => settle(code === 0));
  });
}

async function builds() {
  const { problems } = await ensureBuilt();
  for (const problem of problems) console.error(`build: ${problem}`);
  return problems.length === 0;
}

const TYPES = ['--noEmit', '--incremental', '--tsBuildInfoFile', '.cache/typecheck.tsbuildinfo'];

/** In this order: a wrong type or a missing build explains many of the failures after it. */
const CHECKS = [
  ['the build succeeds within its budgets', builds, true],
  ['the types are right', () => passes('node_modules/typescript/bin/tsc', TYPES), false],
  [
    'the lint rules hold',
    () => passes('node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']),
    false,
  ],
  ['the lockfile serves every system', () => passes('scripts/lockfile.mjs', ['--check']), false],
];

const checks = { passed: 0, failures: [] };
for (const [name, check, forBrowser] of CHECKS) {
  if (onlyBrowser && !forBrowser) continue;
  const ok = await check();
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`);
  if (ok) checks.passed++;
  else checks.failures.push(name);
}

/** Of what needs root, the one thing tried nowhere else; it says so where it cannot be tried. */
const ROUTERS = 'test/network/nat.test.ts';
const paths = [onlyBrowser ? 'test/browser' : 'test', ROUTERS];
const tests = await runTests(paths.map((path) => join(ROOT, path)));
const failures = [...checks.failures, ...tests.failures];
printTotals({ passed: checks.passed + tests.passed, failed: failures.length, failures });
