/** Tokens of invitations: their bytes against the worked value, and what is worth nothing. */

import { webcrypto } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Bytes,
  concat,
  fromBase64url,
  fromHex,
  toBase64url,
  toHex,
} from '../../sdk/base/bytes.js';
import { PortableSuite } from '../../sdk/crypto/portable.js';
import { checkToken, signToken } from '../../sdk/crypto/token.js';
import { WebCryptoSuite } from '../../sdk/crypto/webcrypto.js';
import { TOKEN_BYTES } from '../../sdk/protocol/limits.js';
import { signingBytes } from '../../sdk/protocol/signing.js';
import { ISSUER_BYTES, readToken, tokenBody } from '../../sdk/protocol/token.js';
import { NodeSuite } from '../crypto/node-suite.js';
import { testDecoder } from '../support/fuzz.js';
import { keyA, keyB, pim } from '../support/vectors.js';

const { token: worked, expires, uses, signed_bytes } = pim.invitation;
const id = fromHex(pim.invitation.id);
const bytes = fromBase64url(worked);
const seedOf = (n: number) => fromHex(pim.keys[n]?.seed ?? '');
const suites = [
  new NodeSuite(),
  new PortableSuite((length) => new Uint8Array(length) as Bytes),
  new WebCryptoSuite(webcrypto.subtle as unknown as SubtleCrypto),
];
const [suite] = suites as [NodeSuite];
const NOW = 1_750_000_000_000;

testDecoder(test, {
  samples: [bytes],
  decode: readToken,
  encode: (token) => concat(tokenBody(token), token.signature),
});

test('body and signature are the worked ones in each of the cryptographies', async () => {
  const issuer = keyA.slice(0, ISSUER_BYTES) as Bytes;
  const body = tokenBody({ issuer, id, expires, uses });
  assert.is(toHex(signingBytes('invitation', body)), signed_bytes);
  assert.is(bytes.length, TOKEN_BYTES);
  assert.is(worked.length, 116);
  for (const each of suites) {
    const keys = await each.keysFromSeed(seedOf(0));
    assert.is(toBase64url(await signToken(keys, { id, expires, uses })), worked, each.name);
    const found = await checkToken(each, keyA, bytes, NOW);
    assert.equal(found, readToken(bytes), each.name);
  }
});

test('it is worth nothing for another person, and from its end on', async () => {
  assert.is(await checkToken(suite, keyB, bytes, NOW), 'foreign');
  assert.is(await checkToken(suite, keyA, bytes, expires), 'expired');
  assert.type(await checkToken(suite, keyA, bytes, expires - 1), 'object');
});

test('no bit of it can be changed, and nobody else can sign it', async () => {
  for (let at = 0; at < bytes.length; at++) {
    const bent = bytes.slice();
    bent[at] = (bent[at] as number) ^ (1 << (at % 8));
    const isIssuer = at >= 1 && at < 1 + ISSUER_BYTES;
    assert.is(await checkToken(suite, keyA, bent, NOW), isIssuer ? 'foreign' : 'forged', `${at}`);
  }
  const others = await suite.keysFromSeed(seedOf(1));
  const issuer = keyA.slice(0, ISSUER_BYTES) as Bytes;
  const body = tokenBody({ issuer, id, expires, uses });
  const signature = await others.sign('invitation', body);
  const whole = Uint8Array.from([...body, ...signature]);
  assert.is(await checkToken(suite, keyA, whole, NOW), 'forged');
});

test('what was signed for another purpose is no token', async () => {
  const keys = await suite.keysFromSeed(seedOf(0));
  const signature = await keys.sign('signal', readToken(bytes).signed);
  const whole = Uint8Array.from([...readToken(bytes).signed, ...signature]);
  assert.is(await checkToken(suite, keyA, whole, NOW), 'forged');
});

test.run();
