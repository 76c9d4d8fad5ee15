/** Signals: the vectors' whole session, every field in its place, hostile bytes. */

import { createHash, createPublicKey, verify } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, concat, fromHex, toHex, utf8 } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import { TOKEN_BYTES } from '../../sdk/protocol/limits.js';
import {
  decodeSignal,
  encodeSignal,
  NO_DEVICE,
  NO_SESSION,
  NO_TOKEN,
  type ReceivedSignal,
  type Signal,
  type SignalBody,
} from '../../sdk/protocol/signal.js';
import { signingBytes } from '../../sdk/protocol/signing.js';
import { type Random, testDecoder, withRandom } from '../support/fuzz.js';
import { randomCandidate, randomDescription } from '../support/random-values.js';
import { keyA, keyB, pim } from '../support/vectors.js';

const { session } = pim;
const VECTORS = [
  session.knock_from_low,
  session.hello_from_high,
  session.offer_from_low,
  session.answer_from_high,
  session.cand_from_low,
].map((hex) => fromHex(hex));

const SIGNATURE = new Uint8Array(64).fill(0x5a);
const whole = (signal: Signal): Bytes => concat(encodeSignal(signal), SIGNATURE);

const SESSION = fromHex(session.sid);
const base = {
  from: keyA,
  to: keyB,
  fromDevice: fromHex(session.dev_low),
  toDevice: NO_DEVICE,
  seq: 7,
  time: 1_764_000_000_000,
};
const invite: SignalBody = {
  kind: 'invite',
  token: new Uint8Array(TOKEN_BYTES).fill(7),
  name: 'Zażółć',
  text: 'hello',
};
const others: Signal[] = [
  { ...base, session: SESSION, body: { kind: 'candidates', candidates: [] } },
  { ...base, session: SESSION, body: { kind: 'bye', reason: 3 } },
  { ...base, session: NO_SESSION, body: invite },
  { ...base, session: NO_SESSION, body: { ...invite, token: NO_TOKEN, name: '', text: '' } },
  { ...base, session: NO_SESSION, body: { kind: 'accept' } },
];

testDecoder(test, {
  samples: [...VECTORS, ...others.map(whole)],
  decode: decodeSignal,
  encode: ({ signal, signature }) => concat(encodeSignal(signal), signature),
});

function randomSignal(random: Random): Signal {
  const bodies: SignalBody[] = [
    { kind: 'knock', nonce: random.bytes(32) },
    { kind: 'hello', nonceLow: random.bytes(32), nonceHigh: random.bytes(32) },
    {
      kind: 'offer',
      nonceLow: random.bytes(32),
      nonceHigh: random.bytes(32),
      description: randomDescription(random, 'actpass'),
    },
    {
      kind: 'answer',
      offerHash: random.bytes(32),
      description: randomDescription(random, 'active'),
    },
    {
      kind: 'candidates',
      candidates: Array.from({ length: random.below(17) }, () => randomCandidate(random)),
    },
    { kind: 'bye', reason: random.below(256) },
    {
      kind: 'invite',
      token: random.bytes(TOKEN_BYTES),
      name: random.text('aą€\ud83d\ude00\n', 0, 16).toWellFormed(),
      text: random.text('aą€\ud83d\ude00\n', 0, 70).toWellFormed(),
    },
    { kind: 'accept' },
  ];
  const body = random.pick(bodies);
  const isInSession = ['offer', 'answer', 'candidates', 'bye'].includes(body.kind);
  return {
    from: random.bytes(32),
    to: random.bytes(32),
    fromDevice: concat(Uint8Array.of(1), random.bytes(7)),
    toDevice: random.pick([NO_DEVICE, random.bytes(8)]),
    session: isInSession ? concat(random.bytes(15), Uint8Array.of(1)) : NO_SESSION,
    seq: random.below(2 ** 32),
    time: random.u53(),
    body,
  };
}

