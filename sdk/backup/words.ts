/**
 * An identity as 24 words of BIP-39's English list: the seed itself and a checksum. The one door to
 * @scure/bip39.
 */

import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import type { Bytes } from '../base/bytes.js';
import { unreadable } from './faults.js';

const COUNT = 24;

/** @param seed 32 bytes */
export function wordsOf(seed: Bytes): string[] {
  return entropyToMnemonic(seed, wordlist).split(' ');
}

/**
 * The seed of 24 words, however they are spaced and capitalised.
 * @throws backup/invalid with what is wrong: how many there are, which is unknown, or the checksum
 */
export function seedOfWords(text: string): Bytes {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  if (words.length !== COUNT) throw unreadable(`it has ${words.length} words, not ${COUNT}`);
  const unknown = words.findIndex((word) => !wordlist.includes(word));
  if (unknown >= 0) throw unreadable(`word ${unknown + 1} is none of the list`);
  try {
    return new Uint8Array(mnemonicToEntropy(words.join(' '), wordlist));
  } catch (cause) {
    throw unreadable('a word is wrong or stands in another place', cause);
  }
}
