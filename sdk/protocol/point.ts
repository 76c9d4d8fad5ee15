/**
 * Edwards25519 point encodings (RFC 8032 §5.1.2) as far as pim must look at them itself: canonical
 * or not, small order or not, on the curve or not, and the same key as an X25519 key (RFC 7748 §4.1).
 * Public values only; nothing here touches a secret, so BigInt's timing tells nothing.
 */

import type { Bytes } from '../base/bytes.js';

const P = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
/** The order of the base point, RFC 8032 §5.1. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** y of two of the four points of order 8; that of the other two is its negative. */
const Y8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
/** y of the 8 points whose order divides 8: a "key" among them has no owner, and as R proves nothing. */
const SMALL_ORDER_Y: readonly bigint[] = [0n, 1n, P - 1n, Y8, P - Y8];

/** @param bytes 32 of them */
function littleEndian(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const part = (i: number) => view.getBigUint64(8 * i, true) << BigInt(64 * i);
  return part(0) | part(1) | part(2) | part(3);
}

function yOf(encoding: Uint8Array): bigint {
  return littleEndian(encoding) & (2n ** 255n - 1n);
}

function mod(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

/**
 * True for the only spelling of a point that is not of small order. "Negative zero" (x = 0 with its
 * sign bit set) needs no rule of its own: x is 0 at y = 1 and y = −1 only, both of small order.
 */
export function isStrictPoint(encoding: Uint8Array): boolean {
  if (encoding.length !== 32) return false;
  const y = yOf(encoding);
  return y < P && !SMALL_ORDER_Y.includes(y);
}

/** True where S, the second half of a signature, is below the group order (RFC 8032 §5.1.7). */
export function isReducedScalar(scalar: Uint8Array): boolean {
  return scalar.length === 32 && littleEndian(scalar) < L;
}

/** True where some x belongs to this y (RFC 8032 §5.1.3): one modular power, below 1 ms. */
export function isOnCurve(encoding: Uint8Array): boolean {
  const y = yOf(encoding);
  const y2 = mod(y * y);
  const xSquared = mod((y2 - 1n) * power(D * y2 + 1n, P - 2n));
  return xSquared === 0n || power(xSquared, (P - 1n) / 2n) === 1n;
}

/** The X25519 key of an Ed25519 key: u = (1 + y) / (1 − y), RFC 7748 §4.1. */
export function toMontgomery(encoding: Uint8Array): Bytes {
  const y = yOf(encoding);
  let u = mod((1n + y) * power(1n - y, P - 2n));
  const out = new Uint8Array(32);
  for (let i = 0; i < 32; i++) {
    out[i] = Number(u & 255n);
    u >>= 8n;
  }
  return out;
}
