/**
 * The test runner: every file in a process of its own, so that no global leaks from one file into
 * another and a file that hangs, crashes or forgets `test.run()` is a failure with a name.
 * Usage: node --import tsx test/run.mjs [--jobs n] [--no-browser] [file or folder …]
 * A file asks for more time with `@time-limit <seconds>` in a comment.
 */

import { fork } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RUN_FILE = fileURLToPath(new URL('./support/run-file.mjs', import.meta.url));
const TSX = import.meta.resolve('tsx');

const UNIT_LIMIT_S = 30;
/** Firefox alone takes up to 17 s to start on two busy cores. */
const BROWSER_LIMIT_S = 120;
/** Beyond a test's own limit: only a blocked event loop lets it pass. */
const GRACE_MS = 10_000;
/** Until the first test starts; a busy machine compiles slowly, whatever the file's own limit. */
const LOAD_LIMIT_MS = 60_000;
/** Milliseconds after a file's end for what it started to go. */
const ORPHAN_MS = 5_000;
const LOADING = 'the file loads';
/** Unit files run side by side; browser files alone, because each starts browsers of its own. */
const UNIT_JOBS = 2;

const isTest = (path) => /\.test\.[cm]?tsx?$|\.test\.m?js$/.test(path);
const isIn = (folder, file) => relative(ROOT, file).startsWith(join('test', folder) + sep);
const isBrowser = (file) => isIn('browser', file) || isIn('network', file);
/** Long, and needs root: run where it is named (`npm run test:network`), not with everything else. */
const NETWORK = join(ROOT, 'test', 'network');

function walk(path) {
  if (!statSync(path).isDirectory()) return [resolve(path)];
  const names = readdirSync(path).sort();
  return names
    .filter((name) => name !== 'node_modules' && join(path, name) !== NETWORK)
    .flatMap((name) => walkOne(join(path, name)));
}

function walkOne(path) {
  return statSync(path).isDirectory() || isTest(path) ? walk(path) : [];
}

/** What a file compares in time needs the machine for itself: `@alone` in its head. */
const isAlone = (file) => /^ \*.*@alone\b/m.test(readFileSync(file, 'utf8').slice(0, 1_000));

function limitMs(file) {
  const asked = /@time-limit (\d+)/.exec(readFileSync(file, 'utf8'))?.[1];
  return 1000 * Number(asked ?? (isBrowser(file) ? BROWSER_LIMIT_S : UNIT_LIMIT_S));
}

/** Runs one file to its end. Never rejects: whatever goes wrong is a failure in the result. */
function runFile(file) {
  const limit = limitMs(file);
  const name = relative(ROOT, file);
  const result = { file: name, passed: 0, failures: [], skipped: 0, notes: [], output: '', ms: 0 };
  const began = performance.now();
  return new Promise((settle) => {
    const child = fork(RUN_FILE, [file, String(limit)], {
      cwd: ROOT,
      execArgv: ['--import', TSX],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, FORCE_COLOR: '0' },
    });
    let current = LOADING;
    let done = false;
    let killed = false;
    let timer;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(
        () => {
          result.failures.push({
            name: current,
            why: `blocked the process beyond ${limit / 1000} s`,
          });
          done = true;
          killed = true;
          end(child);
        },
        GRACE_MS + (current === LOADING ? Math.max(limit, LOAD_LIMIT_MS) : limit),
      );
    };
    watch();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        result.output += text;
      });
    }
    child.on('message', (message) => {
      watch();
      if (message.is === 'started') current = message.name;
      else if (message.is === 'passed') result.passed++;
      else if (message.is === 'failed') result.failures.push(message);
      else if (message.is === 'left-open')
        result.notes.push(`left open: ${message.what.join(', ')}`);
      else if (message.is === 'said') result.notes.push(message.text);
      else if (message.is === 'done') {
        done = true;
        result.skipped = message.skipped;
      }
    });
    child.on('error', (error) => result.failures.push({ name: 'starts', why: error.message }));
    // A process that the file started and left keeps the pipes open, and `close` would never come.
    child.on('exit', () => {
      setTimeout(() => {
        if (child.stdout.destroyed && child.stderr.destroyed) return;
        result.failures.push({ name: 'the file ends', why: 'a process it started outlives it' });
        for (const stream of [child.stdout, child.stderr]) stream.destroy();
      }, ORPHAN_MS).unref();
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const how = signal ?? `exit code ${code}`;
      if (!done) result.failures.push({ name: current, why: `the process ended early (${how})` });
      else if (how !== 'exit code 0' && !killed)
        result.failures.push({ name: 'the file ends', why: how });
      result.ms = performance.now() - began;
      settle(result);
    });
  });
}

