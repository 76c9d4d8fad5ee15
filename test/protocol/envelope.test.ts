/** The sealed envelope: five sizes, padding that is exactly zeros, the vectors' bytes. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, concat, fromHex, toHex } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import {
  decodeEnvelope,
  encodeEnvelope,
  padSignal,
  SEAL_INFO,
  sealAad,
  unpadSignal,
} from '../../sdk/protocol/envelope.js';
import { testDecoder, withRandom } from '../support/fuzz.js';
import { keyB, pim } from '../support/vectors.js';

const SIZES = [512, 1_024, 2_048, 4_096, 8_192];

function refuses(run: () => unknown, reason: string): void {
  assert.throws(run, (fault: unknown) => {
    return isPimError(fault, 'frame/invalid') && fault.detail.reason === reason;
  });
}

const sealedOf = (size: number): Bytes => {
  const bytes = Uint8Array.from({ length: size + 49 }, (_, i) => i % 251) as Bytes;
  bytes[0] = 1;
  return bytes;
};

testDecoder((name, run) => test(`of an envelope: ${name}`, run), {
  samples: [fromHex(pim.seal.sealed), sealedOf(512)],
  decode: decodeEnvelope,
  encode: encodeEnvelope,
});

testDecoder((name, run) => test(`of a padded signal: ${name}`, run), {
  samples: [fromHex(pim.seal.plaintext), padSignal(new Uint8Array(511).fill(7))],
  decode: unpadSignal,
  encode: padSignal,
});

test('splits the envelope of the vectors', () => {
  const { encapsulated, ciphertext } = decodeEnvelope(fromHex(pim.seal.sealed));
  assert.is(toHex(encapsulated), pim.seal.sealed.slice(2, 66));
  assert.is(toHex(ciphertext), pim.seal.sealed.slice(66));
  assert.is(ciphertext.length, 512 + 16);
});

test('pads the offer of the vectors to their plaintext', () => {
  const offer = fromHex(pim.session.offer_from_low);
  assert.is(toHex(padSignal(offer)), pim.seal.plaintext);
  assert.is(toHex(unpadSignal(fromHex(pim.seal.plaintext))), toHex(offer));
});

test('binds version and recipient, as in the vectors', () => {
  assert.is(toHex(sealAad(keyB)), pim.seal.aad);
  assert.is(new TextDecoder().decode(SEAL_INFO), 'pim/1 seal');
});

test('takes the five sizes and no other', () => {
  const taken = [];
  for (let length = 0; length < 9_000; length++) {
    const sealed = new Uint8Array(length);
    if (length > 0) sealed[0] = 1;
    try {
      decodeEnvelope(sealed);
      taken.push(length);
    } catch (fault) {
      assert.ok(isPimError(fault, 'frame/invalid') && fault.detail.reason === 'size');
    }
  }
  assert.equal(taken, [561, 1_073, 2_097, 4_145, 8_241]);
});

test('refuses other versions', () => {
  for (const version of [0, 2, 255]) {
    const sealed = sealedOf(512);
    sealed[0] = version;
    refuses(() => decodeEnvelope(sealed), 'unknown version');
  }
});

test('pads to the smallest size that fits', () => {
  for (const [i, size] of SIZES.entries()) {
    const smallest = i === 0 ? 0 : (SIZES[i - 1] as number) - 1;
    assert.is(padSignal(new Uint8Array(smallest)).length, size);
    assert.is(padSignal(new Uint8Array(size - 2)).length, size);
  }
  assert.throws(
    () => padSignal(new Uint8Array(8_191)),
    (fault: unknown) => fault instanceof RangeError,
  );
});

test('reads back every signal it pads', () => {
  withRandom((random) => {
    for (let i = 0; i < 500; i++) {
      const signal = random.bytes(random.below(random.pick([100, 600, 8_190])));
      assert.is(toHex(unpadSignal(padSignal(signal))), toHex(signal));
    }
  });
});

test('refuses padding with anything but zeros in it, at every place', () => {
  const padded = padSignal(new Uint8Array(300).fill(9));
  for (let at = 302; at < 512; at++) {
    const bad = padded.slice() as Bytes;
    bad[at] = 1;
    refuses(() => unpadSignal(bad), 'padding');
  }
});

test('refuses a size that is larger than needed, or none of the five', () => {
  const padded = padSignal(new Uint8Array(300).fill(9));
  refuses(() => unpadSignal(concat(padded, new Uint8Array(512))), 'padding size');
  refuses(() => unpadSignal(concat(padded, new Uint8Array(1))), 'padding size');
  refuses(() => unpadSignal(padded.subarray(0, 302)), 'padding size');
  refuses(() => unpadSignal(padded.subarray(0, 301)), 'too short');
  refuses(() => unpadSignal(new Uint8Array(0)), 'too short');
});

test('refuses a length that no envelope has room for, as a malformed frame', () => {
  const lies = concat(Uint8Array.of(0xff, 0xff), new Uint8Array(65_535));
  refuses(() => unpadSignal(lies), 'length out of range');
  const larger = concat(Uint8Array.of(0x1f, 0xff), new Uint8Array(8_191));
  refuses(() => unpadSignal(larger), 'length out of range');
});

test.run();
