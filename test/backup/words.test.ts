/** An identity as 24 words: BIP-39's own vectors, and every way to write them down wrongly. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { seedOfWords, wordsOf } from '../../sdk/backup/words.js';
import { type Bytes, fromHex, toHex } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';

/** The reference vectors of BIP-39 with 256 bits: entropy and words. */
const VECTORS: [string, string][] = [
  ['00'.repeat(32), `${'abandon '.repeat(23)}art`],
  [
    '7f'.repeat(32),
    `${'legal winner thank year wave sausage worth useful '.repeat(2)}legal winner thank year wave sausage worth title`,
  ],
  [
    '80'.repeat(32),
    `${'letter advice cage absurd amount doctor acoustic avoid '.repeat(2)}letter advice cage absurd amount doctor acoustic bless`,
  ],
  ['ff'.repeat(32), `${'zoo '.repeat(23)}vote`],
];

test('the words are those of the reference vectors, both ways', () => {
  for (const [entropy, words] of VECTORS) {
    assert.is(wordsOf(fromHex(entropy)).join(' '), words);
    assert.is(toHex(seedOfWords(words)), entropy);
  }
});

test('reads them however they were written down', () => {
  const words = wordsOf(new Uint8Array(32).fill(0xab) as Bytes);
  const numbered = words.map((word, i) => `${i + 1}. ${word.toUpperCase()}`).join(',\n');
  assert.is(toHex(seedOfWords(`  ${numbered}  `)), 'ab'.repeat(32));
});

test('says what is wrong: how many, which one, or the checksum', () => {
  const words = wordsOf(new Uint8Array(32).fill(1) as Bytes);
  const told = (given: string[]): string | null => {
    try {
      seedOfWords(given.join(' '));
      return null;
    } catch (fault) {
      return isPimError(fault, 'backup/invalid') ? fault.detail.reason : String(fault);
    }
  };
  assert.is(told([]), 'it has 0 words, not 24');
  assert.is(told(words.slice(1)), 'it has 23 words, not 24');
  assert.is(told([...words, 'zoo']), 'it has 25 words, not 24');
  assert.is(told(words.with(6, 'bitcoins')), 'word 7 is none of the list');
  assert.is(
    told(words.with(0, words[0] === 'zoo' ? 'abandon' : 'zoo')),
    'a word is wrong or stands in another place',
  );
  assert.is(told(words), null);
});

test.run();
