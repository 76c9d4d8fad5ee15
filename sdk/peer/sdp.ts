/**
 * Between fixed fields and the browser: our own description and candidates are read out of what the
 * browser made; the other side's are written as one fixed data-channel SDP (RFC 8841, RFC 8839) from
 * signed fields. No text of another person ever reaches the browser's SDP parser.
 */

import { type Bytes, fromHex, toHex } from '../base/bytes.js';
import { PimError } from '../base/errors.js';
import {
  type AddressKind,
  type Candidate,
  type Description,
  isReachable,
} from '../protocol/description.js';

/** Our own description. @throws peer/protocol where the browser made one without the needed lines */
export function readOwnSdp(sdp: string): Description {
  const fingerprints = [...sdp.matchAll(/^a=fingerprint:(\S+) ([0-9A-Fa-f:]+)\r?$/gm)];
  const [hash, hex] = fingerprints[0]?.slice(1) ?? [];
  const isOne = fingerprints.every((line) => line[2] === hex) && hash?.toLowerCase() === 'sha-256';
  const ufrag = /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
  const pwd = /^a=ice-pwd:(\S+)/m.exec(sdp)?.[1];
  if (!isOne || hex === undefined || ufrag === undefined || pwd === undefined) {
    const detail = { reason: 'own description' };
    throw new PimError('peer/protocol', 'This browser describes connections in a new way.', detail);
  }
  return {
    setup: /^a=setup:active/m.test(sdp) ? 'active' : 'actpass',
    ufrag,
    pwd,
    fingerprint: fromHex(hex.replaceAll(':', '')),
    sctpPort: Number(/^a=sctp-port:(\d+)/m.exec(sdp)?.[1] ?? 5000),
    maxMessageSize: Number(/^a=max-message-size:(\d+)/m.exec(sdp)?.[1] ?? 65_536),
  };
}

/** The other side's description, for `setRemoteDescription`. */
export function writeSdp(description: Description): string {
  const fingerprint = toHex(description.fingerprint).toUpperCase().match(/../g)?.join(':');
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    `a=ice-ufrag:${description.ufrag}`,
    `a=ice-pwd:${description.pwd}`,
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${fingerprint}`,
    `a=setup:${description.setup}`,
    `a=sctp-port:${description.sctpPort}`,
    `a=max-message-size:${description.maxMessageSize}`,
    '',
  ].join('\r\n');
}

/**
 * One of our own candidates as fields; null for those that are of no use to the other side.
 * RFC 8839 §5.1: foundation, component, protocol, priority, address, port, type.
 */
export function readOwnCandidate(line: string): Candidate | null {
  const parts = line.replace(/^(?:a=)?candidate:/, '').split(' ');
  const [foundation = '', , transport = '', priority, host = '', port, , type] = parts;
  const protocol = protocolOf(transport.toLowerCase(), parts);
  const address = parseHost(host);
  if (type !== 'host' && type !== 'srflx' && type !== 'relay') return null;
  if (protocol === null || address === null || !isReachable(address.kind, address.bytes))
    return null;
  if (!/^[A-Za-z0-9+/]{1,32}$/.test(foundation) || !isPort(Number(port))) return null;
  return {
    type,
    protocol,
    priority: Number(priority) >>> 0,
    kind: address.kind,
    address: address.bytes,
    port: Number(port),
    foundation,
  };
}

/** One of the other side's candidates, for `addIceCandidate`. */
export function writeCandidate(candidate: Candidate): RTCIceCandidateInit {
  const { foundation, protocol, priority, port, type } = candidate;
  const [transport, tcpType] = protocol.split('-');
  const host = formatHost(candidate.kind, candidate.address);
  const tail = tcpType === undefined ? '' : ` tcptype ${tcpType}`;
  const line = `${foundation} 1 ${transport} ${priority} ${host} ${port} typ ${type}${tail}`;
  return { candidate: `candidate:${line}`, sdpMid: '0', sdpMLineIndex: 0 };
}

function protocolOf(transport: string, parts: readonly string[]): Candidate['protocol'] | null {
  if (transport === 'udp') return 'udp';
  const tcpType = parts[parts.indexOf('tcptype') + 1];
  if (transport !== 'tcp' || !parts.includes('tcptype')) return null;
  return tcpType === 'active' || tcpType === 'passive' ? `tcp-${tcpType}` : null;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536;
}

interface Host {
  readonly kind: AddressKind;
  readonly bytes: Bytes;
}

/** Only addresses and mDNS names of random UUIDs (draft-ietf-mmusic-mdns-ice-candidates §3.1). */
function parseHost(host: string): Host | null {
  const uuid = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.local$/i.exec(host)?.[1];
  if (uuid !== undefined) return { kind: 'mdns', bytes: fromHex(uuid.replaceAll('-', '')) };
  const v4 = parseV4(host);
  if (v4 !== null) return { kind: 'ipv4', bytes: v4 };
  const v6 = host.includes(':') ? parseV6(host) : null;
  return v6 === null ? null : { kind: 'ipv6', bytes: v6 };
}

function parseV4(host: string): Bytes | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)?.slice(1).map(Number);
  return parts?.every((part) => part < 256) ? Uint8Array.from(parts) : null;
}

/** RFC 4291 §2.2, without zone identifiers, which mean nothing on another machine. */
function parseV6(host: string): Bytes | null {
  const url = `http://[${host}]`;
  if (!/^[0-9a-f:.]+$/i.test(host) || !URL.canParse(url)) return null;
  // The URL parser (WHATWG URL §3.5) leaves only hexadecimal groups and at most one "::".
  const [head = '', tail = ''] = new URL(url).hostname.slice(1, -1).split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return fromHex([...before, ...zeros, ...after].map((word) => word.padStart(4, '0')).join(''));
}

function formatHost(kind: AddressKind, bytes: Uint8Array): string {
  if (kind === 'ipv4') return bytes.join('.');
  const hex = toHex(bytes);
  if (kind === 'mdns') return `${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}.local`;
  return hex.match(/.{4}/g)?.join(':') ?? '';
}
