/**
 * A diagnosis as text to hand on: every sentence, the measures and the browser; no address, no key,
 * no IP and no host, so relays and servers have numbers.
 */

import { type Finding, type FindingCheck, sentence } from './finding.js';

const NAMES: Partial<Record<FindingCheck, string>> = {
  relay: 'Relay',
  stun: 'STUN server',
  turn: 'TURN server',
};

/** @param at milliseconds since 1970 @param host the browser as it calls itself; '' where untold */
export function reportOf(at: number, findings: readonly Finding[], host: string): string {
  const counts = new Map<FindingCheck, number>();
  const lines = findings.map((each) => {
    const { check, status, url, code } = each;
    const number = (counts.get(check) ?? 0) + 1;
    if (url !== null) counts.set(check, number);
    const scheme = url === null ? '' : ` (${schemeOf(url)})`;
    const name = `${NAMES[check] ?? check} ${number}${scheme}`;
    return `${status.padEnd(8)}${code.padEnd(20)}${sentence(each, name)}${factsOf(each)}`;
  });
  const head = `pim diagnosis, ${new Date(at).toISOString().slice(0, 16)}Z`;
  return [head, ...lines, ...(host === '' ? [] : [host])].join('\n');
}

/** `wss`, `turn udp`. */
function schemeOf(url: string): string {
  const [scheme = ''] = url.split(':');
  const transport = /[?&]transport=(\w+)/.exec(url)?.[1];
  return transport === undefined ? scheme : `${scheme} ${transport}`;
}

/** What a sentence does not say already. */
function factsOf({ detail, code }: Finding): string {
  if (detail === null || !code.startsWith('storage/')) return '';
  const facts = Object.entries(detail).map(([name, value]) => `${name}=${value}`);
  return ` ${facts.join(' ')}`;
}
