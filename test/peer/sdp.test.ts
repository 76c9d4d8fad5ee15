/** Descriptions and candidates: out of what browsers write, into the one SDP browsers get. */

import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromHex, toHex } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import { readOwnCandidate, readOwnSdp, writeCandidate, writeSdp } from '../../sdk/peer/sdp.js';
import { Reader, Writer } from '../../sdk/protocol/codec.js';
import {
  type Description,
  readDescription,
  writeCandidates,
  writeDescription,
} from '../../sdk/protocol/description.js';
import { withRandom } from '../support/fuzz.js';
import { randomCandidate, randomDescription } from '../support/random-values.js';

type Sample = Record<'offer' | 'answer' | 'whole', string> & { candidates: string[] };
const { chromium, firefox }: Record<'chromium' | 'firefox', Sample> = JSON.parse(
  readFileSync(new URL('../vectors/own-sdp.json', import.meta.url), 'utf8'),
);
const samples = { chromium, firefox };

/** A candidate line of a browser with another address, transport or type. */
const line = (host: string, { port = 5000, transport = 'udp', type = 'host', tail = '' } = {}) =>
  `candidate:1 1 ${transport} 2113937151 ${host} ${port} typ ${type}${tail}`;

const addressOf = (host: string): string | null => {
  const candidate = readOwnCandidate(line(host));
  return candidate === null ? null : `${candidate.kind} ${toHex(candidate.address)}`;
};

test('reads what Chromium says of itself', () => {
  const { offer, answer } = samples.chromium;
  const own: Description = {
    setup: 'actpass',
    ufrag: 'P/2y',
    pwd: 'Apjl4a6piqhmSj0GW62rZn2h',
    fingerprint: fromHex('f79ac37ab167dd3820947a8e343185d689a4f4b27bde00d5b6293131636bff33'),
    sctpPort: 5000,
    maxMessageSize: 262_144,
  };
  assert.equal(readOwnSdp(offer), own);
  assert.is(readOwnSdp(answer).setup, 'active');
});

test('reads what Firefox says of itself, whose fingerprint stands above the media line', () => {
  const { offer, answer } = samples.firefox;
  const own: Description = {
    setup: 'actpass',
    ufrag: '6203457f',
    pwd: '9e82e556edf6322b629f1dea901df80c',
    fingerprint: fromHex('f5e70d466ee19bbcadb8bd8afdba50e2eed188695ea6f19737bf59ec7ca27cab'),
    sctpPort: 5000,
    maxMessageSize: 1_073_741_823,
  };
  assert.equal(readOwnSdp(offer), own);
  assert.is(readOwnSdp(answer).setup, 'active');
});

test('reads the same before and after candidates were gathered', () => {
  for (const { offer, whole } of Object.values(samples)) {
    assert.equal(readOwnSdp(whole), readOwnSdp(offer));
  }
});

test('writes one SDP of fifteen lines, whichever browser it came from', () => {
  for (const { offer, answer } of Object.values(samples)) {
    for (const sdp of [offer, answer]) {
      const own = readOwnSdp(sdp);
      const written = writeSdp(own);
      assert.is(written.split('\r\n').length, 16);
      assert.ok(written.endsWith('\r\n'));
      assert.equal(readOwnSdp(written), own);
    }
  }
});

test('every description the protocol lets through becomes exactly those lines', () => {
  const shape = writeSdp(readOwnSdp(samples.chromium.offer)).replace(/[=:].*/g, '');
  withRandom((random) => {
    for (let i = 0; i < 500; i++) {
      const description = randomDescription(random, random.pick(['actpass', 'active']));
      const bytes = writeDescription(new Writer(), description).done();
      const received = readDescription(new Reader(bytes, 'test'));
      const written = writeSdp(received);
      assert.is(written.replace(/[=:].*/g, ''), shape);
      assert.is(
        written.match(/^a=fingerprint:sha-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2}\r$/gm)?.length,
        1,
      );
      assert.equal(readOwnSdp(written), description);
    }
  });
});

