/**
 * The sealed envelope a relay carries, docs/protocol.md §5: HPKE's encapsulated key and ciphertext,
 * and inside it one whole signal padded to one of five sizes.
 */

import { type Bytes, concat, utf8 } from '../base/bytes.js';
import { Reader, Writer } from './codec.js';
import { KEY_BYTES, PADDED_SIZES, PROTOCOL_VERSION, SEAL_OVERHEAD_BYTES } from './limits.js';

/** HPKE's `info`, RFC 9180 §5.1. */
export const SEAL_INFO: Bytes = utf8('pim/1 seal');

/** HPKE's `aad`: the version, and the recipient's key. */
export function sealAad(to: Uint8Array): Bytes {
  return concat(Uint8Array.of(PROTOCOL_VERSION), to);
}

export interface Envelope {
  /** The ephemeral X25519 key of RFC 9180 §4.1. */
  readonly encapsulated: Bytes;
  /** AES-256-GCM, tag at the end. */
  readonly ciphertext: Bytes;
}

export function encodeEnvelope(envelope: Envelope): Bytes {
  return new Writer()
    .u8(PROTOCOL_VERSION)
    .bytes(envelope.encapsulated, KEY_BYTES)
    .bytes(envelope.ciphertext)
    .done();
}

/** @throws frame/invalid for any size but the five, before anything is decrypted */
export function decodeEnvelope(sealed: Uint8Array): Envelope {
  const reader = new Reader(sealed, 'envelope');
  const size = sealed.length - SEAL_OVERHEAD_BYTES;
  if (!PADDED_SIZES.some((padded) => padded === size)) throw reader.fault('size');
  reader.expect(PROTOCOL_VERSION, 'unknown version');
  return { encapsulated: reader.bytes(KEY_BYTES), ciphertext: reader.rest() };
}

/** The plaintext of an envelope: the signal's length, the signal, zeros up to the next size. */
export function padSignal(signal: Uint8Array): Bytes {
  const size = PADDED_SIZES.find((padded) => padded >= signal.length + 2);
  if (size === undefined) throw new RangeError('signal too large to seal');
  const out = new Uint8Array(size);
  out.set(new Writer().bytes16(signal).done());
  return out;
}

/** @throws frame/invalid where the padding is not zeros, or not the smallest that fits */
export function unpadSignal(plaintext: Uint8Array): Bytes {
  const reader = new Reader(plaintext, 'envelope');
  const signal = reader.bytes16(0, Math.max(...PADDED_SIZES) - 2);
  if (!reader.rest().every((byte) => byte === 0)) throw reader.fault('padding');
  if (padSignal(signal).length !== plaintext.length) throw reader.fault('padding size');
  return signal;
}
