/**
 * SEND as the relay sees it: 39 bytes of header and a sealed rest that nobody here reads. The
 * decoder of sdk/protocol would copy what is sealed twice; this one looks at the header in place.
 */

import type { Bytes } from '../sdk/base/bytes.js';
import { KEY_BYTES, MAX_SEALED_BYTES } from '../sdk/protocol/limits.js';
import { RELAY_FRAME } from '../sdk/protocol/relay-frames.js';

/** SEND: type(1) ‖ cid(4) ‖ to(32) ‖ len(2) ‖ sealed. */
const ID_AT = 1;
const TO_AT = 5;
const LENGTH_AT = TO_AT + KEY_BYTES;
const HEADER_BYTES = LENGTH_AT + 2;
/** RECV: type(1) ‖ len(2) ‖ sealed: the end of SEND with another byte before it. */
const RECEIVE_AT = LENGTH_AT - 1;

export type SendHeader =
  | { readonly fault: null; readonly id: number; readonly to: string }
  | { readonly fault: 'too-large' | 'malformed'; readonly id: number }
  /** Too short to have an id that an answer could name. */
  | { readonly fault: 'no-frame' };

/** A key as a Map's key: 32 one-byte characters. Binary, never shown. */
export function keyName(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}

export function keyOf(name: string): Bytes {
  return new Uint8Array(Buffer.from(name, 'latin1'));
}

/** Reads the header of a frame whose first byte is SEND's. */
export function readSend(frame: Buffer): SendHeader {
  if (frame.length < TO_AT) return { fault: 'no-frame' };
  const id = frame.readUInt32BE(ID_AT);
  if (frame.length <= HEADER_BYTES) return { fault: 'malformed', id };
  const length = frame.readUInt16BE(LENGTH_AT);
  if (length !== frame.length - HEADER_BYTES) return { fault: 'malformed', id };
  if (length > MAX_SEALED_BYTES) return { fault: 'too-large', id };
  return { fault: null, id, to: frame.toString('latin1', TO_AT, LENGTH_AT) };
}

/**
 * The RECV of a well-formed SEND, in place: the SEND is no more. Whoever keeps it copies it, because
 * a view keeps a whole TCP read in memory.
 */
export function receiveOf(send: Buffer): Uint8Array {
  send[RECEIVE_AT] = RELAY_FRAME.receive;
  return send.subarray(RECEIVE_AT);
}

/** What is sealed in a well-formed SEND, copied. */
export function sealedOf(send: Buffer): Bytes {
  return new Uint8Array(send.subarray(HEADER_BYTES));
}