test('refuses to describe itself by two fingerprints, by another hash, or by half', () => {
  const sdp = samples.chromium.offer;
  const print = /^a=fingerprint:.*$/m.exec(sdp)?.[0] ?? '';
  const wrong = [
    sdp.replace(print, `${print}\r\n${print.replace('F7', '00')}`),
    sdp.replace('sha-256', 'sha-1'),
    sdp.replace('sha-256', 'sha-512'),
    sdp.replace(/a=fingerprint.*\r\n/, ''),
    sdp.replace(/a=ice-ufrag.*\r\n/, ''),
    sdp.replace(/a=ice-pwd.*\r\n/, ''),
    '',
  ];
  for (const each of wrong) {
    assert.throws(
      () => readOwnSdp(each),
      (fault: unknown) => isPimError(fault, 'peer/protocol'),
    );
  }
  const twice = sdp.replace(print, `${print}\r\n${print}`);
  assert.equal(readOwnSdp(twice), readOwnSdp(sdp), 'the same one at both levels is one');
});

test('reads the candidates of Chromium, random names and all', () => {
  const [first, second] = samples.chromium.candidates.map((each) => readOwnCandidate(each));
  assert.equal(first, {
    type: 'host',
    protocol: 'udp',
    priority: 2_113_937_151,
    kind: 'mdns',
    address: fromHex('74da9126ed53499fbade0fe017a927ae'),
    port: 53_781,
    foundation: '2551691017',
  });
  assert.is(second?.port, 43_355);
});

test('reads the candidates of Firefox, upper-case transports and TCP ones included', () => {
  const read = samples.firefox.candidates.map((each) => readOwnCandidate(each));
  const protocols = read.map((each) => each?.protocol);
  assert.equal(protocols, ['udp', 'udp', 'tcp-active', 'tcp-active']);
  assert.equal(
    read.map((each) => each?.foundation),
    ['0', '1', '2', '3'],
  );
  assert.equal(read[2]?.address, fromHex('d4baa68f32374980ad6cd41ef9f36c96'));
});

test('writes a candidate back as browsers spell it', () => {
  const [mdns] = samples.chromium.candidates.map((each) => readOwnCandidate(each));
  assert.equal(writeCandidate(mdns!), {
    candidate:
      'candidate:2551691017 1 udp 2113937151 74da9126-ed53-499f-bade-0fe017a927ae.local 53781 typ host',
    sdpMid: '0',
    sdpMLineIndex: 0,
  });
  const tcp = readOwnCandidate(samples.firefox.candidates[2] ?? '');
  assert.match(writeCandidate(tcp!).candidate ?? '', / tcp .* 9 typ host tcptype active$/);
});

test('every candidate the protocol carries is written so that it reads as itself', () => {
  withRandom((random) => {
    for (let i = 0; i < 2_000; i++) {
      const candidate = randomCandidate(random);
      assert.equal(readOwnCandidate(writeCandidate(candidate).candidate ?? ''), candidate);
    }
  });
});

test('takes IPv4 addresses and no other numbers', () => {
  assert.is(addressOf('192.168.1.20'), 'ipv4 c0a80114');
  assert.is(addressOf('203.0.113.255'), 'ipv4 cb0071ff');
  for (const host of ['256.1.1.1', '1.2.3', '1.2.3.4.5', '0x7f.0.0.1', '3232235777', '1.2.3.4 ']) {
    assert.is(addressOf(host), null, host);
  }
});

test('takes an IPv6 address in every spelling', () => {
  const one = 'ipv6 20010db8000000000000000000000001';
  const spellings = [
    '2001:db8::1',
    '2001:DB8::1',
    '2001:0db8:0000:0000:0000:0000:0000:0001',
    '2001:db8:0:0:0:0:0:1',
    '2001:db8::0:0:1',
    '2001:db8:0:0::1',
    '2001:db8::0.0.0.1',
  ];
  for (const host of spellings) assert.is(addressOf(host), one, host);
  assert.is(addressOf('2001:db8:1:2:3:4:5:6'), 'ipv6 20010db8000100020003000400050006');
  assert.is(addressOf('2001:db8::'), 'ipv6 20010db8000000000000000000000000');
  assert.is(addressOf('2001:0:3:4:5:6:7:8'), 'ipv6 20010000000300040005000600070008');
  assert.is(addressOf('::ffff:198.51.100.7'), 'ipv6 00000000000000000000ffffc6336407');
  assert.is(addressOf('fe80::1'), 'ipv6 fe800000000000000000000000000001');
});

