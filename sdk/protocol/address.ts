/**
 * An address: an Ed25519 public key as 63 characters of bech32m (BIP-350), docs/protocol.md §2.
 * Decoding accepts only what encoding writes (or its upper-case form) and only keys somebody can own.
 */

import type { Bytes } from '../base/bytes.js';
import { type AddressFault, PimError } from '../base/errors.js';
import { decodeBech32m, encodeBech32m, fromSymbols, toSymbols } from './bech32m.js';
import { ADDRESS_CHARS, KEY_BYTES } from './limits.js';
import { isOnCurve, isStrictPoint } from './point.js';

const PREFIX = 'pim';
/** Without the `u` flag `i` knows ASCII alone: U+212A, a Kelvin sign, lower-cases to a `k` as well. */
const CHARSET = /^[qpzry9x8gf2tvdw0s3jn54khce6mua7l]+$/i;

/** A decoded, checked address: text and key always belong together. */
export type Address = string & { readonly brand: 'Address' };

const FAULTS: Record<AddressFault, string> = {
  empty: 'The address is empty.',
  length: `An address has ${ADDRESS_CHARS} characters; some are missing or too many.`,
  'mixed-case': 'An address is written in small letters or in capitals, not in both.',
  prefix: 'An address begins with “pim1”.',
  character: 'The address holds a character that no address has.',
  checksum: 'There is a typing mistake in the address.',
  version: 'The address is of a newer kind that this version does not know.',
  padding: 'The address is damaged.',
  key: 'The address names a key that nobody can own.',
};

/** The address of a public key of 32 bytes, lower case. */
export function encodeAddress(publicKey: Uint8Array): Address {
  if (publicKey.length !== KEY_BYTES) throw new RangeError('a public key has 32 bytes');
  return encodeBech32m(PREFIX, [0, ...toSymbols(publicKey)]) as Address;
}

/**
 * The public key of an address.
 * @param text without surrounding blanks; forms of input trim, this does not
 * @throws address/invalid with the first fault found
 */
export function decodeAddress(text: string): Bytes {
  if (text === '') throw fault('empty');
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) throw fault('mixed-case');
  if (!lower.startsWith(`${PREFIX}1`)) throw fault('prefix');
  if (text.length !== ADDRESS_CHARS) throw fault('length');
  if (!CHARSET.test(text.slice(PREFIX.length + 1))) throw fault('character');
  const symbols = decodeBech32m(PREFIX, lower);
  if (symbols === null) throw fault('checksum');
  if (symbols[0] !== 0) throw fault('version');
  const key = fromSymbols(symbols.slice(1));
  if (key === null || key.length !== KEY_BYTES) throw fault('padding');
  if (!isStrictPoint(key) || !isOnCurve(key)) throw fault('key');
  return key;
}

/** The one spelling of an address. @throws address/invalid */
export function parseAddress(text: string): Address {
  decodeAddress(text);
  return text.toLowerCase() as Address;
}

function fault(reason: AddressFault): PimError<'address/invalid'> {
  return new PimError('address/invalid', FAULTS[reason], { reason });
}
