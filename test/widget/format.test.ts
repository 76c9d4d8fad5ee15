/** Days and times as a reader says them. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatsOf } from '../../widget/panel/format.js';

const formats = formatsOf('en-GB');
const now = new Date(2026, 10, 25, 9, 30).getTime();
const at = (month: number, day: number, hour = 12, year = 2026): number =>
  new Date(year, month - 1, day, hour).getTime();

test('names the days near by, and dates the others', () => {
  assert.is(formats.day(at(11, 25, 1), now), 'Today');
  assert.is(formats.day(at(11, 24, 23), now), 'Yesterday');
  assert.is(formats.day(at(11, 20), now), 'Friday');
  assert.is(formats.day(at(11, 18), now), '18 November');
  assert.is(formats.day(at(3, 1, 12, 2024), now), '1 March 2024');
});

test('a clock that is ahead makes no day that does not exist', () => {
  assert.is(formats.day(at(11, 27), now), '27 November');
});

test('two moments of one day have one key, and of two days two', () => {
  assert.is(formats.dayKey(at(11, 25, 0)), formats.dayKey(at(11, 25, 23)));
  assert.is.not(formats.dayKey(at(11, 25)), formats.dayKey(at(11, 24)));
});

test('is brief in lists', () => {
  assert.match(formats.brief(at(11, 25, 8), now), /^0?8:00/);
  assert.is(formats.brief(at(11, 24), now), 'Yesterday');
  assert.is(formats.brief(at(3, 1), now), '1 Mar');
});

test.run();
