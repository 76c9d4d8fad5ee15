/**
 * Origins: of this relay, as clients dial it and sign it, and of pages, as browsers name them in the
 * Origin header. Both are compared as text, in the one spelling that `new URL(…).origin` gives.
 */

import { MAX_ORIGIN_BYTES } from '../sdk/protocol/limits.js';

/** `wss://host[:port]` or `ws://…`; `https://` and `http://` are read as those. Null for others. */
export function parseRelayOrigin(text: string): string | null {
  return parse(text.replace(/^http(?=s?:)/i, 'ws'), ['ws:', 'wss:']);
}

/** `https://host[:port]` or `http://…`. Null for others. */
export function parsePageOrigin(text: string): string | null {
  return parse(text, ['http:', 'https:']);
}

/** What clients on this machine may have dialled; TLS may end in front of the relay. */
export function loopbackOrigins(port: number): readonly string[] {
  const hosts = ['localhost', '127.0.0.1', '[::1]'];
  return ['ws', 'wss'].flatMap((scheme) =>
    hosts.map((host) => new URL(`${scheme}://${host}:${port}`).origin),
  );
}

function parse(text: string, schemes: readonly string[]): string | null {
  if (text.length > MAX_ORIGIN_BYTES || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isBare = url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
  return isBare && schemes.includes(url.protocol) && url.origin !== 'null' ? url.origin : null;
}
