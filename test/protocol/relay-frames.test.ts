/** Frames between client and relay: exact layouts, the vectors' login, hostile bytes. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, concat, fromHex, toHex } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import { MAX_SEALED_BYTES } from '../../sdk/protocol/limits.js';
import {
  BYE_CODES,
  decodeRelayFrame,
  encodeRelayFrame,
  loginBody,
  REFUSAL_CODES,
  RESULT_CODES,
  type RelayFrame,
} from '../../sdk/protocol/relay-frames.js';
import { signingBytes } from '../../sdk/protocol/signing.js';
import { type Random, testDecoder, withRandom } from '../support/fuzz.js';
import { keyA, pim } from '../support/vectors.js';

type Known = Exclude<RelayFrame, { kind: 'foreign' }>;

const keysOf = <Key extends string>(codes: Readonly<Record<Key, number>>) =>
  Object.keys(codes) as Key[];

/** A frame of every kind in turn, with random fields. */
function randomFrames(random: Random): Known[] {
  return [
    {
      kind: 'challenge',
      nonce: random.bytes(32),
      serverTime: random.u53(),
      maxFrame: random.below(65_536),
    },
    {
      kind: 'auth',
      publicKey: random.bytes(32),
      device: random.bytes(8),
      nonce: random.bytes(32),
      signature: random.bytes(64),
    },
    { kind: 'ok', framesPerSecond: random.below(65_536), burst: random.below(65_536) },
    { kind: 'error', reason: random.pick(keysOf(REFUSAL_CODES)) },
    {
      kind: 'send',
      id: random.below(2 ** 32),
      to: random.bytes(32),
      sealed: random.bytes(random.between(1, 600)),
    },
    { kind: 'receive', sealed: random.bytes(random.between(1, 600)) },
    { kind: 'result', id: random.below(2 ** 32), result: random.pick(keysOf(RESULT_CODES)) },
    { kind: 'ping', token: random.bytes(8) },
    { kind: 'pong', token: random.bytes(8) },
    { kind: 'bye', reason: random.pick(keysOf(BYE_CODES)) },
    { kind: 'note', type: random.between(0x40, 0x4f), body: random.bytes(random.below(600)) },
  ];
}

const bytes = (length: number, first = 1): Bytes =>
  Uint8Array.from({ length }, (_, i) => (first + i) % 256) as Bytes;

const samples: Known[] = [
  { kind: 'challenge', nonce: bytes(32), serverTime: 1_764_000_000_000, maxFrame: 8_704 },
  {
    kind: 'auth',
    publicKey: bytes(32),
    device: bytes(8),
    nonce: bytes(32, 40),
    signature: bytes(64, 90),
  },
  { kind: 'ok', framesPerSecond: 20, burst: 400 },
  ...keysOf(REFUSAL_CODES).map((reason) => ({ kind: 'error', reason }) as const),
  { kind: 'send', id: 0xfffffffe, to: bytes(32), sealed: bytes(40) },
  { kind: 'receive', sealed: bytes(40) },
  ...keysOf(RESULT_CODES).map((result) => ({ kind: 'result', id: 7, result }) as const),
  { kind: 'ping', token: bytes(8) },
  { kind: 'pong', token: bytes(8) },
  ...keysOf(BYE_CODES).map((reason) => ({ kind: 'bye', reason }) as const),
  { kind: 'note', type: 0x40, body: bytes(40) },
];

const isUnknown = (frame: RelayFrame): boolean =>
  frame.kind === 'foreign' ||
  ('reason' in frame && frame.reason === 'unknown') ||
  ('result' in frame && frame.result === 'unknown');

testDecoder(test, {
  samples: samples.map(encodeRelayFrame),
  decode: decodeRelayFrame,
  encode: (frame) => (isUnknown(frame) ? null : encodeRelayFrame(frame as Known)),
  isOpenEnded: (sample) => sample[0] === 0x40,
});

test('reads back every frame it writes', () => {
  withRandom((random) => {
    for (let i = 0; i < 500; i++) {
      for (const frame of randomFrames(random)) {
        assert.equal(decodeRelayFrame(encodeRelayFrame(frame)), frame);
      }
    }
  });
});

test('lays out every frame as the specification does', () => {
  const hex = (frame: Known) => toHex(encodeRelayFrame(frame));
  const nonce = toHex(bytes(32));
  assert.is(
    hex({ kind: 'challenge', nonce: bytes(32), serverTime: 0x0102030405, maxFrame: 0x2200 }),
    `0101${nonce}0000000102030405220000`,
  );
  assert.is(hex({ kind: 'ok', framesPerSecond: 20, burst: 400 }), '0300140190');
  assert.is(hex({ kind: 'error', reason: 'origin' }), '0402');
  assert.is(
    hex({ kind: 'send', id: 1, to: bytes(32), sealed: bytes(3) }),
    `1000000001${nonce}0003010203`,
  );
  assert.is(hex({ kind: 'receive', sealed: bytes(3) }), '110003010203');
  assert.is(hex({ kind: 'result', id: 1, result: 'rate-limited' }), '120000000101');
  assert.is(hex({ kind: 'result', id: 1, result: 'too-large' }), '120000000102');
  assert.is(hex({ kind: 'result', id: 1, result: 'malformed' }), '120000000103');
  assert.is(hex({ kind: 'ping', token: bytes(8) }), '200102030405060708');
  assert.is(hex({ kind: 'pong', token: bytes(8) }), '210102030405060708');
  assert.is(hex({ kind: 'bye', reason: 'leaving' }), '7f00');
  assert.is(hex({ kind: 'note', type: 0x4f, body: bytes(3) }), '4f010203');
});

