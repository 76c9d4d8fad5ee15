/** One SDK instance for all chats of one person on a page. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Settings } from '../../widget/contract.js';
import { openShared } from '../../widget/panel/shared-pim.js';
import { FakePim, ME } from './fake-pim.js';

const settings = (change: Partial<Settings> = {}) =>
  ({ storage: 'persistent', pim: null, ...change }) as Settings;

function maker() {
  const made: FakePim[] = [];
  const make = () => {
    const pim = new FakePim(ME);
    made.push(pim);
    return pim;
  };
  return { made, make };
}

test('two chats share one, and the last one stops it', async () => {
  const { made, make } = maker();
  const [one, two] = await Promise.all([
    openShared(settings(), make),
    openShared(settings(), make),
  ]);
  assert.is(one.pim, two.pim);
  one.release();
  assert.equal(made[0]?.calls, []);
  two.release();
  assert.equal(made[0]?.calls, ['stop']);
});

test('the next one is made only after the former has stopped', async () => {
  const { made, make } = maker();
  const first = await openShared(settings(), make);
  let finish: () => void = () => undefined;
  const stopping = new Promise<void>((done) => {
    finish = done;
  });
  const [former] = made;
  assert.ok(former);
  former.stop = () => stopping;
  first.release();
  const second = openShared(settings(), make);
  await new Promise(setImmediate);
  assert.is(made.length, 1);
  finish();
  (await second).release();
  assert.is(made.length, 2);
});

test('memory and persistent storage are two people', async () => {
  const { made, make } = maker();
  const one = await openShared(settings(), make);
  const two = await openShared(settings({ storage: 'memory' }), make);
  assert.is(made.length, 2);
  one.release();
  two.release();
});

test("the page's own instance is used as it is, and never stopped", async () => {
  const pim = new FakePim(ME);
  const opened = await openShared(settings({ pim }), () => {
    throw new Error('one is there already');
  });
  assert.is(opened.pim, pim);
  opened.release();
  assert.equal(pim.calls, []);
});

test.run();
