/**
 * uvu with a time limit on every test and hook, and with each result handed to the runner.
 * uvu alone waits for ever on a test that does not settle, drops the remaining tests where a hook
 * throws, and knows no names once its process is gone.
 */

import * as uvu from 'uvu';

/** Asked after every test: what else is wrong, one line each. What is told once is not told again. */
export const complaints = [];

/** Every test of this process in order of registration: `{ name, only, result }`. */
export const tests = [];

/** Replaced by run-file.mjs; the defaults serve a test file run alone with `node --import tsx`. */
export const watch = {
  limitMs: 30_000,
  started(_test) {},
  ended(_test) {},
  hookFailed(_name, _error) {},
};

/** uvu prints `error.name` and `error.stack`, so what is thrown must have them. */
function asError(thrown) {
  if (typeof thrown?.name === 'string' && typeof thrown.stack === 'string') return thrown;
  return new Error(`threw ${typeof thrown === 'object' ? JSON.stringify(thrown) : String(thrown)}`);
}

async function failureOf(handler, state) {
  let timer;
  const limit = new Promise((_, reject) => {
    const late = new Error(`did not end within ${watch.limitMs / 1000} s`);
    timer = setTimeout(() => reject(late), watch.limitMs);
  });
  try {
    await Promise.race([(async () => handler(state))(), limit]);
    return null;
  } catch (thrown) {
    return asError(thrown);
  } finally {
    clearTimeout(timer);
  }
}

/** A test that did what it should fails all the same where there are complaints. */
export function complained(failure) {
  const lines = complaints.flatMap((complaint) => complaint());
  if (lines.length === 0) return failure;
  const complaint = new Error(lines.join('\n'));
  if (failure === null) return complaint;
  failure.cause ??= complaint;
  return failure;
}

function limitedTest(test, handler) {
  return async (state) => {
    watch.started(test);
    const failure = complained(await failureOf(handler, state));
    test.result = failure ?? 'passed';
    watch.ended(test);
    if (failure) throw failure;
  };
}

/** A hook counts only where it fails. uvu ends the suite then, and the runner names the rest. */
function limitedHook(name, handler) {
  return async (state) => {
    const failure = await failureOf(handler, state);
    if (!failure) return;
    watch.hookFailed(name, failure);
    throw failure;
  };
}

function dress(original, suiteName) {
  const named = (name) => (suiteName ? `${suiteName}: ${name}` : String(name));
  const register = (into, only) => (name, handler) => {
    const test = { name: named(name), only, result: null };
    tests.push(test);
    into(name, limitedTest(test, handler));
  };
  const hook = (into, kind) => (handler) => into(limitedHook(named(`${kind} hook`), handler));
  const test = register(original, false);
  test.only = register(original.only, true);
  test.skip = original.skip;
  test.before = hook(original.before, 'before');
  test.before.each = hook(original.before.each, 'before.each');
  test.after = hook(original.after, 'after');
  test.after.each = hook(original.after.each, 'after.each');
  test.run = original.run;
  return test;
}

export const suite = (name = '', state = {}) => dress(uvu.suite(name, state), name);
export const test = dress(uvu.test, '');
export const exec = uvu.exec;
