/** From dictionary to sentence. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { wordsOf } from '../../widget/words.js';

const DICTIONARY = {
  plain: 'Send',
  named: 'Looking for {name}…',
  counted: { one: '{n} new message', other: '{n} new messages' },
};
const words = wordsOf<keyof typeof DICTIONARY>([DICTIONARY], 'en');

test('gives a plain sentence as it is', () => assert.is(words('plain'), 'Send'));

test('isolates what is filled in, so that its direction cannot reach the sentence', () => {
  assert.is(words('named', { name: '\u202Egrace' }), 'Looking for \u2068\u202Egrace\u2069…');
});

test('fills in a text that looks like a place or a pattern as text', () => {
  assert.is(words('named', { name: '{name} $& $1' }), 'Looking for \u2068{name} $& $1\u2069…');
});

test('picks the plural form of the language and groups digits', () => {
  assert.is(words('counted', { n: 1 }), '1 new message');
  assert.is(words('counted', { n: 1200 }), '1,200 new messages');
});

test('leaves a place open that nothing was given for', () => {
  assert.is(words('named', {}), 'Looking for {name}…');
  assert.is(words('named', { toString: 'x' }), 'Looking for {name}…');
});

test('prefers the words of the page, one by one', () => {
  const own = wordsOf<keyof typeof DICTIONARY>([{ plain: 'Go' }, DICTIONARY], 'en');
  assert.is(own('plain'), 'Go');
  assert.is(own('counted', { n: 2 }), '2 new messages');
});

test('takes nothing from the prototypes of a dictionary', () => {
  const odd = wordsOf<string>([{}, DICTIONARY], 'en');
  assert.is(odd('constructor'), 'constructor');
});

test.run();
