/** How much of a text is too much, counted as people count. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_TEXT_BYTES } from '../../sdk/protocol/limits.js';
import { charactersOver, MAX_MESSAGE_BYTES } from '../../widget/panel/text-limit.js';

test('the composer and the SDK agree on the limit', () => {
  assert.is(MAX_MESSAGE_BYTES, MAX_TEXT_BYTES);
});

test('counts what is left in characters as wide as those before', () => {
  assert.is(charactersOver('', 10), -10);
  assert.is(charactersOver('abc', 10), -7);
  assert.is(charactersOver('ää', 10), -3);
  assert.is(charactersOver('abcdefghij', 10), 0);
});

test('counts what is too much in whole characters', () => {
  assert.is(charactersOver('abcdefghijk', 10), 1);
  assert.is(charactersOver('abcdefg😀', 10), 1);
  assert.is(charactersOver('😀'.repeat(5), 10), 3);
});

test.run();
