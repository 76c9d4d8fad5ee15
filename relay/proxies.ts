/**
 * Whose connection it is where reverse proxies stand in front: X-Forwarded-For, believed only as far
 * as it was written by proxies the operator named. Everything left of that is the client's own say.
 */

import { BlockList, isIP } from 'node:net';

/** Which proxies are believed: a number of them in a row, or those of certain networks. */
export type Trust = { readonly hops: number } | { readonly networks: BlockList };

/** Names for what proxies on the same machine or in the same data centre have. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: [
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '169.254.0.0/16',
    'fc00::/7',
    'fe80::/10',
  ],
};

/** @returns null where one of `ranges` is no IP, no CIDR range and no name */
export function trustedNetworks(ranges: readonly string[]): Trust | null {
  const networks = new BlockList();
  for (const range of ranges.flatMap((each) => NAMED[each] ?? [each])) {
    const [, ip = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
    const version = isIP(ip);
    const size = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? size : Number(bits);
    if (version === 0 || prefix > size) return null;
    networks.addSubnet(ip, prefix, version === 4 ? 'ipv4' : 'ipv6');
  }
  return { networks };
}

/** Whether `peer` may say on whose behalf it connects. */
export function isProxy(peer: string | undefined, trust: Trust): boolean {
  if ('hops' in trust) return trust.hops > 0;
  return peer !== undefined && isIn(trust.networks, peer);
}

/**
 * @param peer who opened the TCP connection, as node:net gives it
 * @param forwardedFor the header's whole value; several headers joined by commas
 * @returns the right-most address that no trusted proxy vouches to be another proxy
 */
export function clientOf(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trust: Trust,
): string | undefined {
  const claimed = forwardedFor === undefined ? [] : forwardedFor.split(',');
  let client = peer;
  for (let hop = 0; claimed.length > 0; hop++) {
    const isTrusted = 'hops' in trust ? hop < trust.hops : isProxy(client, trust);
    if (!isTrusted) return client;
    const before = addressIn(claimed.pop() as string);
    // Not an address: the last proxy that can be told is whom it is counted with.
    if (before === null) return client;
    client = before;
  }
  return client;
}

/** `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`. */
function addressIn(entry: string): string | null {
  const text = entry.trim();
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1];
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? bracketed : null;
  const withPort = /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text;
  return isIP(withPort) === 0 ? null : withPort;
}

/** BlockList compares IPv4-mapped IPv6 addresses with IPv4 ranges, too. */
function isIn(networks: BlockList, address: string): boolean {
  const [plain = ''] = address.split('%');
  const version = isIP(plain);
  return version !== 0 && networks.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}
