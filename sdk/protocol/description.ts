/**
 * A WebRTC description and its candidates as fixed fields, docs/protocol.md §6. An SDP never travels:
 * browsers disagree on which of several fingerprints counts, so one that was signed as text would
 * vouch for something no browser enforces.
 */

import { type Bytes, fromUtf8, utf8 } from '../base/bytes.js';
import type { Reader, Writer } from './codec.js';
import {
  ICE_FOUNDATION_CHARS,
  ICE_PWD_CHARS,
  ICE_UFRAG_CHARS,
  MAX_CANDIDATES_PER_SIGNAL,
} from './limits.js';

/** RFC 8839 §5.1: ice-char. */
const ICE_CHARS = /^[A-Za-z0-9+/]*$/;

/** RFC 4145 §4 as DTLS uses it: the offer leaves the role open, the answer takes the active one. */
const SETUP = ['actpass', 'active'] as const;
const TYPES: Readonly<Record<CandidateType, number>> = { host: 0, srflx: 1, relay: 3 };
const PROTOCOLS = ['udp', 'tcp-active', 'tcp-passive'] as const;
const ADDRESS_SIZES: Readonly<Record<AddressKind, number>> = { ipv4: 4, ipv6: 16, mdns: 16 };
const ADDRESS_CODES: Readonly<Record<AddressKind, number>> = { ipv4: 4, ipv6: 6, mdns: 1 };

export type CandidateType = 'host' | 'srflx' | 'relay';
export type AddressKind = 'ipv4' | 'ipv6' | 'mdns';

export interface Description {
  readonly setup: (typeof SETUP)[number];
  readonly ufrag: string;
  readonly pwd: string;
  /** SHA-256 of the DTLS certificate. */
  readonly fingerprint: Bytes;
  readonly sctpPort: number;
  /** Bytes; RFC 8841 §6. */
  readonly maxMessageSize: number;
}

export interface Candidate {
  readonly type: CandidateType;
  readonly protocol: (typeof PROTOCOLS)[number];
  readonly priority: number;
  /** `mdns`: the 16 bytes of the UUID before `.local`; no other host name is ever carried. */
  readonly kind: AddressKind;
  readonly address: Bytes;
  readonly port: number;
  readonly foundation: string;
}

export function writeDescription(out: Writer, description: Description): Writer {
  return out
    .u8(SETUP.indexOf(description.setup))
    .bytes8(utf8(description.ufrag))
    .bytes8(utf8(description.pwd))
    .bytes(description.fingerprint, 32)
    .u16(description.sctpPort)
    .u32(description.maxMessageSize);
}

/** @throws frame/invalid */
export function readDescription(reader: Reader): Description {
  const setup = SETUP[reader.u8()];
  if (setup === undefined) throw reader.fault('unknown setup');
  const ufrag = iceText(reader, ICE_UFRAG_CHARS);
  const pwd = iceText(reader, ICE_PWD_CHARS);
  const fingerprint = reader.bytes(32);
  const sctpPort = reader.u16();
  const maxMessageSize = reader.u32();
  if (sctpPort === 0) throw reader.fault('port 0');
  return { setup, ufrag, pwd, fingerprint, sctpPort, maxMessageSize };
}

export function writeCandidates(out: Writer, candidates: readonly Candidate[]): Writer {
  out.u8(candidates.length);
  for (const candidate of candidates) {
    out
      .u8(TYPES[candidate.type])
      .u8(PROTOCOLS.indexOf(candidate.protocol))
      .u32(candidate.priority)
      .u8(ADDRESS_CODES[candidate.kind])
      .bytes(candidate.address, ADDRESS_SIZES[candidate.kind])
      .u16(candidate.port)
      .bytes8(utf8(candidate.foundation));
  }
  return out;
}

/** @throws frame/invalid */
export function readCandidates(reader: Reader): Candidate[] {
  const count = reader.u8();
  if (count > MAX_CANDIDATES_PER_SIGNAL) throw reader.fault('too many candidates');
  return Array.from({ length: count }, () => readCandidate(reader));
}

function readCandidate(reader: Reader): Candidate {
  const type = keyOf(TYPES, reader.u8());
  const protocol = PROTOCOLS[reader.u8()];
  const priority = reader.u32();
  const kind = keyOf(ADDRESS_CODES, reader.u8());
  if (type === null || protocol === undefined || kind === null) {
    throw reader.fault('unknown candidate');
  }
  const address = reader.bytes(ADDRESS_SIZES[kind]);
  const port = reader.u16();
  const foundation = iceText(reader, ICE_FOUNDATION_CHARS);
  if (!isReachable(kind, address) || port === 0) throw reader.fault('unusable candidate address');
  return { type, protocol, priority, kind, address, port, foundation };
}

/**
 * False for addresses a candidate has no business with: unspecified, loopback, multicast and
 * broadcast. A friend could otherwise point a browser's connectivity checks at them.
 */
export function isReachable(kind: AddressKind, address: Uint8Array): boolean {
  if (kind === 'mdns') return true;
  if (kind === 'ipv4') return isReachableV4(address);
  const head = address.subarray(0, 10).every((byte) => byte === 0);
  if (head && address[10] === 0xff && address[11] === 0xff) {
    return isReachableV4(address.subarray(12));
  }
  const isLow = address.subarray(0, 15).every((byte) => byte === 0) && (address[15] as number) <= 1;
  return !isLow && address[0] !== 0xff;
}

function isReachableV4(address: Uint8Array): boolean {
  const first = address[0] as number;
  return first !== 0 && first !== 127 && first < 224;
}

function iceText(reader: Reader, [min, max]: readonly [number, number]): string {
  const bytes = reader.bytes8(min, max);
  const text = bytes.every((byte) => byte < 128) ? fromUtf8(bytes) : '';
  if (text.length !== bytes.length || !ICE_CHARS.test(text))
    throw reader.fault('not ICE characters');
  return text;
}

function keyOf<Key extends string>(codes: Readonly<Record<Key, number>>, code: number): Key | null {
  return (Object.keys(codes) as Key[]).find((key) => codes[key] === code) ?? null;
}
