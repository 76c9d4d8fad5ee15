/** Names and lines at the edge: one line, nothing that reorders or hides, a bound in bytes. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { utf8 } from '../../sdk/base/bytes.js';
import { checkName, cleanLine } from '../../sdk/base/check.js';
import { isPimError } from '../../sdk/base/errors.js';
import { withRandom } from '../support/fuzz.js';

test('leaves ordinary names of any script as they are', () => {
  const names = [
    'Ada',
    'Zażółć Gęślą',
    '李小龍',
    'عمر',
    'O’Neill',
    '\ud83d\udc69\u200d\ud83d\ude80',
  ];
  for (const name of names) assert.is(cleanLine(name), name);
});

test('takes outer blanks away and keeps inner ones', () => {
  assert.is(cleanLine('  Ada  Lovelace\t'), 'Ada  Lovelace');
  assert.is(cleanLine(' \n '), '');
});

test('puts one blank in the place of line breaks and control characters', () => {
  assert.is(cleanLine('a\r\nb'), 'a b');
  assert.is(cleanLine('a\0\u0007\u009fb'), 'a b');
  assert.is(cleanLine('a\u2028b\u2029c'), 'a b c');
  assert.is(cleanLine('\u0000'), '');
});

test('takes away whatever changes the direction of the text around', () => {
  for (const code of [0x061c, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff]) {
    assert.is(cleanLine(`a${String.fromCharCode(code)}b`), 'a b');
  }
  assert.is(cleanLine('\u202egnp.exe'), 'gnp.exe');
});

test('makes lone surrogates well-formed', () => {
  assert.is(cleanLine('a\ud800b'), 'a\ufffdb');
  assert.is(cleanLine('\udc00'), '\ufffd');
});

test('gives a line that cleaning does not change again', () => {
  const alphabet = ' a\n\t\0\u202e\u2066\ufeff\u061cŁ\ud83d\ude00\u2028\u00a0';
  withRandom((random) => {
    for (let i = 0; i < 5_000; i++) {
      const clean = cleanLine(random.text(alphabet, 0, 12));
      assert.is(cleanLine(clean), clean);
    }
  });
});

test('takes a name up to the limit, counted in bytes of UTF-8', () => {
  assert.is(checkName('ą'.repeat(32), 'name', 64), 'ą'.repeat(32));
  assert.is(checkName('', 'name', 64), '');
  assert.is(checkName(` ${'a'.repeat(64)} `, 'name', 64), 'a'.repeat(64));
});

test('refuses longer names and other values, naming the option', () => {
  const long = 'ą'.repeat(33);
  assert.is(utf8(long).length, 66);
  for (const value of [long, 1, null, undefined, {}, ['Ada']]) {
    assert.throws(
      () => checkName(value, 'name', 64),
      (fault: unknown) => isPimError(fault, 'options/invalid') && fault.detail.option === 'name',
    );
  }
});

test.run();