/** SIGTERM first, so that the browsers a file has started go with it. */
function end(child) {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), 3_000).unref();
}

const indent = (text) => text.trimEnd().replace(/^/gm, '      ');

function print(result) {
  const failed = result.failures.length;
  const seconds = (result.ms / 1000).toFixed(1);
  const counts = [`${result.passed} passed`, failed && `${failed} failed`];
  counts.push(result.skipped && `${result.skipped} skipped`);
  const line = counts.filter(Boolean).join(', ');
  console.log(`${failed ? 'FAIL' : 'ok  '} ${result.file}  (${line}, ${seconds} s)`);
  for (const { name, why } of result.failures) console.log(`  - ${name}\n${indent(why)}`);
  if (failed && result.output.trim()) console.log(`  output:\n${indent(result.output)}`);
  const seed = process.env.PIM_TEST_JITTER;
  if (failed && seed) console.log(`  delays: PIM_TEST_JITTER=${seed}`);
  for (const note of result.notes) console.log(`  note: ${note}`);
}

async function inParallel(files, jobs) {
  const waiting = [...files];
  const results = [];
  const worker = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const result = await runFile(file);
      print(result);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
  return results;
}

/** Finds or gets the browsers once for all files; each file reads the outcome from its environment. */
async function prepareBrowsers() {
  const { prepareBrowsers: prepare } = await import('./support/find-browser.ts');
  Object.assign(process.env, await prepare());
}

/** Builds once, outside of any test's time limit, where one of `files` tests what was built. */
async function prepareBuild(files) {
  if (!files.some((file) => readFileSync(file, 'utf8').includes('support/dist.js'))) return;
  const { ensureBuilt } = await import('../scripts/freshness.mjs');
  process.env.PIM_TEST_BUILD = JSON.stringify(await ensureBuilt());
}

/**
 * Runs the test files under `paths` and prints each file's outcome.
 * @returns {Promise<{ passed: number, failed: number, failures: string[] }>}
 */
export async function runTests(paths, { jobs = UNIT_JOBS, withBrowser = true } = {}) {
  const files = [...new Set(paths.flatMap(walk))];
  const browser = withBrowser ? files.filter(isBrowser) : [];
  await prepareBuild(withBrowser ? files : files.filter((file) => !isBrowser(file)));
  const units = files.filter((file) => !isBrowser(file));
  const alone = units.filter(isAlone);
  const results = await inParallel(
    units.filter((file) => !alone.includes(file)),
    jobs,
  );
  results.push(...(await inParallel(alone, 1)));
  if (browser.length > 0) {
    await prepareBrowsers();
    results.push(...(await inParallel(browser, 1)));
  }
  const failures = results.flatMap((r) => r.failures.map((f) => `${r.file} - ${f.name}`));
  const passed = results.reduce((sum, r) => sum + r.passed, 0);
  return { passed, failed: failures.length, failures };
}

/** Repeats the failures below a long log, then the line that scripts read. */
export function printTotals({ passed, failed, failures }) {
  if (failures.length > 0) console.log(`\nfailed:\n${failures.map((f) => `  ${f}`).join('\n')}`);
  if (passed + failed === 0) console.log('\nno tests were found');
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    allowNegative: true,
    options: {
      jobs: { type: 'string', default: String(UNIT_JOBS) },
      browser: { type: 'boolean', default: true },
    },
  });
  const paths = positionals.length > 0 ? positionals : [join(ROOT, 'test')];
  printTotals(await runTests(paths, { jobs: Number(values.jobs), withBrowser: values.browser }));
}
