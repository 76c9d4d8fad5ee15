/** Point encodings: canonical, small order, on the curve, and the same key for X25519. */

import { createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, fromHex, toHex } from '../../sdk/base/bytes.js';
import { isStrictSignature } from '../../sdk/crypto/strict.js';
import {
  isOnCurve,
  isReducedScalar,
  isStrictPoint,
  toMontgomery,
} from '../../sdk/protocol/point.js';
import { withRandom } from '../support/fuzz.js';
import { pim, rfc8032, smallOrder, speccheck } from '../support/vectors.js';

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** 32 bytes, little-endian. */
function encode(value: bigint): Bytes {
  return fromHex(value.toString(16).padStart(64, '0')).reverse() as Bytes;
}

/** A point with its "sign of x" bit set. */
function negative(value: bigint): Bytes {
  return encode(value + 2n ** 255n);
}

test('takes the keys of RFC 8032 and of the protocol', () => {
  for (const key of [...rfc8032.map((c) => c.pk), ...pim.keys.map((k) => k.ed25519_pk)]) {
    assert.ok(isStrictPoint(fromHex(key)), key);
    assert.ok(isOnCurve(fromHex(key)), key);
  }
});

test('takes R and S of every signature of RFC 8032', () => {
  for (const { sig } of rfc8032) {
    assert.ok(isStrictPoint(fromHex(sig.slice(0, 64))));
    assert.ok(isReducedScalar(fromHex(sig.slice(64))));
  }
});

test('refuses the 8 points of small order, which are all on the curve', () => {
  assert.is(new Set(smallOrder).size, 8);
  for (const point of smallOrder) {
    assert.not.ok(isStrictPoint(fromHex(point)), point);
    assert.ok(isOnCurve(fromHex(point)), point);
  }
});

test('refuses every other spelling of those points', () => {
  const spellings = [encode(P), encode(P + 1n), negative(P), negative(P + 1n)];
  spellings.push(negative(1n), negative(P - 1n));
  for (const point of spellings) assert.not.ok(isStrictPoint(point), toHex(point));
});

test('refuses y of p and above in either sign', () => {
  for (let y = P; y < 2n ** 255n; y++) {
    assert.not.ok(isStrictPoint(encode(y)));
    assert.not.ok(isStrictPoint(negative(y)));
  }
  assert.ok(isStrictPoint(encode(P - 2n)));
  assert.ok(isStrictPoint(encode(2n)));
});

test('refuses encodings of another length', () => {
  for (const length of [0, 31, 33, 64]) {
    assert.not.ok(isStrictPoint(new Uint8Array(length).fill(5)));
    assert.not.ok(isReducedScalar(new Uint8Array(length)));
  }
});

test('takes S below the group order only', () => {
  for (const s of [0n, 1n, L - 1n]) assert.ok(isReducedScalar(encode(s)));
  for (const s of [L, L + 1n, 2n * L, 2n ** 253n, 2n ** 256n - 1n]) {
    assert.not.ok(isReducedScalar(encode(s)));
  }
});

test('knows encodings that are no point', () => {
  // y = 2 is the smallest; 0202… is the one of the address vectors.
  const none = ['02'.padEnd(64, '0'), '02'.repeat(32), '07'.padEnd(64, '0')];
  for (const point of none) {
    assert.not.ok(isOnCurve(fromHex(point)), point);
    assert.ok(isStrictPoint(fromHex(point)), point);
  }
});

test('agrees with x² = (y² − 1) / (dy² + 1) solved by brute force over small y', () => {
  for (let y = 0n; y < 60n; y++) assert.is(isOnCurve(encode(y)), hasRoot(y), `y = ${y}`);
});

test('finds about half of all encodings on the curve, whatever their sign bit', () => {
  withRandom((random) => {
    let found = 0;
    for (let i = 0; i < 400; i++) {
      const point = random.bytes(32);
      const flipped = point.slice();
      flipped[31] = (flipped[31] as number) ^ 0x80;
      assert.is(isOnCurve(point), isOnCurve(flipped));
      if (isOnCurve(point)) found++;
    }
    assert.ok(found > 120 && found < 280, String(found));
  });
});

test('gives the X25519 key of the vectors', () => {
  for (const key of pim.keys) {
    assert.is(toHex(toMontgomery(fromHex(key.ed25519_pk))), key.x25519_pk);
  }
  assert.is(pim.seal.recipient_x25519_pk, pim.keys[1]!.x25519_pk);
});

test('gives an X25519 key whose owner is the owner of the Ed25519 key', () => {
  for (const key of pim.keys) {
    const der = Buffer.from(`302e020100300506032b656e04220420${key.x25519_sk_clamped}`, 'hex');
    const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const own = createPublicKey(secret).export({ format: 'der', type: 'spki' });
    assert.is(toHex(toMontgomery(fromHex(key.ed25519_pk))), own.subarray(12).toString('hex'));
  }
});

test('decides every signature on which verifiers disagree', () => {
  for (const { number, message, pk, sig, valid } of speccheck) {
    const der = Buffer.from(`302a300506032b6570032100${pk}`, 'hex');
    const key = () => createPublicKey({ key: der, format: 'der', type: 'spki' });
    const accepted =
      isStrictSignature(fromHex(pk), fromHex(sig)) &&
      verify(null, Buffer.from(message, 'hex'), key(), Buffer.from(sig, 'hex'));
    assert.is(accepted, valid, `case ${number}`);
  }
});

test('lets every signature of RFC 8032 pass, and none with a part too long or short', () => {
  for (const { pk, sig } of rfc8032) {
    const key = fromHex(pk);
    const signature = fromHex(sig);
    assert.ok(isStrictSignature(key, signature));
    assert.not.ok(isStrictSignature(key, signature.subarray(1)));
    assert.not.ok(isStrictSignature(key, fromHex(`${sig}00`)));
    assert.not.ok(isStrictSignature(key.subarray(1), signature));
  }
});

/** Legendre's symbol by another way than point.ts: (a/b) by quadratic reciprocity (Jacobi). */
function hasRoot(y: bigint): boolean {
  const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
  const u = (y * y - 1n + P) % P;
  const v = (d * y * y + 1n) % P;
  return u === 0n || jacobi((u * v) % P, P) === 1;
}

function jacobi(top: bigint, bottom: bigint): number {
  let [a, n, sign] = [top % bottom, bottom, 1];
  while (a !== 0n) {
    while (a % 2n === 0n) {
      a /= 2n;
      if (n % 8n === 3n || n % 8n === 5n) sign = -sign;
    }
    [a, n] = [n, a];
    if (a % 4n === 3n && n % 4n === 3n) sign = -sign;
    a %= n;
  }
  return n === 1n ? sign : 0;
}

test.run();
