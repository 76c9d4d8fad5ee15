/** Signal times: strictly increasing per device, whatever the machine's clock does. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SignalClock } from '../../sdk/peer/clock.js';
import { HandPlatform } from '../transport/hand-platform.js';

function made(last = 0) {
  const platform = new HandPlatform();
  /** What a page opened next would find. */
  const stored = { last };
  const keep = async (time: number) => {
    await Promise.resolve();
    stored.last = time;
  };
  const open = () => new SignalClock(platform, stored.last, keep);
  return { platform, stored, open, clock: open() };
}

test('gives this machine’s time, one more where it stands still', async () => {
  const { platform, clock } = made();
  const now = Math.floor(platform.now());
  const times = await Promise.all([clock.next(), clock.next(), clock.next()]);
  assert.equal(times, [now, now + 1, now + 2]);
});

test('never goes back, where the machine’s clock does and after a crash at any moment', async () => {
  const { platform, clock, open } = made();
  const first = await clock.next();
  platform.wallOffset -= 10 * 365 * 86_400_000;
  const second = await clock.next();
  assert.is(second, first + 1);
  // Nothing was said to the clock of its end.
  const again = open();
  assert.ok((await again.next()) > second);
});

test('a time is given only once one that is as high is stored', async () => {
  const { platform, clock, stored } = made();
  for (let i = 0; i < 50; i++) {
    await platform.pass(60_000 * i);
    const time = await clock.next();
    assert.ok(stored.last >= time, `${stored.last} < ${time}`);
  }
});

test('stores ahead, so that many signals cost one write', async () => {
  const platform = new HandPlatform();
  const writes: number[] = [];
  const clock = new SignalClock(platform, 0, async (time) => void writes.push(time));
  clock.reserve();
  for (let i = 0; i < 500; i++) await clock.next();
  assert.is(writes.length, 1);
  await platform.pass(3_600_000);
  await clock.next();
  assert.is(writes.length, 2);
});

test('a store that fails costs no signal', async () => {
  const platform = new HandPlatform();
  const clock = new SignalClock(platform, 0, () => Promise.reject(new Error('full')));
  const now = Math.floor(platform.now());
  assert.is(await clock.next(), now);
  assert.is(await clock.next(), now + 1);
});

test('follows a clock that leaps ahead, and stays there when it comes back', async () => {
  const { platform, clock } = made();
  const before = platform.wallOffset;
  platform.wallOffset += 10 * 365 * 86_400_000;
  const ahead = await clock.next();
  platform.wallOffset = before;
  assert.is(await clock.next(), ahead + 1);
});

test('gives whole numbers the layout can carry, of any clock at all', async () => {
  for (const now of [Number.NaN, -5, 0, Number.POSITIVE_INFINITY, 2 ** 60, 1.75e12 + 0.5]) {
    const { platform, clock } = made();
    platform.now = () => now;
    const times = await Promise.all([clock.next(), clock.next(), clock.next()]);
    for (const time of times) assert.ok(Number.isSafeInteger(time) && time > 0, String(now));
    assert.ok((times[1] as number) > (times[0] as number));
  }
  const { clock } = made(Number.MAX_SAFE_INTEGER);
  assert.is(await clock.next(), Number.MAX_SAFE_INTEGER);
});

test.run();
