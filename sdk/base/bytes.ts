/**
 * Bytes and their text forms. Host-free; everything here is constant in memory against its input.
 */

/** Whole groups of four, then none, two or three: one character alone is no byte. */
const BASE64URL = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$/;
const HEX = '0123456789abcdef';
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes over a plain ArrayBuffer: what Web Crypto, sockets and channels accept. */
export type Bytes = Uint8Array<ArrayBuffer>;

export function concat(...parts: readonly Uint8Array[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** Byte order: negative where `a` sorts before `b`. The "lower key" of the protocol is by this. */
export function compare(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += (HEX[byte >> 4] as string) + (HEX[byte & 15] as string);
  return text;
}

/** @throws RangeError where `text` is not an even number of hexadecimal digits */
export function fromHex(text: string): Bytes {
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw new RangeError('expected hexadecimal digits');
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(text.slice(i * 2, i * 2 + 2), 16);
  return out;
}

/** base64url without padding (RFC 4648 §5). */
export function toBase64url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @throws RangeError where `text` is not unpadded base64url in its only spelling */
export function fromBase64url(text: string): Bytes {
  if (!BASE64URL.test(text)) throw new RangeError('expected base64url');
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const out = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  if (toBase64url(out) !== text) throw new RangeError('expected base64url');
  return out;
}

export function utf8(text: string): Bytes {
  return encoder.encode(text) as Bytes;
}

/** @throws TypeError on bytes that are not well-formed UTF-8 */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Numbers the protocol carries in 8 bytes are whole and below 2^53. */
export const MAX_U53 = Number.MAX_SAFE_INTEGER;
