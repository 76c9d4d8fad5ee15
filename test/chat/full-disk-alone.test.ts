/**
 * A full disk while the part that waits for room is out of reach: a file of its own, because it is
 * so for all of its process.
 */

import { register } from 'node:module';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isPimError } from '../../sdk/base/errors.js';

/** What a sync fetches, it fetches in vain; the stores of the test have their own. */
const OUT_OF_REACH = `export async function resolve(name, context, next) {
  const from = String(context.parentURL);
  if (name === './later.js' && from.endsWith('/sync.ts')) return next('./later.js?alone', context);
  if (name === './settled.js' && from.endsWith('?alone')) throw new Error('Failed to fetch');
  return next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(OUT_OF_REACH)}`);
const { areLevel, join, twoPages } = await import('./pages.js');
const { eventually } = await import('../support/people.js');

test('what is told is that the disk is full, and the next channel brings what it did not take', async () => {
  const pages = await twoPages();
  const [a, b] = pages;
  const line = join(pages);
  await line.drain();
  b.store.storage.failAt(1, 'full');
  await a.write('one');
  await line.drain();
  await eventually(() => line.raw[1].readyState === 'closed', 'the end of what nothing waits on');
  assert.equal(
    b.faults.map((fault) => isPimError(fault) && fault.code),
    ['storage/full'],
  );
  b.store.storage.heal();
  const next = join(pages);
  await next.drain();
  await areLevel(pages);
  assert.is(b.told.length, 1);
});

test.run();