test('reads and writes the login of the vectors', () => {
  const { auth_frame, dev, nonce_c, sig } = pim.relay_auth;
  const frame = decodeRelayFrame(fromHex(auth_frame));
  assert.equal(frame, {
    kind: 'auth',
    publicKey: keyA,
    device: fromHex(dev),
    nonce: fromHex(nonce_c),
    signature: fromHex(sig),
  });
  assert.is(toHex(encodeRelayFrame(frame as Known)), auth_frame);
});

test('signs the origin, both nonces, the key and the device, as in the vectors', () => {
  const { origin, nonce_s, nonce_c, dev, signed_bytes } = pim.relay_auth;
  const body = loginBody(origin, fromHex(nonce_s), fromHex(nonce_c), keyA, fromHex(dev));
  assert.is(toHex(signingBytes('relay-auth', body)), signed_bytes);
});

test('gives every field of a login its own place in what is signed', () => {
  const of = (origin: string, ...fields: [number, number, number, number]) => {
    const [serverNonce, clientNonce, key, device] = fields;
    const fill = (length: number, value: number) => new Uint8Array(length).fill(value);
    return toHex(
      loginBody(
        origin,
        fill(32, serverNonce),
        fill(32, clientNonce),
        fill(32, key),
        fill(8, device),
      ),
    );
  };
  const bodies = [
    of('wss://a', 1, 2, 3, 4),
    of('wss://b', 1, 2, 3, 4),
    of('wss://a', 2, 1, 3, 4),
    of('wss://a', 1, 3, 2, 4),
    of('wss://a', 1, 2, 3, 5),
    of('wss://a\u0001', 1, 2, 3, 4),
  ];
  assert.is(new Set(bodies).size, bodies.length);
  assert.throws(
    () => of('x'.repeat(513), 1, 2, 3, 4),
    (fault: unknown) => fault instanceof RangeError,
  );
});

test('says foreign of a challenge or login of another version, whatever follows', () => {
  for (const type of [1, 2]) {
    for (const version of [0, 2, 255]) {
      for (const length of [0, 1, 200]) {
        const frame = concat(Uint8Array.of(type, version), new Uint8Array(length));
        assert.equal(decodeRelayFrame(frame), { kind: 'foreign', version });
      }
    }
  }
});

test('reads codes that it does not know as unknown', () => {
  for (let code = 0; code < 256; code++) {
    const isKnown = (codes: Readonly<Record<string, number>>) =>
      Object.values(codes).includes(code);
    const error = decodeRelayFrame(Uint8Array.of(0x04, code)) as { reason: string };
    assert.is(error.reason !== 'unknown', isKnown(REFUSAL_CODES));
    const result = decodeRelayFrame(Uint8Array.of(0x12, 0, 0, 0, 9, code)) as { result: string };
    assert.is(result.result !== 'unknown', isKnown(RESULT_CODES));
    const bye = decodeRelayFrame(Uint8Array.of(0x7f, code)) as { reason: string };
    assert.is(bye.reason !== 'unknown', isKnown(BYE_CODES));
  }
});

test('writes an unknown code as one that reads as unknown', () => {
  const frames: Known[] = [
    { kind: 'error', reason: 'unknown' },
    { kind: 'result', id: 3, result: 'unknown' },
    { kind: 'bye', reason: 'unknown' },
  ];
  for (const frame of frames) assert.equal(decodeRelayFrame(encodeRelayFrame(frame)), frame);
});

test('refuses every type it does not know', () => {
  const known = new Set([1, 2, 3, 4, 0x10, 0x11, 0x12, 0x20, 0x21, 0x7f]);
  const isNote = (type: number) => type >= 0x40 && type <= 0x4f;
  for (let type = 0; type < 256; type++) {
    if (known.has(type) || isNote(type)) continue;
    const frame = concat(Uint8Array.of(type), new Uint8Array(100));
    assert.throws(
      () => decodeRelayFrame(frame),
      (fault: unknown) =>
        isPimError(fault, 'frame/invalid') && fault.detail.reason === 'unknown type',
    );
  }
});

test('bounds what is sealed to the largest envelope, and refuses an empty one', () => {
  const largest = new Uint8Array(MAX_SEALED_BYTES) as Bytes;
  assert.is(MAX_SEALED_BYTES, 8_241);
  for (const kind of ['send', 'receive'] as const) {
    const frame = (sealed: Bytes): Known =>
      kind === 'send' ? { kind, id: 1, to: keyA, sealed } : { kind, sealed };
    assert.equal(decodeRelayFrame(encodeRelayFrame(frame(largest))), frame(largest));
    for (const length of [0, MAX_SEALED_BYTES + 1, 65_535]) {
      assert.throws(
        () => decodeRelayFrame(encodeRelayFrame(frame(new Uint8Array(length) as Bytes))),
        (fault: unknown) => isPimError(fault, 'frame/invalid'),
      );
    }
  }
});

test.run();
