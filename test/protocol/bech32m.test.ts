/** bech32m against BIP-350's own vectors and against an independent implementation. */

import { bech32m } from '@scure/base';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  decodeBech32m,
  encodeBech32m,
  fromSymbols,
  toSymbols,
} from '../../sdk/protocol/bech32m.js';
import { withRandom } from '../support/fuzz.js';

/** BIP-350, "Test vectors for Bech32m": valid strings, in lower case, with their prefix. */
const VALID: readonly [prefix: string, text: string][] = [
  ['a', 'a1lqfn3a'],
  ['abcdef', 'abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx'],
  [
    '1',
    '11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8',
  ],
  ['split', 'split1checkupstagehandshakeupstreamerranterredcaperredlc445v'],
  ['?', '?1v759aa'],
];

/** The same list's invalid strings that a lower-case decoder with a known prefix can be given. */
const INVALID: readonly [prefix: string, text: string][] = [
  ['y', 'y1b0jsk6g'],
  ['lt1i', 'lt1igcx5c0'],
  ['in', 'in1muywd'],
  ['mm', 'mm1crxm3i'],
  ['au', 'au1s5cgom'],
  ['m', 'm1vuuwx3'],
  ['1', '1qyrz8wqd2c9m'],
];

test('reads and writes the valid strings of BIP-350', () => {
  for (const [prefix, text] of VALID) {
    const symbols = decodeBech32m(prefix, text);
    assert.ok(symbols !== null, text);
    assert.is(encodeBech32m(prefix, symbols ?? []), text);
  }
});

test('refuses the invalid strings of BIP-350', () => {
  for (const [prefix, text] of INVALID) assert.is(decodeBech32m(prefix, text), null, text);
});

test('writes what an independent implementation writes, for bytes of any length', () => {
  withRandom((random) => {
    for (let i = 0; i < 500; i++) {
      const bytes = random.bytes(random.below(48));
      const symbols = toSymbols(bytes);
      assert.equal(symbols, bech32m.toWords(bytes));
      assert.is(encodeBech32m('pim', symbols), bech32m.encode('pim', symbols, 200));
      assert.equal(fromSymbols(symbols), Uint8Array.from(bytes));
    }
  });
});

test('regroups exactly where an independent implementation does', () => {
  withRandom((random) => {
    for (let i = 0; i < 2_000; i++) {
      const symbols = Array.from({ length: random.below(12) }, () => random.below(32));
      const theirs = bech32m.fromWordsUnsafe(symbols);
      assert.equal(fromSymbols(symbols), theirs instanceof Uint8Array ? theirs : null);
    }
  });
});

test.run();
