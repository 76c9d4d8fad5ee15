/** Channel confirmation: the vectors' session id, transcript and frames; every input counts. */

import { createHash, createPublicKey, verify } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, fromHex, toHex } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import {
  confirmBody,
  decodeConfirm,
  encodeConfirm,
  type SessionNames,
  sessionIdInput,
  type Transcript,
  transcriptInput,
} from '../../sdk/protocol/confirm.js';
import { signingBytes } from '../../sdk/protocol/signing.js';
import { testDecoder, withRandom } from '../support/fuzz.js';
import { keyA, keyB, pim } from '../support/vectors.js';

const { confirm, session } = pim;
const sha256 = (bytes: Uint8Array): Bytes =>
  new Uint8Array(createHash('sha256').update(bytes).digest());

const names: SessionNames = {
  low: keyA,
  high: keyB,
  deviceLow: fromHex(session.dev_low),
  deviceHigh: fromHex(session.dev_high),
};
const transcript: Transcript = {
  ...names,
  session: fromHex(session.sid),
  fingerprintLow: fromHex(session.fp_low),
  fingerprintHigh: fromHex(session.fp_high),
  offerHash: sha256(fromHex(session.offer_from_low)),
  answerHash: sha256(fromHex(session.answer_from_high)),
  randomLow: fromHex(confirm.r_low),
  randomHigh: fromHex(confirm.r_high),
};
const hash = fromHex(confirm.transcript_hash);

testDecoder(test, {
  samples: [confirm.c1_low, confirm.c2_low, confirm.c2_high].map((hex) => fromHex(hex)),
  decode: decodeConfirm,
  encode: encodeConfirm,
});

test('reads back every frame it writes', () => {
  withRandom((random) => {
    for (let i = 0; i < 1_000; i++) {
      const c1 = { kind: 'c1', random: random.bytes(32) } as const;
      const c2 = { kind: 'c2', signature: random.bytes(64) } as const;
      assert.equal(decodeConfirm(encodeConfirm(c1)), c1);
      assert.equal(decodeConfirm(encodeConfirm(c2)), c2);
    }
  });
});

test('makes the session id of the vectors', () => {
  const input = sessionIdInput(names, fromHex(session.nonce_low), fromHex(session.nonce_high));
  assert.is(toHex(sha256(input).subarray(0, 16)), session.sid);
});

test('makes the transcript of the vectors', () => {
  assert.is(toHex(sha256(transcriptInput(transcript))), confirm.transcript_hash);
});

test('signs role and transcript, as in the vectors', () => {
  for (const [role, key, frame] of [
    ['low', keyA, confirm.c2_low],
    ['high', keyB, confirm.c2_high],
  ] as const) {
    const c2 = decodeConfirm(fromHex(frame));
    assert.ok(c2.kind === 'c2');
    const der = Buffer.from(`302a300506032b6570032100${toHex(key)}`, 'hex');
    const owner = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const other = role === 'low' ? 'high' : 'low';
    assert.ok(verify(null, signingBytes('confirm', confirmBody(role, hash)), owner, c2.signature));
    assert.not.ok(
      verify(null, signingBytes('confirm', confirmBody(other, hash)), owner, c2.signature),
    );
  }
});

test('changes the transcript with every bit of every field', () => {
  const seen = new Set([toHex(transcriptInput(transcript))]);
  const fields = Object.keys(transcript) as (keyof Transcript)[];
  let bits = 0;
  for (const field of fields) {
    for (let bit = 0; bit < transcript[field].length * 8; bit++) {
      const changed = transcript[field].slice() as Bytes;
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      seen.add(toHex(transcriptInput({ ...transcript, [field]: changed })));
      bits++;
    }
  }
  assert.is(fields.length, 11);
  assert.is(seen.size, bits + 1);
});

test('changes with every exchange of the two ends', () => {
  const t = transcript;
  const swaps: Transcript[] = [
    { ...t, low: t.high, high: t.low },
    { ...t, deviceLow: t.deviceHigh, deviceHigh: t.deviceLow },
    { ...t, fingerprintLow: t.fingerprintHigh, fingerprintHigh: t.fingerprintLow },
    { ...t, offerHash: t.answerHash, answerHash: t.offerHash },
    { ...t, randomLow: t.randomHigh, randomHigh: t.randomLow },
  ];
  const inputs = new Set([t, ...swaps].map((each) => toHex(transcriptInput(each))));
  assert.is(inputs.size, 6);
});

test('refuses other types, and a first frame of another version', () => {
  const reason = (bytes: Bytes) => {
    try {
      decodeConfirm(bytes);
      return null;
    } catch (fault) {
      return isPimError(fault, 'frame/invalid') ? fault.detail.reason : fault;
    }
  };
  for (const type of [0, 3, 0x10, 0x11, 0x20, 255]) {
    const frame = fromHex(confirm.c2_low);
    frame[0] = type;
    assert.is(reason(frame), 'unknown type');
  }
  const first = fromHex(confirm.c1_low);
  first[1] = 2;
  assert.is(reason(first), 'unknown version');
});

test.run();
