/** Bytes and their text forms: exact inverses, one spelling each, faults for everything else. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  compare,
  concat,
  equal,
  fromBase64url,
  fromHex,
  fromUtf8,
  MAX_U53,
  toBase64url,
  toHex,
  utf8,
} from '../../sdk/base/bytes.js';
import { withRandom } from '../support/fuzz.js';

const of = (...bytes: number[]) => Uint8Array.from(bytes);

test('joins parts in order into new memory', () => {
  const part = of(1, 2);
  const joined = concat(part, of(), of(3));
  part[0] = 9;
  assert.equal([...joined], [1, 2, 3]);
  assert.is(concat().length, 0);
});

test('finds equal only what has the same length and the same bytes', () => {
  assert.ok(equal(of(), of()));
  assert.ok(equal(of(1, 2), of(1, 2)));
  assert.not.ok(equal(of(1, 2), of(1, 3)));
  assert.not.ok(equal(of(1, 2), of(1, 2, 0)));
  assert.not.ok(equal(of(0, 0), of(0)));
  assert.ok(equal(of(0, 1, 2).subarray(1), of(1, 2)));
});

test('orders by the first byte that differs, as unsigned, then by length', () => {
  assert.ok(compare(of(1), of(2)) < 0);
  assert.ok(compare(of(255), of(1)) > 0);
  assert.ok(compare(of(1), of(1, 0)) < 0);
  assert.ok(compare(of(1, 0), of(1)) > 0);
  assert.ok(compare(of(2), of(1, 9)) > 0);
  assert.is(compare(of(1, 2), of(1, 2)), 0);
});

test('orders as the hexadecimal text does', () => {
  withRandom((random) => {
    for (let i = 0; i < 2_000; i++) {
      const a = random.bytes(random.below(4));
      const b = random.bytes(random.below(4));
      const expected = toHex(a) < toHex(b) ? -1 : toHex(a) > toHex(b) ? 1 : 0;
      assert.is(Math.sign(compare(a, b)), expected);
      assert.is(compare(a, b) === 0, equal(a, b));
    }
  });
});

test('writes lower-case hexadecimal and reads both cases', () => {
  assert.is(toHex(of(0, 15, 16, 255)), '000f10ff');
  assert.equal([...fromHex('000F10ff')], [0, 15, 16, 255]);
  assert.is(fromHex('').length, 0);
});

test('refuses what is not pairs of hexadecimal digits', () => {
  for (const text of ['0', '000', '0g', ' 00', '00 ', '00\n', '0x00', '-1', '+1', '٠٠', '00\n00']) {
    assert.throws(
      () => fromHex(text),
      (e: unknown) => e instanceof RangeError,
      text,
    );
  }
});

test('writes base64url without padding, as RFC 4648 §10', () => {
  const vectors = { '': '', f: 'Zg', fo: 'Zm8', foo: 'Zm9v', foob: 'Zm9vYg', fooba: 'Zm9vYmE' };
  for (const [text, encoded] of Object.entries(vectors)) {
    assert.is(toBase64url(utf8(text)), encoded);
    assert.is(fromUtf8(fromBase64url(encoded)), text);
  }
  assert.is(toBase64url(of(251, 255)), '-_8');
});

test('refuses base64 of other spellings', () => {
  const bad = ['Zg==', 'Zh', 'Zm9', 'Z', '+/8', 'Zm9v ', ' Zm9v', 'Zm\n9v', 'Zm9v=', 'ZÄ', 'Zm9vY'];
  for (const text of bad) {
    assert.throws(
      () => fromBase64url(text),
      (e: unknown) => e instanceof Error,
      text,
    );
  }
});

test('reads base64url only in the one spelling it writes', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ ';
  withRandom((random) => {
    for (let i = 0; i < 5_000; i++) {
      const text = random.text(alphabet, 0, 6);
      try {
        assert.is(toBase64url(fromBase64url(text)), text);
      } catch (fault) {
        assert.not.instance(fault, assert.Assertion);
      }
      const bytes = random.bytes(random.below(40));
      assert.ok(equal(fromBase64url(toBase64url(bytes)), bytes));
      assert.ok(equal(fromHex(toHex(bytes)), bytes));
    }
  });
});

test('says RangeError for base64url of a length that no bytes have', () => {
  assert.throws(
    () => fromBase64url('A'),
    (e: unknown) => e instanceof RangeError,
  );
  assert.throws(
    () => fromBase64url('AAAAA'),
    (e: unknown) => e instanceof RangeError,
  );
});

test('keeps every well-formed text through UTF-8, byte order marks included', () => {
  for (const text of ['', 'Ł', '\u0000', '\ufeffa', '\ud83d\ude00', '\uffff', 'a\r\nb']) {
    assert.is(fromUtf8(utf8(text)), text);
  }
});

test('refuses malformed UTF-8', () => {
  const bad = [
    [0x80],
    [0xc0, 0x80],
    [0xc3],
    [0xe2, 0x82],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xff],
    [0x61, 0xfe, 0x62],
  ];
  for (const bytes of bad) {
    assert.throws(
      () => fromUtf8(of(...bytes)),
      (e: unknown) => e instanceof TypeError,
    );
  }
});

test('counts up to 2^53 - 1', () => {
  assert.is(MAX_U53, 2 ** 53 - 1);
});

test.run();