test('leaves out IPv6 that is malformed or bound to one machine', () => {
  const wrong = [
    'fe80::1%eth0',
    'fe80::1%25eth0',
    '[2001:db8::1]',
    '1::2::3',
    '12345::',
    ':::',
    ':',
  ];
  for (const host of [...wrong, '2001:db8', '1:2:3:4:5:6:7:8:9', '2001:db8::g', '::1.2.3']) {
    assert.is(addressOf(host), null, host);
  }
});

test('leaves out addresses that are nobody’s or everybody’s', () => {
  const hosts = ['0.0.0.0', '0.1.2.3', '127.0.0.1', '224.0.0.1', '239.1.1.1', '255.255.255.255'];
  const v6 = ['::', '::1', 'ff02::1', 'ff05::2', '::ffff:127.0.0.1', '::ffff:0.0.0.0'];
  for (const host of [...hosts, ...v6]) assert.is(addressOf(host), null, host);
});

test('names no host by name, but for the random ones of mDNS', () => {
  const names = ['example.com', 'localhost', 'printer.local', 'tracker.example.com.', 'a', ''];
  const uuid = '74da9126-ed53-499f-bade-0fe017a927ae';
  const near = [
    `${uuid}`,
    `${uuid}.local.`,
    `${uuid}.example`,
    `x${uuid}.local`,
    `${uuid}.local.evil`,
  ];
  for (const host of [...names, ...near]) assert.is(addressOf(host), null, host);
  assert.is(addressOf(`${uuid}.local`), `mdns ${uuid.replaceAll('-', '')}`);
  assert.is(addressOf(`${uuid.toUpperCase()}.LOCAL`), `mdns ${uuid.replaceAll('-', '')}`);
});

test('takes host, reflexive and relayed candidates over UDP and TCP, and no others', () => {
  for (const type of ['host', 'srflx', 'relay']) {
    assert.is(readOwnCandidate(line('10.0.0.7', { type }))?.type, type);
  }
  assert.is(readOwnCandidate(line('10.0.0.7', { type: 'prflx' })), null);
  const tcp = (tail: string) => readOwnCandidate(line('10.0.0.7', { transport: 'tcp', tail }));
  assert.is(tcp(' tcptype passive')?.protocol, 'tcp-passive');
  assert.is(tcp(' tcptype active')?.protocol, 'tcp-active');
  assert.is(tcp(' tcptype so'), null);
  assert.is(tcp(''), null);
  assert.is(tcp(' raddr 1.2.3.4 rport 9'), null);
  assert.is(readOwnCandidate(line('10.0.0.7', { transport: 'sctp' })), null);
});

test('leaves out what it cannot read, whatever a browser says', () => {
  const odd = ['', 'candidate:', 'a=candidate:', 'x', line('10.0.0.7', { port: 0 })];
  for (const each of odd) assert.is(readOwnCandidate(each), null, each);
  for (const foundation of ['a b', '', 'x'.repeat(33), 'ä', '<']) {
    const named = line('10.0.0.7').replace('candidate:1', `candidate:${foundation}`);
    assert.is(readOwnCandidate(named), null, foundation);
  }
});

test('every candidate that is read fits the layout it travels in', () => {
  for (const { candidates } of Object.values(samples)) {
    for (const each of candidates) {
      const read = readOwnCandidate(each);
      assert.ok(read !== null && writeCandidates(new Writer(), [read]).done().length > 20);
    }
  }
  assert.is(readOwnCandidate(line('10.0.0.7', { port: 70_000 })), null);
});

test.run();
