/**
 * Signals: what two devices say to each other over relays until their channel is open,
 * docs/protocol.md §6. Signed by the sender, the recipient inside the signature; then sealed
 * (envelope.ts). A signature covers the exact bytes received, never a re-encoding.
 */

import type { Bytes } from '../base/bytes.js';
import { Reader, Writer } from './codec.js';
import {
  type Candidate,
  type Description,
  readCandidates,
  readDescription,
  writeCandidates,
  writeDescription,
} from './description.js';
import {
  DEVICE_BYTES,
  KEY_BYTES,
  MAX_INVITE_TEXT_BYTES,
  MAX_NAME_BYTES,
  NONCE_BYTES,
  PROTOCOL_VERSION,
  SESSION_ID_BYTES,
  SIGNATURE_BYTES,
  TOKEN_BYTES,
} from './limits.js';

const TYPES = {
  knock: 1,
  hello: 2,
  offer: 3,
  answer: 4,
  candidates: 5,
  bye: 6,
  invite: 7,
  accept: 8,
} as const;

export type SignalKind = keyof typeof TYPES;

/** Kinds outside a session; their session id is zero. */
const SESSIONLESS: ReadonlySet<SignalKind> = new Set(['knock', 'hello', 'invite', 'accept']);

export type SignalBody =
  | { readonly kind: 'knock'; readonly nonce: Bytes }
  | { readonly kind: 'hello'; readonly nonceLow: Bytes; readonly nonceHigh: Bytes }
  | {
      readonly kind: 'offer';
      readonly nonceLow: Bytes;
      readonly nonceHigh: Bytes;
      readonly description: Description;
    }
  | { readonly kind: 'answer'; readonly offerHash: Bytes; readonly description: Description }
  /** An empty list says that no more follow. */
  | { readonly kind: 'candidates'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'bye'; readonly reason: number }
  | {
      readonly kind: 'invite';
      readonly token: Bytes;
      readonly name: string;
      readonly text: string;
    }
  | { readonly kind: 'accept' };

export interface Signal {
  readonly from: Bytes;
  readonly to: Bytes;
  readonly fromDevice: Bytes;
  /** Zeros: every device of the recipient. */
  readonly toDevice: Bytes;
  /** Zeros for knock, hello, invite and accept. */
  readonly session: Bytes;
  /** Counts the sender's signals within a session. */
  readonly seq: number;
  /** The sender's clock, made strictly increasing per device; it orders, it does not date. */
  readonly time: number;
  readonly body: SignalBody;
}

/** A signal as it was received: the parsed fields, and the bytes its signature is over. */
export interface ReceivedSignal {
  readonly signal: Signal;
  readonly whole: Bytes;
  readonly signed: Bytes;
  readonly signature: Bytes;
}

export const NO_DEVICE: Bytes = new Uint8Array(DEVICE_BYTES);
export const NO_SESSION: Bytes = new Uint8Array(SESSION_ID_BYTES);
export const NO_TOKEN: Bytes = new Uint8Array(TOKEN_BYTES);

/** The bytes to sign; a whole signal is these and the signature. */
export function encodeSignal(signal: Signal): Bytes {
  const body = encodeBody(signal.body);
  return new Writer()
    .u8(PROTOCOL_VERSION)
    .u8(TYPES[signal.body.kind])
    .bytes(signal.from, KEY_BYTES)
    .bytes(signal.to, KEY_BYTES)
    .bytes(signal.fromDevice, DEVICE_BYTES)
    .bytes(signal.toDevice, DEVICE_BYTES)
    .bytes(signal.session, SESSION_ID_BYTES)
    .u32(signal.seq)
    .u64(signal.time)
    .bytes16(body)
    .done();
}

/** @throws frame/invalid; the signature is not looked at here */
export function decodeSignal(whole: Bytes): ReceivedSignal {
  const reader = new Reader(whole, 'signal');
  reader.expect(PROTOCOL_VERSION, 'unknown version');
  const type = reader.u8();
  const from = reader.bytes(KEY_BYTES);
  const to = reader.bytes(KEY_BYTES);
  const fromDevice = reader.bytes(DEVICE_BYTES);
  const toDevice = reader.bytes(DEVICE_BYTES);
  const session = reader.bytes(SESSION_ID_BYTES);
  const seq = reader.u32();
  const time = reader.u64();
  const bodyReader = new Reader(reader.bytes16(0, 0xffff), 'signal');
  const signed = whole.slice(0, reader.at);
  const signature = reader.bytes(SIGNATURE_BYTES);
  reader.end();
  const body = decodeBody(type, bodyReader);
  bodyReader.end();
  if (SESSIONLESS.has(body.kind) !== session.every((byte) => byte === 0)) {
    throw reader.fault('session id');
  }
  if (fromDevice.every((byte) => byte === 0)) throw reader.fault('no sending device');
  const signal = { from, to, fromDevice, toDevice, session, seq, time, body };
  return { signal, whole, signed, signature };
}

function encodeBody(body: SignalBody): Bytes {
  const out = new Writer();
  switch (body.kind) {
    case 'knock':
      return out.bytes(body.nonce, NONCE_BYTES).done();
    case 'hello':
      return out.bytes(body.nonceLow, NONCE_BYTES).bytes(body.nonceHigh, NONCE_BYTES).done();
    case 'offer':
      out.bytes(body.nonceLow, NONCE_BYTES).bytes(body.nonceHigh, NONCE_BYTES);
      return writeDescription(out, body.description).done();
    case 'answer':
      return writeDescription(out.bytes(body.offerHash, 32), body.description).done();
    case 'candidates':
      return writeCandidates(out, body.candidates).done();
    case 'bye':
      return out.u8(body.reason).done();
    case 'invite':
      return out.bytes(body.token, TOKEN_BYTES).text8(body.name).text16(body.text).done();
    case 'accept':
      return out.done();
  }
}

function decodeBody(type: number, reader: Reader): SignalBody {
  switch (type) {
    case TYPES.knock:
      return { kind: 'knock', nonce: reader.bytes(NONCE_BYTES) };
    case TYPES.hello:
      return {
        kind: 'hello',
        nonceLow: reader.bytes(NONCE_BYTES),
        nonceHigh: reader.bytes(NONCE_BYTES),
      };
    case TYPES.offer: {
      const nonceLow = reader.bytes(NONCE_BYTES);
      const nonceHigh = reader.bytes(NONCE_BYTES);
      const description = readDescription(reader);
      if (description.setup !== 'actpass') throw reader.fault('setup of an offer');
      return { kind: 'offer', nonceLow, nonceHigh, description };
    }
    case TYPES.answer: {
      const offerHash = reader.bytes(32);
      const description = readDescription(reader);
      if (description.setup !== 'active') throw reader.fault('setup of an answer');
      return { kind: 'answer', offerHash, description };
    }
    case TYPES.candidates:
      return { kind: 'candidates', candidates: readCandidates(reader) };
    case TYPES.bye:
      return { kind: 'bye', reason: reader.u8() };
    case TYPES.invite:
      return {
        kind: 'invite',
        token: reader.bytes(TOKEN_BYTES),
        name: reader.text8(MAX_NAME_BYTES),
        text: reader.text16(MAX_INVITE_TEXT_BYTES),
      };
    case TYPES.accept:
      return { kind: 'accept' };
    default:
      throw reader.fault('unknown type');
  }
}
