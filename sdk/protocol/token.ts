/**
 * Tokens of invitations, docs/protocol.md §3.1: what the owner of an address gives out in a link or a
 * script tag, signed, so that whoever is given one can see that it is theirs and still good. Its label
 * is not in it: whoever has the link could read what the owner calls them.
 */

import type { Bytes } from '../base/bytes.js';
import { Reader, Writer } from './codec.js';
import { INVITATION_BYTES, PROTOCOL_VERSION, SIGNATURE_BYTES } from './limits.js';

/** Bytes of the owner's key in a token: they tell whose it is before anything is computed. */
export const ISSUER_BYTES = 4;

export interface Token {
  /** The first bytes of the owner's key. */
  readonly issuer: Bytes;
  readonly id: Bytes;
  /** Milliseconds since 1970 from which on it is worth nothing; 0: never. */
  readonly expires: number;
  /** People it lets ask; 0: any number. */
  readonly uses: number;
}

/** The bytes that the owner signs (label `invitation`); a token is these and the signature. */
export function tokenBody({ issuer, id, expires, uses }: Token): Bytes {
  return new Writer()
    .u8(PROTOCOL_VERSION)
    .bytes(issuer, ISSUER_BYTES)
    .bytes(id, INVITATION_BYTES)
    .u64(expires)
    .u16(uses)
    .done();
}

/** @throws frame/invalid; the signature is not looked at here */
export function readToken(whole: Bytes): Token & { signed: Bytes; signature: Bytes } {
  const reader = new Reader(whole, 'token');
  reader.expect(PROTOCOL_VERSION, 'unknown version');
  const token = {
    issuer: reader.bytes(ISSUER_BYTES),
    id: reader.bytes(INVITATION_BYTES),
    expires: reader.u64(),
    uses: reader.u16(),
  };
  const signed = whole.slice(0, reader.at) as Bytes;
  const signature = reader.bytes(SIGNATURE_BYTES);
  reader.end();
  return { ...token, signed, signature };
}
