/**
 * Runs one test file in a process of its own and reports to test/run.mjs over the IPC channel:
 * started, passed, failed (by name), then done. Usage: run-file.mjs <file> <limit in ms>
 */

import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { compare } from 'uvu/diff';

const [file, limitMs] = process.argv.slice(2);
/** Milliseconds a finished file has to let go of servers, sockets and timers. */
const SETTLE_MS = 3_000;
/** Lines of one failure; a difference of two large values would bury the others. */
const MAX_LINES = 80;

// Pages that tests open come with the documented policy (test/support/policy.ts), unless told otherwise.
process.env.PIM_TEST_POLICY ??= 'strict';
register('./uvu-hooks.mjs', import.meta.url);
globalThis.UVU_DEFER = 1; // uvu would otherwise start by itself, and count nothing when it does not
const { complained, tests, watch } = await import('./uvu.mjs');

let current = null;
const report = (message) => process.send?.(message);

/** What a person needs from a failure: the text, the difference, and the lines of our own files. */
function explain(error) {
  const lines = [`${error?.name ?? 'Error'}: ${error?.message ?? String(error)}`];
  const differs = error?.operator !== undefined && !String(error.operator).includes('not');
  if (differs) lines.push(error.details || compare(error.actual, error.expected));
  const stack = String(error?.stack ?? '').split('\n');
  const ours = stack.filter(
    (l) => /^\s+at /.test(l) && !/node:|node_modules|(?:uvu|run-file)\.mjs/.test(l),
  );
  lines.push(...ours.slice(0, 8));
  if (error?.cause) lines.push(`caused by ${explain(error.cause)}`);
  const all = lines.join('\n').split('\n');
  if (all.length <= MAX_LINES) return all.join('\n');
  return [...all.slice(0, MAX_LINES), `… ${all.length - MAX_LINES} more lines`].join('\n');
}

const fail = (name, error) => report({ is: 'failed', name, why: explain(error) });

for (const event of ['unhandledRejection', 'uncaughtException']) {
  process.on(event, (error) => {
    fail(`${event} ${current ? `during "${current.name}"` : 'outside the tests'}`, error);
  });
}

watch.limitMs = Number(limitMs);
watch.started = (test) => {
  current = test;
  report({ is: 'started', name: test.name });
};
watch.ended = (test) => {
  current = null;
  if (test.result === 'passed') report({ is: 'passed', name: test.name });
  else fail(test.name, test.result);
};
watch.hookFailed = fail;

/** uvu's own dots, totals and suite names; the runner prints its own. */
const UVU_NOISE = /^(?:[•✘] | {2}\(\d+ \/ \d+\)\n| .+ {2})$/u;
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (chunk, ...rest) =>
  typeof chunk === 'string' && UVU_NOISE.test(chunk) ? true : write(chunk, ...rest);

globalThis.UVU_INDEX = 0;
globalThis.UVU_QUEUE = [[null]];
let loaded = true;
try {
  await import(pathToFileURL(file).href);
} catch (error) {
  loaded = false;
  fail('the file loads', error);
}
const suites = globalThis.UVU_QUEUE[0].slice(1);
if (loaded && suites.length === 0) fail('the file runs', new Error('it never calls test.run()'));

let skipped = 0;
for (const run of suites) skipped += (await run())[2];

if (suites.length > 0 && tests.length + skipped === 0)
  fail('the file runs', new Error('it has no tests'));

const late = complained(null);
if (late !== null) fail('after the tests', late);

const chosen = tests.some((test) => test.only);
for (const test of loaded ? tests : []) {
  if (test.result !== null || (chosen && !test.only)) continue;
  fail(test.name, new Error('did not run: a hook failed, or its suite never calls run()'));
}
report({ is: 'done', skipped });

const open = () =>
  [...new Set(process.getActiveResourcesInfo())].filter((r) => !/^(TTY|Pipe)Wrap$/.test(r));
setTimeout(() => {
  report({ is: 'left-open', what: open() });
  process.exit();
}, SETTLE_MS).unref();
process.channel?.unref();
