/** Signal times: strictly increasing per device, whatever the machine's clock does. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SignalClock } from '../../sdk/peer/clock.js';
import { HandPlatform } from '../transport/hand-platform.js';

function made(last = 0) {
  const platform = new HandPlatform();
  return { platform, clock: new SignalClock(platform, last) };
}

test('gives this machine’s time, one more where it stands still', () => {
  const { platform, clock } = made();
  const now = Math.floor(platform.now());
  assert.equal([clock.next(), clock.next(), clock.next()], [now, now + 1, now + 2]);
  assert.is(clock.last, now + 2);
});

test('never goes back, where the machine’s clock does and after a restart', async () => {
  const { platform, clock } = made();
  const first = clock.next();
  platform.wallOffset -= 10 * 365 * 86_400_000;
  assert.is(clock.next(), first + 1);
  const again = new SignalClock(platform, clock.last);
  assert.is(again.next(), first + 2);
});

test('follows a clock that leaps ahead, and stays there when it comes back', () => {
  const { platform, clock } = made();
  const before = platform.wallOffset;
  platform.wallOffset += 10 * 365 * 86_400_000;
  const ahead = clock.next();
  platform.wallOffset = before;
  assert.is(clock.next(), ahead + 1);
});

test('gives whole numbers the layout can carry, of any clock at all', () => {
  for (const now of [Number.NaN, -5, 0, Number.POSITIVE_INFINITY, 2 ** 60, 1.75e12 + 0.5]) {
    const { platform, clock } = made();
    platform.now = () => now;
    const times = [clock.next(), clock.next(), clock.next()];
    for (const time of times) assert.ok(Number.isSafeInteger(time) && time > 0, String(now));
    assert.ok((times[1] as number) > (times[0] as number));
  }
  const { clock } = made(Number.MAX_SAFE_INTEGER);
  assert.is(clock.next(), Number.MAX_SAFE_INTEGER);
});

test.run();
