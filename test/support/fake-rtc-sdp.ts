/** SDP text and candidate lines as fake-rtc.ts writes and reads them: strict, as browsers are. */

import { type Bytes, fromHex, toHex } from '../../sdk/base/bytes.js';

export interface FakeSdp {
  readonly setup: 'actpass' | 'active';
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: Bytes;
}

/** What a browser says of its own connection: the fields pim needs, and others it must pass over. */
export function describeSelf(own: FakeSdp): string {
  const fingerprint = toHex(own.fingerprint).toUpperCase().match(/../g)?.join(':');
  return [
    'v=0',
    'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'a=extmap-allow-mixed',
    'a=msid-semantic: WMS',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${own.ufrag}`,
    `a=ice-pwd:${own.pwd}`,
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${fingerprint}`,
    `a=setup:${own.setup}`,
    'a=mid:0',
    'a=sctp-port:5000',
    'a=max-message-size:262144',
    '',
  ].join('\r\n');
}

/** @throws OperationError on anything but one data channel with one fingerprint */
export function parseSdp(sdp: string): FakeSdp {
  const value = (pattern: RegExp): string => {
    const found = [...sdp.matchAll(pattern)];
    if (found.length !== 1) throw unreadable(String(pattern));
    return found[0]?.[1] ?? '';
  };
  const setup = value(/^a=setup:(actpass|active)\r$/gm) as FakeSdp['setup'];
  const hex = value(/^a=fingerprint:sha-256 ([0-9A-F]{2}(?::[0-9A-F]{2}){31})\r$/gm);
  const port = Number(value(/^a=sctp-port:(\d+)\r$/gm));
  if (port < 1 || port > 65_535) throw unreadable('sctp-port');
  value(/^m=(application 9 UDP\/DTLS\/SCTP webrtc-datachannel)\r$/gm);
  return {
    setup,
    ufrag: value(/^a=ice-ufrag:([A-Za-z0-9+/]{4,256})\r$/gm),
    pwd: value(/^a=ice-pwd:([A-Za-z0-9+/]{22,256})\r$/gm),
    fingerprint: fromHex(hex.replaceAll(':', '')),
  };
}

/** The place a candidate names, as `address:port`. @throws OperationError */
export function parseCandidate(line: string): string {
  const parts =
    /^candidate:\S{1,32} 1 (udp|tcp) \d{1,10} (\S+) (\d{1,5}) typ (host|srflx|relay)/.exec(line);
  if (parts === null) throw unreadable(line);
  return `${parts[2]}:${parts[3]}`;
}

function unreadable(what: string): DOMException {
  return new DOMException(`cannot be parsed: ${what}`, 'OperationError');
}
