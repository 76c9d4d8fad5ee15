/** Random bytes from a pool: as long as asked for, and never the same twice. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pooledRandom } from '../../relay/random.js';
import { toHex } from '../../sdk/base/bytes.js';

test('gives as many as asked for, and none of them a second time', () => {
  const random = pooledRandom();
  const seen = new Set<string>();
  for (let i = 0; i < 10_000; i++) {
    const bytes = random(i % 2 === 0 ? 32 : 24);
    assert.is(bytes.length, i % 2 === 0 ? 32 : 24);
    seen.add(toHex(bytes.subarray(0, 16)));
  }
  assert.is(seen.size, 10_000);
});

test('what was given is not changed by what is given later', () => {
  const random = pooledRandom();
  const first = random(32);
  const copy = toHex(first);
  for (let i = 0; i < 500; i++) random(32);
  assert.is(toHex(first), copy);
  first.fill(0);
  assert.is.not(toHex(random(32)), '0'.repeat(64));
});

test('more than the pool holds is refused', () => {
  assert.throws(() => pooledRandom()(5_000), RangeError);
});

test.run();
