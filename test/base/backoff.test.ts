/** Waiting times between tries: growing, capped, spread. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { backoff } from '../../sdk/base/backoff.js';

const policy = { firstMs: 1_000, maxMs: 60_000 };
const ALMOST_1 = 1 - 2 ** -32;

test('doubles from the first step up to the cap', () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 7].map((attempt) => backoff(policy, attempt, ALMOST_1));
  assert.equal(longest, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
});

test('waits at least half a step and never more than a whole one', () => {
  for (let attempt = 0; attempt < 40; attempt++) {
    const step = Math.min(60_000, 1_000 * 2 ** attempt);
    for (const random of [0, 0.1, 0.5, 0.9, ALMOST_1]) {
      const ms = backoff(policy, attempt, random);
      assert.ok(ms >= step / 2 && ms <= step, `${ms} of ${step}`);
      assert.ok(Number.isInteger(ms));
    }
  }
});

test('spreads evenly over the upper half of the step', () => {
  assert.is(backoff(policy, 0, 0), 500);
  assert.is(backoff(policy, 0, 0.5), 750);
});

test('stays at the cap after any number of tries', () => {
  for (const attempt of [31, 1_000, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
    assert.is(backoff(policy, attempt, ALMOST_1), 60_000);
  }
});

test.run();