test('reads back every signal it writes', () => {
  withRandom((random) => {
    for (let i = 0; i < 3_000; i++) {
      const signal = randomSignal(random);
      const bytes = whole(signal);
      const received = decodeSignal(bytes);
      assert.equal(received.signal, signal);
      assert.is(toHex(received.signed), toHex(encodeSignal(signal)));
      assert.is(toHex(received.signature), toHex(SIGNATURE));
      assert.is(toHex(received.whole), toHex(bytes));
    }
  });
});

test('reads the session of the vectors, each signal from and to the right one', () => {
  const kinds = ['knock', 'hello', 'offer', 'answer', 'candidates'];
  const [low, high] = [fromHex(session.dev_low), fromHex(session.dev_high)];
  for (const [i, bytes] of VECTORS.entries()) {
    const { signal } = decodeSignal(bytes);
    const isFromLow = i % 2 === 0;
    assert.is(signal.body.kind, kinds[i]);
    assert.equal([...signal.from], [...(isFromLow ? keyA : keyB)]);
    assert.equal([...signal.to], [...(isFromLow ? keyB : keyA)]);
    assert.equal([...signal.fromDevice], [...(isFromLow ? low : high)]);
    assert.is(toHex(signal.session), i < 2 ? toHex(NO_SESSION) : session.sid);
  }
});

test('reads the fields of the vectors', () => {
  const [knock, hello, offer, answer, candidates] = VECTORS.map((v) => decodeSignal(v).signal.body);
  const nonceLow = fromHex(session.nonce_low);
  const nonceHigh = fromHex(session.nonce_high);
  assert.equal(knock, { kind: 'knock', nonce: nonceLow });
  assert.equal(hello, { kind: 'hello', nonceLow, nonceHigh });
  assert.ok(offer?.kind === 'offer' && answer?.kind === 'answer');
  assert.equal([offer.nonceLow, offer.nonceHigh], [nonceLow, nonceHigh]);
  assert.is(offer.description.setup, 'actpass');
  assert.is(answer.description.setup, 'active');
  assert.is(toHex(offer.description.fingerprint), session.fp_low);
  assert.is(toHex(answer.description.fingerprint), session.fp_high);
  const offerBytes = fromHex(session.offer_from_low);
  assert.is(toHex(answer.offerHash), createHash('sha256').update(offerBytes).digest('hex'));
  assert.ok(candidates?.kind === 'candidates' && candidates.candidates.length === 1);
  assert.equal(candidates.candidates[0], {
    type: 'host',
    protocol: 'udp',
    priority: 0x7e001eff,
    kind: 'ipv4',
    address: Uint8Array.of(192, 0, 2, 2),
    port: 0xb73b,
    foundation: '309795592',
  });
});

test('covers with its signature every byte before it, under the label', () => {
  for (const bytes of VECTORS) {
    const { signal, signed, signature } = decodeSignal(bytes);
    const der = Buffer.from(`302a300506032b6570032100${toHex(signal.from)}`, 'hex');
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    assert.is(toHex(concat(signed, signature)), toHex(bytes));
    assert.is(toHex(encodeSignal(signal)), toHex(signed));
    assert.ok(verify(null, signingBytes('signal', signed), key, signature));
    assert.not.ok(verify(null, signingBytes('confirm', signed), key, signature));
    assert.not.ok(verify(null, signed, key, signature));
  }
});

test('keeps labels apart, whatever the body', () => {
  assert.is(toHex(signingBytes('signal', utf8('x'))), toHex(utf8('pim/1 signal\0x')));
  const bodies = ['', '\0', ' signal\0', 'al\0'].map((text) => utf8(text));
  const labels = ['relay-auth', 'signal', 'confirm'] as const;
  const all = labels.flatMap((label) => bodies.map((body) => toHex(signingBytes(label, body))));
  assert.is(new Set(all).size, all.length);
});

