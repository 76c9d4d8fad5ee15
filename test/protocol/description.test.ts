/** Descriptions and candidates: fixed fields, ICE characters only, no address a friend may aim at. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, concat, utf8 } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import { Reader, Writer } from '../../sdk/protocol/codec.js';
import {
  type AddressKind,
  type Candidate,
  type Description,
  isReachable,
  readCandidates,
  readDescription,
  writeCandidates,
  writeDescription,
} from '../../sdk/protocol/description.js';
import { testDecoder, withRandom } from '../support/fuzz.js';
import { randomCandidate, randomDescription } from '../support/random-values.js';

const description: Description = {
  setup: 'actpass',
  ufrag: 'm0ya',
  pwd: 'F83474czqJJzOmaPdf7yl+/0',
  fingerprint: new Uint8Array(32).fill(0x12),
  sctpPort: 5_000,
  maxMessageSize: 262_144,
};
const candidate: Candidate = {
  type: 'host',
  protocol: 'udp',
  priority: 0x7e001eff,
  kind: 'ipv4',
  address: Uint8Array.of(192, 0, 2, 2),
  port: 46_907,
  foundation: '309795592',
};

const encode = (value: Description): Bytes => writeDescription(new Writer(), value).done();
const encodeAll = (values: readonly Candidate[]) => writeCandidates(new Writer(), values).done();

function decode(bytes: Uint8Array): Description {
  const reader = new Reader(bytes, 'description');
  const value = readDescription(reader);
  reader.end();
  return value;
}

function decodeAll(bytes: Uint8Array): Candidate[] {
  const reader = new Reader(bytes, 'candidates');
  const values = readCandidates(reader);
  reader.end();
  return values;
}

function refuses(run: () => unknown, reason?: string): void {
  assert.throws(run, (fault: unknown) => {
    return (
      isPimError(fault, 'frame/invalid') && (reason ?? fault.detail.reason) === fault.detail.reason
    );
  });
}

testDecoder((name, run) => test(`of a description: ${name}`, run), {
  samples: [
    encode(description),
    encode({ ...description, setup: 'active', ufrag: '+/+/'.repeat(8), pwd: 'z'.repeat(64) }),
  ],
  decode,
  encode,
});

testDecoder((name, run) => test(`of candidates: ${name}`, run), {
  samples: [
    encodeAll([]),
    encodeAll([candidate]),
    encodeAll([
      { ...candidate, type: 'srflx', protocol: 'tcp-passive', foundation: 'a' },
      { ...candidate, type: 'relay', protocol: 'tcp-active', kind: 'mdns', address: bytes16(7) },
      { ...candidate, kind: 'ipv6', address: bytes16(0x20), foundation: 'Z'.repeat(32) },
    ]),
  ],
  decode: decodeAll,
  encode: encodeAll,
});

function bytes16(first: number): Bytes {
  return Uint8Array.from({ length: 16 }, (_, i) => first + i) as Bytes;
}

test('reads back every description and candidate it writes', () => {
  withRandom((random) => {
    for (let i = 0; i < 3_000; i++) {
      const value = randomDescription(random, random.pick(['actpass', 'active']));
      assert.equal(decode(encode(value)), value);
      const values = Array.from({ length: random.below(17) }, () => randomCandidate(random));
      assert.equal(decodeAll(encodeAll(values)), values);
    }
  });
});

test('takes ufrag, password and foundation at their bounds only', () => {
  const ufrag = (length: number) => () =>
    decode(encode({ ...description, ufrag: 'a'.repeat(length) }));
  const pwd = (length: number) => () => decode(encode({ ...description, pwd: 'a'.repeat(length) }));
  const foundation = (length: number) => () =>
    decodeAll(encodeAll([{ ...candidate, foundation: 'a'.repeat(length) }]));
  for (const run of [ufrag(4), ufrag(32), pwd(22), pwd(64), foundation(1), foundation(32)]) run();
  const outside = [ufrag(0), ufrag(3), ufrag(33), pwd(21), pwd(65), pwd(255), foundation(0)];
  for (const run of [...outside, foundation(33)]) refuses(run, 'length out of range');
});

test('takes ICE characters only: nothing that could begin another line of SDP', () => {
  const allowed = /[A-Za-z0-9+/]/;
  for (let code = 0; code < 256; code++) {
    const bad = Uint8Array.of(code);
    const bytes = [
      concat(Uint8Array.of(0, 5), utf8('aaaa'), bad, encode(description).subarray(6)),
      concat(encode(description).subarray(0, 7), bad, encode(description).subarray(8)),
    ];
    const line = encodeAll([{ ...candidate, foundation: 'a' }]);
    line[line.length - 1] = code;
    if (code < 128 && allowed.test(String.fromCharCode(code))) {
      for (const each of bytes) decode(each);
      decodeAll(line);
    } else {
      for (const each of bytes) refuses(() => decode(each), 'not ICE characters');
      refuses(() => decodeAll(line), 'not ICE characters');
    }
  }
});

test('refuses unknown setups, types, protocols and kinds of address', () => {
  const at = (bytes: Bytes, index: number, value: number) => {
    bytes[index] = value;
    return bytes;
  };
  for (let code = 2; code < 256; code++) {
    refuses(() => decode(at(encode(description), 0, code)), 'unknown setup');
  }
  for (let code = 0; code < 256; code++) {
    const take = (index: number) => decodeAll(at(encodeAll([candidate]), index, code));
    if (![0, 1, 3].includes(code)) refuses(() => take(1), 'unknown candidate');
    if (![0, 1, 2].includes(code)) refuses(() => take(2), 'unknown candidate');
    if (![4, 6, 1].includes(code)) refuses(() => take(7), 'unknown candidate');
  }
});

test('refuses port 0', () => {
  refuses(() => decode(encode({ ...description, sctpPort: 0 })), 'port 0');
  refuses(() => decodeAll(encodeAll([{ ...candidate, port: 0 }])), 'unusable candidate address');
});

test('takes 16 candidates at once and no more', () => {
  const many = (count: number) => encodeAll(Array.from({ length: count }, () => candidate));
  assert.is(decodeAll(many(16)).length, 16);
  refuses(() => decodeAll(many(17)), 'too many candidates');
  refuses(() => decodeAll(Uint8Array.of(255)), 'too many candidates');
});

test('refuses addresses that a friend has no business with', () => {
  const v4 = (text: string) => Uint8Array.from(text.split('.').map(Number));
  const v6 = (text: string) => {
    const [head = '', tail = ''] = text.split('::');
    const groups = (part: string) =>
      part
        .split(':')
        .filter(Boolean)
        .map((g) => Number(`0x${g}`));
    const [left, right] = [groups(head), groups(tail)];
    const middle = new Array(8 - left.length - right.length).fill(0);
    return Uint8Array.from([...left, ...middle, ...right].flatMap((g) => [g >> 8, g & 255]));
  };
  const check = (kind: AddressKind, address: Uint8Array, expected: boolean, name: string) => {
    assert.is(isReachable(kind, address), expected, name);
    const bytes = encodeAll([{ ...candidate, kind, address: address as Bytes }]);
    if (expected) decodeAll(bytes);
    else refuses(() => decodeAll(bytes), 'unusable candidate address');
  };
  const bad4 = ['0.0.0.0', '0.1.2.3', '127.0.0.1', '127.255.255.255', '224.0.0.1', '239.1.1.1'];
  for (const text of [...bad4, '240.0.0.1', '255.255.255.255'])
    check('ipv4', v4(text), false, text);
  for (const text of [
    '1.1.1.1',
    '10.0.0.1',
    '192.168.1.2',
    '169.254.1.1',
    '100.64.0.1',
    '223.9.9.9',
  ]) {
    check('ipv4', v4(text), true, text);
  }
  const bad6 = ['::', '::1', 'ff02::1', 'ff0e::1', '::ffff:7f00:1', '::ffff:0:0', '::ffff:e000:1'];
  for (const text of bad6) check('ipv6', v6(text), false, text);
  for (const text of ['2001:db8::1', 'fe80::1', 'fd00::1', '::ffff:c000:202', '1::']) {
    check('ipv6', v6(text), true, text);
  }
  check('mdns', new Uint8Array(16), true, 'a UUID of zeros is a name like any other');
});

test.run();
