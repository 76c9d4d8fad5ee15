/**
 * Channel confirmation, docs/protocol.md §7: both ends of an open data channel sign, with the keys
 * of their addresses, everything that led to it. Without it a dishonest friend could sign somebody
 * else's fingerprint and pass that person's connection off as their own (RFC 8844).
 */

import { type Bytes, concat, utf8 } from '../base/bytes.js';
import { Reader, Writer } from './codec.js';
import { NONCE_BYTES, PROTOCOL_VERSION, SIGNATURE_BYTES } from './limits.js';

/** Which of the two keys is the lower one in byte order; it offers. */
export type Role = 'low' | 'high';

export interface SessionNames {
  readonly low: Bytes;
  readonly high: Bytes;
  readonly deviceLow: Bytes;
  readonly deviceHigh: Bytes;
}

/** The first 16 bytes of this input's SHA-256 are the session id. */
export function sessionIdInput(names: SessionNames, nonceLow: Bytes, nonceHigh: Bytes): Bytes {
  return concat(
    utf8('pim/1 sid\0'),
    names.low,
    names.high,
    names.deviceLow,
    names.deviceHigh,
    nonceLow,
    nonceHigh,
  );
}

export interface Transcript extends SessionNames {
  readonly session: Bytes;
  readonly fingerprintLow: Bytes;
  readonly fingerprintHigh: Bytes;
  /** SHA-256 of the whole signals, signatures included. */
  readonly offerHash: Bytes;
  readonly answerHash: Bytes;
  readonly randomLow: Bytes;
  readonly randomHigh: Bytes;
}

/** T is the SHA-256 of these bytes. */
export function transcriptInput(t: Transcript): Bytes {
  return concat(
    utf8('pim/1 transcript\0'),
    t.session,
    t.low,
    t.high,
    t.deviceLow,
    t.deviceHigh,
    t.fingerprintLow,
    t.fingerprintHigh,
    t.offerHash,
    t.answerHash,
    t.randomLow,
    t.randomHigh,
  );
}

/** What C2 signs (label `confirm`): the signer's role, so that it cannot be reflected, and T. */
export function confirmBody(signer: Role, transcriptHash: Bytes): Bytes {
  return concat(utf8(signer === 'low' ? 'L' : 'H'), transcriptHash);
}

export type ConfirmFrame =
  | { readonly kind: 'c1'; readonly random: Bytes }
  | { readonly kind: 'c2'; readonly signature: Bytes };

export function encodeConfirm(frame: ConfirmFrame): Bytes {
  if (frame.kind === 'c1') {
    return new Writer().u8(1).u8(PROTOCOL_VERSION).bytes(frame.random, NONCE_BYTES).done();
  }
  return new Writer().u8(2).bytes(frame.signature, SIGNATURE_BYTES).done();
}

/** @throws frame/invalid */
export function decodeConfirm(bytes: Uint8Array): ConfirmFrame {
  const reader = new Reader(bytes, 'confirm');
  const type = reader.u8();
  if (type !== 1 && type !== 2) throw reader.fault('unknown type');
  if (type === 1) reader.expect(PROTOCOL_VERSION, 'unknown version');
  const frame: ConfirmFrame =
    type === 1
      ? { kind: 'c1', random: reader.bytes(NONCE_BYTES) }
      : { kind: 'c2', signature: reader.bytes(SIGNATURE_BYTES) };
  reader.end();
  return frame;
}
