/** Addresses: one spelling (or its capitals), every typing mistake refused, no key without an owner. */

import { bech32, bech32m } from '@scure/base';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromHex, toHex } from '../../sdk/base/bytes.js';
import { type AddressFault, isPimError } from '../../sdk/base/errors.js';
import { decodeAddress, encodeAddress, parseAddress } from '../../sdk/protocol/address.js';
import { isOnCurve, isStrictPoint } from '../../sdk/protocol/point.js';
import { withRandom } from '../support/fuzz.js';
import { pim, rfc8032, smallOrder } from '../support/vectors.js';

const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const valid = pim.keys.map((key) => key.address);
const first = valid[0] as string;

/** Why `text` is refused; null where it is taken. */
function faultOf(text: string): AddressFault | null {
  try {
    decodeAddress(text);
    return null;
  } catch (fault) {
    if (isPimError(fault, 'address/invalid')) return fault.detail.reason;
    throw fault;
  }
}

const replaced = (text: string, at: number, character: string) =>
  text.slice(0, at) + character + text.slice(at + 1);

test('writes and reads the addresses of the vectors', () => {
  for (const { ed25519_pk, address } of pim.keys) {
    assert.is(encodeAddress(fromHex(ed25519_pk)), address);
    assert.is(toHex(decodeAddress(address)), ed25519_pk);
  }
});

test('takes all-lower and all-upper case, and gives the lower one', () => {
  for (const text of pim.address.valid) {
    assert.is(parseAddress(text), text.toLowerCase());
  }
  assert.is(toHex(decodeAddress(first.toUpperCase())), pim.keys[0]!.ed25519_pk);
});

test('refuses every bad address of the vectors', () => {
  assert.is(pim.address.invalid.length, 21);
  for (const { why, s } of pim.address.invalid) assert.ok(faultOf(s) !== null, why);
});

test('says what is wrong with an address', () => {
  const bad = new Map(pim.address.invalid.map(({ why, s }) => [why, faultOf(s)]));
  assert.is(faultOf(''), 'empty');
  assert.is(bad.get('mixed case'), 'mixed-case');
  assert.is(bad.get('other prefix'), 'prefix');
  assert.is(bad.get('leading space'), 'prefix');
  assert.is(bad.get('no separator'), 'prefix');
  assert.is(bad.get('character dropped'), 'length');
  assert.is(bad.get('33-byte key'), 'length');
  assert.is(bad.get('contains b (not in charset)'), 'character');
  assert.is(bad.get('one character changed'), 'checksum');
  assert.is(bad.get('two characters swapped'), 'checksum');
  assert.is(bad.get('bech32 (not bech32m) checksum'), 'checksum');
  assert.is(bad.get('version 1'), 'version');
  assert.is(bad.get('non-zero padding bits'), 'padding');
  for (const [why, fault] of bad) if (why.startsWith('key:')) assert.is(fault, 'key', why);
});

test('never repeats the address in the text of a fault', () => {
  for (const { s } of pim.address.invalid) {
    assert.throws(
      () => decodeAddress(s),
      (fault: unknown) => fault instanceof Error && !fault.message.includes(s.slice(4, 12)),
    );
  }
});

test('refuses every single character typed wrong, at every place', () => {
  const others = `${CHARSET}bio1BQ -ł`;
  for (const address of valid) {
    for (let at = 0; at < address.length; at++) {
      for (const character of others) {
        if (character === address[at]) continue;
        const text = replaced(address, at, character);
        assert.ok(faultOf(text) !== null, text);
        const upper = replaced(address.toUpperCase(), at, character.toUpperCase());
        if (upper !== address.toUpperCase()) assert.ok(faultOf(upper) !== null, upper);
      }
    }
  }
});

test('refuses any two neighbours swapped', () => {
  for (const address of valid) {
    for (let at = 0; at + 1 < address.length; at++) {
      if (address[at] === address[at + 1]) continue;
      const swapped = `${address.slice(0, at)}${address[at + 1]}${address[at]}${address.slice(at + 2)}`;
      assert.ok(faultOf(swapped) !== null, swapped);
    }
  }
});