function refuses(bytes: Bytes, reason: string): void {
  assert.throws(
    () => decodeSignal(bytes),
    (fault: unknown) => isPimError(fault, 'frame/invalid') && fault.detail.reason === reason,
  );
}

/** `bytes` with `value` at `at`. */
function changed(bytes: Uint8Array, at: number, ...value: number[]): Bytes {
  const out = bytes.slice() as Bytes;
  out.set(value, at);
  return out;
}

test('refuses other versions and other types', () => {
  for (const version of [0, 2, 255]) refuses(changed(VECTORS[0]!, 0, version), 'unknown version');
  for (const type of [0, 9, 128, 255]) refuses(changed(VECTORS[0]!, 1, type), 'unknown type');
});

test('refuses a session id where there is none, and none where there is one', () => {
  const ids = { with: SESSION, without: NO_SESSION };
  for (const { signal } of [
    ...VECTORS.map(decodeSignal),
    ...others.map((s) => decodeSignal(whole(s))),
  ]) {
    const isSessionless = ['knock', 'hello', 'invite', 'accept'].includes(signal.body.kind);
    refuses(whole({ ...signal, session: isSessionless ? ids.with : ids.without }), 'session id');
  }
});

test('refuses a sender without a device', () => {
  refuses(whole({ ...others[4]!, fromDevice: NO_DEVICE }), 'no sending device');
});

test('refuses an offer that is not actpass and an answer that is not active', () => {
  const offer = decodeSignal(VECTORS[2]!).signal;
  const answer = decodeSignal(VECTORS[3]!).signal;
  assert.ok(offer.body.kind === 'offer' && answer.body.kind === 'answer');
  const { description } = offer.body;
  const active = { ...offer.body, description: { ...description, setup: 'active' as const } };
  refuses(whole({ ...offer, body: active }), 'setup of an offer');
  const actpass = { ...answer.body, description: { ...description, setup: 'actpass' as const } };
  refuses(whole({ ...answer, body: actpass }), 'setup of an answer');
});

test('bounds name and text of a request in bytes', () => {
  const signal = (name: string, text: string) =>
    whole({ ...base, session: NO_SESSION, body: { kind: 'invite', token: NO_TOKEN, name, text } });
  const longest = decodeSignal(signal('ą'.repeat(32), 'ą'.repeat(140))).signal.body;
  assert.ok(longest.kind === 'invite' && longest.text.length === 140);
  refuses(signal('a'.repeat(65), ''), 'length out of range');
  refuses(signal('', 'a'.repeat(281)), 'length out of range');
});

test('refuses a body length that lies, either way', () => {
  for (const bytes of [...VECTORS, ...others.map(whole)]) {
    const length = (bytes[110] as number) * 256 + (bytes[111] as number);
    for (const lie of [0, length - 1, length + 1, 65_535]) {
      if (lie < 0 || lie === length) continue;
      assert.throws(
        () => decodeSignal(changed(bytes, 110, lie >> 8, lie & 255)),
        (fault: unknown) => isPimError(fault, 'frame/invalid'),
      );
    }
  }
});

test('has each header field where the specification says', () => {
  const bytes = VECTORS[2]!;
  const { signal } = decodeSignal(bytes);
  const part = (at: number, length: number) => toHex(bytes.subarray(at, at + length));
  const fields: [keyof ReceivedSignal['signal'], number, number][] = [
    ['from', 2, 32],
    ['to', 34, 32],
    ['fromDevice', 66, 8],
    ['toDevice', 74, 8],
    ['session', 82, 16],
  ];
  for (const [field, at, length] of fields)
    assert.is(toHex(signal[field] as Bytes), part(at, length));
  assert.is(signal.seq, Number.parseInt(part(98, 4), 16));
  assert.is(signal.time, Number.parseInt(part(102, 8), 16));
  assert.is(bytes.length, 112 + Number.parseInt(part(110, 2), 16) + 64);
});

test.run();
