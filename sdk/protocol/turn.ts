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
const TURN_URL = /^turns?:([a-z\d.-]+|\[[a-f\d:.]+\])(?::([1-9]\d*))?(?:\?transport=(?:udp|tcp))?$/;
/** Browsers keep TURN from ports of other services, by lists that grow: none was ever above 10080. */
const PORTS = ['80', '443', '3478', '5349'];
const FIRST_FREE_PORT = 10_081;

/**
 * The host of a TURN URL; null for what is none: another scheme, a host or port that is not written
 * in the spelling of the URL standard, a port of another service, any other parameter.
 */
export function turnHost(url: string): string | null {
  const [, host = '', port = '3478'] = TURN_URL.exec(url) ?? [];
  // A scheme whose own port is none of these: the URL standard leaves that one out.
  const plain = `ftp://${host}:${port}/`;
  const isUsual = PORTS.includes(port) || Number(port) >= FIRST_FREE_PORT;
  return isUsual && URL.canParse(plain) && new URL(plain).href === plain ? host : null;
}

export function writeTurn(out: Writer, { lifetimeS, username, password, urls }: TurnOffer): Writer {
  out.u32(lifetimeS).text8(username).text8(password).u8(urls.length);
  for (const url of urls) out.text8(url);
  return out;
}

/** @throws frame/invalid */
export function readTurn(reader: Reader): TurnOffer {
  const lifetimeS = reader.u32();
  const [username, password] = [
    reader.text8(MAX_TURN_TEXT_CHARS),
    reader.text8(MAX_TURN_TEXT_CHARS),
  ];
  const count = reader.u8();
  const isRight = lifetimeS > 0 && lifetimeS <= MAX_TURN_LIFETIME_S && count > 0;
  if (!isRight || count > MAX_TURN_URLS || !LOGIN.test(username) || !LOGIN.test(password))
    throw reader.fault('TURN login');
  const urls = Array.from({ length: count }, () => reader.text8(MAX_TURN_TEXT_CHARS));
  if (urls.some((url) => turnHost(url) === null)) throw reader.fault('TURN URL');
  return { lifetimeS, username, password, urls };
}