test('refuses every character that some conversion takes for an ASCII one', () => {
  const upper = first.toUpperCase();
  const isAscii = (text: string) => /^[\0-\x7f]+$/.test(text);
  const alike = Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code)).filter(
    (each) =>
      !isAscii(each) &&
      [each.toLowerCase(), each.toUpperCase(), each.normalize('NFKC')].some(isAscii),
  );
  assert.ok(alike.includes('\u212a') && alike.includes('\u017f') && alike.includes('\uff30'));
  for (let at = 0; at < upper.length; at++) {
    for (const character of alike) {
      assert.ok(faultOf(replaced(upper, at, character)) !== null, `${character} at ${at}`);
      assert.ok(faultOf(replaced(first, at, character)) !== null, `${character} at ${at}`);
    }
  }
});

test('refuses up to four typing mistakes anywhere', () => {
  withRandom((random) => {
    for (let i = 0; i < 20_000; i++) {
      let text = random.pick(valid);
      for (let n = random.between(1, 4); n > 0; n--) {
        text = replaced(text, random.between(4, 62), random.pick([...CHARSET]));
      }
      if (!valid.includes(text)) assert.ok(faultOf(text) !== null, text);
    }
  });
});

test('refuses addresses with a character more or less', () => {
  for (let at = 0; at <= first.length; at++) {
    assert.ok(faultOf(first.slice(0, at) + first.slice(at + 1)) !== null || at === first.length);
    for (const character of 'qpl ') {
      assert.ok(faultOf(first.slice(0, at) + character + first.slice(at)) !== null);
    }
  }
});

test('does not trim, and reads no bytes beyond an address', () => {
  for (const text of [` ${first}`, `${first} `, `${first}\n`, `\ufeff${first}`, `${first}\0`]) {
    assert.ok(faultOf(text) !== null);
  }
  assert.is(faultOf(`pim1${'q'.repeat(1_000_000)}`), 'length');
});

test('refuses a right checksum of other kinds', () => {
  const words = bech32m.toWords(fromHex(pim.keys[0]!.ed25519_pk));
  assert.is(faultOf(bech32.encode('pim', [0, ...words])), 'checksum');
  assert.is(faultOf(bech32m.encode('pin', [0, ...words])), 'prefix');
  for (let version = 1; version < 32; version++) {
    assert.is(faultOf(bech32m.encode('pim', [version, ...words])), 'version');
  }
  for (let padding = 1; padding < 16; padding++) {
    const padded = [...words.slice(0, -1), (words.at(-1) as number) | padding];
    assert.is(faultOf(bech32m.encode('pim', [0, ...padded])), 'padding');
  }
});

test('refuses keys that nobody can own', () => {
  const none = [...smallOrder, '02'.repeat(32), 'ff'.repeat(32), `f0${'ff'.repeat(30)}7f`];
  for (const key of none) assert.is(faultOf(encodeAddress(fromHex(key))), 'key', key);
});

test('refuses to write a key of another length', () => {
  for (const length of [0, 31, 33]) {
    assert.throws(
      () => encodeAddress(new Uint8Array(length)),
      (fault: unknown) => fault instanceof RangeError,
    );
  }
});

test('reads back every key it writes, and takes it only where somebody can own it', () => {
  withRandom((random) => {
    for (let i = 0; i < 300; i++) {
      const key = random.bytes(32);
      const address = encodeAddress(key);
      assert.is(address.length, 63);
      const isOwnable = isStrictPoint(key) && isOnCurve(key);
      assert.is(faultOf(address), isOwnable ? null : 'key');
      if (isOwnable) assert.is(toHex(decodeAddress(address)), toHex(key));
    }
  });
  for (const { pk } of rfc8032) assert.is(toHex(decodeAddress(encodeAddress(fromHex(pk)))), pk);
});

test('takes random texts without any other failure', () => {
  withRandom((random) => {
    for (let i = 0; i < 20_000; i++) {
      const tail = random.text(`${CHARSET}${CHARSET}bI\u212a1\ud83d`, 0, 70);
      const text = random.pick(['', 'pim1', 'pim1q', 'PIM1', 'Pim1']) + tail;
      assert.ok(faultOf(text) !== null, text);
    }
  });
});

test.run();
