/**
 * TURN servers a relay offers, docs/protocol.md §4.4: what is in the note TURN. What is read here
 * comes from an untrusted relay and ends in a browser's list of ICE servers, whose constructor throws
 * at one bad entry: so a server is named in its one plain spelling, or the whole note is malformed.
 */

import type { Bytes } from '../base/bytes.js';
import { Reader, Writer } from './codec.js';
import { MAX_TURN_LIFETIME_S, MAX_TURN_TEXT_CHARS, MAX_TURN_URLS } from './limits.js';

export interface TurnOffer {
  /** Seconds the login is good for, counted from its arrival. */
  readonly lifetimeS: number;
  readonly username: string;
  readonly password: string;
  /** `turn:` and `turns:` URLs (RFC 7065), at least one. */
  readonly urls: readonly string[];
}

/** No blanks and no line ends, so that what is sent in them looks like no other protocol. */
const LOGIN = /^[\w.:+/=-]+$/;
/** Browsers bar TURN from ports of other services, by lists that grow; none was ever above 10080. */
const TURN_URL =
  /^turns?:((?:[a-z\d.-]+|\[[a-f\d:.]+\])(?::(?:80|443|3478|5349|1[1-9]\d{3}|[2-6]\d{4}))?)(?:\?transport=(?:udp|tcp))?$/;

/**
 * True for a TURN URL. False for another scheme, for a host or port that is not written in the
 * spelling of the URL standard, for a port of another service, for any other parameter.
 */
export function isTurnUrl(text: string): boolean {
  // A scheme whose own port is none of these: the URL standard leaves that one out.
  const plain = `ftp://${TURN_URL.exec(text)?.[1]}/`;
  return URL.canParse(plain) && new URL(plain).href === plain && TURN_URL.test(text);
}

export function encodeTurn({ lifetimeS, username, password, urls }: TurnOffer): Bytes {
  const out = new Writer().u32(lifetimeS).text8(username).text8(password).u8(urls.length);
  for (const url of urls) out.text8(url);
  return out.done();
}

/** @throws frame/invalid */
export function decodeTurn(body: Uint8Array): TurnOffer {
  const reader = new Reader(body, 'TURN');
  const lifetimeS = reader.u32();
  if (lifetimeS < 1 || lifetimeS > MAX_TURN_LIFETIME_S) throw reader.fault('lifetime');
  const username = reader.text8(MAX_TURN_TEXT_CHARS);
  const password = reader.text8(MAX_TURN_TEXT_CHARS);
  if (!LOGIN.test(username) || !LOGIN.test(password)) throw reader.fault('login');
  const count = reader.u8();
  if (count < 1 || count > MAX_TURN_URLS) throw reader.fault('number of URLs');
  const urls = Array.from({ length: count }, () => reader.text8(MAX_TURN_TEXT_CHARS));
  if (!urls.every(isTurnUrl)) throw reader.fault('URL');
  reader.end();
  return { lifetimeS, username, password, urls };
}
