/**
 * Frames between a client and a relay, docs/protocol.md §4. A relay reads the fixed header of SEND
 * and nothing of what is sealed in it; it has no frame in which to say who is there.
 */

import type { Bytes } from '../base/bytes.js';
import type { RelayRefusal } from '../base/errors.js';
import { Reader, Writer } from './codec.js';
import {
  DEVICE_BYTES,
  KEY_BYTES,
  MAX_ORIGIN_BYTES,
  MAX_SEALED_BYTES,
  NONCE_BYTES,
  PROTOCOL_VERSION,
  SIGNATURE_BYTES,
} from './limits.js';

export const RELAY_FRAME = {
  challenge: 0x01,
  auth: 0x02,
  ok: 0x03,
  error: 0x04,
  send: 0x10,
  receive: 0x11,
  result: 0x12,
  ping: 0x20,
  pong: 0x21,
  bye: 0x7f,
} as const;

/** Types of notes, 0x40 to 0x4f: what a relay may tell and a client may leave unread (§9). */
export const NOTE = { turn: 0x40 } as const;

/** Codes of ERR. */
export const REFUSAL_CODES: Readonly<Record<Exclude<RelayRefusal, 'unknown'>, number>> = {
  version: 1,
  origin: 2,
  proof: 3,
  late: 4,
  busy: 5,
};

/** Codes of RES: the only things a relay says about a SEND. */
export const RESULT_CODES = { 'rate-limited': 1, 'too-large': 2, malformed: 3 } as const;
export type RelayResult = keyof typeof RESULT_CODES;

/** Codes of BYE: why a relay closes a socket that did nothing wrong, or a client leaves. */
export const BYE_CODES = { leaving: 0, restarting: 1, replaced: 2, busy: 3 } as const;
export type ByeReason = keyof typeof BYE_CODES;

/** WebSocket close codes of the 4000 range, RFC 6455 §7.4.2. */
export const CLOSE = {
  unauthenticated: 4401,
  timeout: 4408,
  replaced: 4409,
  tooLarge: 4413,
  rateLimited: 4429,
  busy: 4503,
} as const;

export type RelayFrame =
  | { kind: 'challenge'; nonce: Bytes; serverTime: number; maxFrame: number }
  | { kind: 'auth'; publicKey: Bytes; device: Bytes; nonce: Bytes; signature: Bytes }
  /** A CHAL or AUTH of another protocol version: only its version byte was read. */
  | { kind: 'foreign'; version: number }
  | { kind: 'ok'; framesPerSecond: number; burst: number }
  | { kind: 'error'; reason: RelayRefusal }
  | { kind: 'send'; id: number; to: Bytes; sealed: Bytes }
  | { kind: 'receive'; sealed: Bytes }
  | { kind: 'result'; id: number; result: RelayResult | 'unknown' }
  | { kind: 'ping'; token: Bytes }
  | { kind: 'pong'; token: Bytes }
  /** What is in it is read by whoever wants it: turn.ts. */
  | { kind: 'note'; type: number; body: Bytes }
  | { kind: 'bye'; reason: ByeReason | 'unknown' };

/** What a login signs (label `relay-auth`): bound to the origin dialled, to this socket, to the key. */
export function loginBody(
  origin: string,
  serverNonce: Uint8Array,
  clientNonce: Uint8Array,
  publicKey: Uint8Array,
  device: Uint8Array,
): Bytes {
  const text = new TextEncoder().encode(origin);
  if (text.length > MAX_ORIGIN_BYTES) throw new RangeError('origin too long');
  return new Writer()
    .bytes16(text)
    .bytes(serverNonce, NONCE_BYTES)
    .bytes(clientNonce, NONCE_BYTES)
    .bytes(publicKey, KEY_BYTES)
    .bytes(device, DEVICE_BYTES)
    .done();
}

/** What a client says. */
export type ClientFrame = Extract<RelayFrame, { kind: 'auth' | 'send' | 'ping' | 'pong' | 'bye' }>;
/** What a relay says. */
export type ServerFrame = Exclude<RelayFrame, { kind: 'auth' | 'send' }>;

/**
 * One frame of a client; apart from what relays say, which no page has to load.
 * @throws RangeError where a field does not fit its layout
 */
export function encodeClientFrame(frame: ClientFrame): Bytes {
  const out = new Writer().u8(RELAY_FRAME[frame.kind]);
  switch (frame.kind) {
    case 'auth':
      return out
        .u8(PROTOCOL_VERSION)
        .bytes(frame.publicKey, KEY_BYTES)
        .bytes(frame.device, DEVICE_BYTES)
        .bytes(frame.nonce, NONCE_BYTES)
        .bytes(frame.signature, SIGNATURE_BYTES)
        .done();
    case 'send':
      return out.u32(frame.id).bytes(frame.to, KEY_BYTES).bytes16(frame.sealed).done();
    case 'ping':
    case 'pong':
      return out.bytes(frame.token, 8).done();
    case 'bye':
      return out.u8(frame.reason === 'unknown' ? 255 : BYE_CODES[frame.reason]).done();
  }
}

