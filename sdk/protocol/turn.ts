/**
 * TURN servers a relay offers, docs/protocol.md §4.4: the body of the TURN frame. What is read here
 * comes from an untrusted relay and ends in a browser's list of ICE servers, whose constructor throws
 * at one bad entry: so a server is named in its one plain spelling, or the whole frame is malformed.
 */

import type { Reader, Writer } from './codec.js';
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

export function writeTurn(out: Writer, { lifetimeS, username, password, urls }: TurnOffer): Writer {
  out.u32(lifetimeS).text8(username).text8(password).u8(urls.length);
  for (const url of urls) out.text8(url);
  return out;
}

/** @throws frame/invalid */
export function readTurn(reader: Reader): TurnOffer {
  const text = () => reader.text8(MAX_TURN_TEXT_CHARS);
  const [lifetimeS, username, password, count] = [reader.u32(), text(), text(), reader.u8()];
  const urls = Array.from({ length: Math.min(count, MAX_TURN_URLS + 1) }, text);
  const isRight =
    lifetimeS > 0 &&
    lifetimeS <= MAX_TURN_LIFETIME_S &&
    urls[0] &&
    count <= MAX_TURN_URLS &&
    LOGIN.test(username) &&
    LOGIN.test(password) &&
    urls.every(isTurnUrl);
  if (!isRight) throw reader.fault('TURN server');
  return { lifetimeS, username, password, urls };
}