/** One frame of either direction. @throws RangeError where a field does not fit its layout */
export function encodeRelayFrame(frame: Exclude<RelayFrame, { kind: 'foreign' }>): Bytes {
  const out = new Writer().u8(frame.kind === 'note' ? frame.type : RELAY_FRAME[frame.kind]);
  switch (frame.kind) {
    case 'challenge':
      return out
        .u8(PROTOCOL_VERSION)
        .bytes(frame.nonce, NONCE_BYTES)
        .u64(frame.serverTime)
        .u16(frame.maxFrame)
        .u8(0)
        .done();
    case 'ok':
      return out.u16(frame.framesPerSecond).u16(frame.burst).done();
    case 'error':
      return out.u8(frame.reason === 'unknown' ? 0 : REFUSAL_CODES[frame.reason]).done();
    case 'receive':
      return out.bytes16(frame.sealed).done();
    case 'result':
      return out
        .u32(frame.id)
        .u8(frame.result === 'unknown' ? 0 : RESULT_CODES[frame.result])
        .done();
    case 'note':
      return out.bytes(frame.body).done();
    default:
      return encodeClientFrame(frame);
  }
}

/**
 * Reads what a relay says. Codes this version does not know read as `unknown`.
 * @throws frame/invalid on anything but exactly one known frame or one note
 */
export function decodeServerFrame(bytes: Uint8Array): ServerFrame {
  return decode(bytes, RELAY_FRAME.challenge, readServer);
}

/**
 * Reads one frame of either direction. Codes this version does not know read as `unknown`.
 * @throws frame/invalid on anything but exactly one known frame or one note
 */
export function decodeRelayFrame(bytes: Uint8Array): RelayFrame {
  if (bytes[0] === RELAY_FRAME.auth) return decode(bytes, RELAY_FRAME.auth, readAuth);
  if (bytes[0] === RELAY_FRAME.send) return decode(bytes, null, readSend);
  return decodeServerFrame(bytes);
}

/** @param versioned the type whose second byte is a version */
function decode<Frame>(
  bytes: Uint8Array,
  versioned: number | null,
  read: (reader: Reader, type: number) => Frame,
): Frame | Extract<RelayFrame, { kind: 'foreign' }> {
  const reader = new Reader(bytes, 'relay');
  const type = reader.u8();
  if (type === versioned) {
    const version = reader.u8();
    if (version !== PROTOCOL_VERSION) return { kind: 'foreign', version };
  }
  const frame = read(reader, type);
  reader.end();
  return frame;
}

function readAuth(reader: Reader): ClientFrame {
  return {
    kind: 'auth',
    publicKey: reader.bytes(KEY_BYTES),
    device: reader.bytes(DEVICE_BYTES),
    nonce: reader.bytes(NONCE_BYTES),
    signature: reader.bytes(SIGNATURE_BYTES),
  };
}

function readSend(reader: Reader): ClientFrame {
  return {
    kind: 'send',
    id: reader.u32(),
    to: reader.bytes(KEY_BYTES),
    sealed: reader.bytes16(1, MAX_SEALED_BYTES),
  };
}

function readServer(reader: Reader, type: number): ServerFrame {
  switch (type) {
    case RELAY_FRAME.challenge: {
      const nonce = reader.bytes(NONCE_BYTES);
      const serverTime = reader.u64();
      const maxFrame = reader.u16();
      reader.expect(0, 'reserved bits');
      return { kind: 'challenge', nonce, serverTime, maxFrame };
    }
    case RELAY_FRAME.ok:
      return { kind: 'ok', framesPerSecond: reader.u16(), burst: reader.u16() };
    case RELAY_FRAME.error:
      return { kind: 'error', reason: name(REFUSAL_CODES, reader.u8()) };
    case RELAY_FRAME.receive:
      return { kind: 'receive', sealed: reader.bytes16(1, MAX_SEALED_BYTES) };
    case RELAY_FRAME.result:
      return { kind: 'result', id: reader.u32(), result: name(RESULT_CODES, reader.u8()) };
    case RELAY_FRAME.ping:
      return { kind: 'ping', token: reader.bytes(8) };
    case RELAY_FRAME.pong:
      return { kind: 'pong', token: reader.bytes(8) };
    case RELAY_FRAME.bye:
      return { kind: 'bye', reason: name(BYE_CODES, reader.u8()) };
    default:
      if (type >> 4 === 4) return { kind: 'note', type, body: reader.rest() };
      throw reader.fault('unknown type');
  }
}

function name<Name extends string>(
  codes: Readonly<Record<Name, number>>,
  code: number,
): Name | 'unknown' {
  for (const key of Object.keys(codes) as Name[]) if (codes[key] === code) return key;
  return 'unknown';
}
