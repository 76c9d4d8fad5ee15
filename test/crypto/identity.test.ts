/** Identities as records: made, loaded, and refused where the record is damaged or mixed. */

import { randomBytes, webcrypto } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, fromHex } from '../../sdk/base/bytes.js';
import type { Platform } from '../../sdk/base/platform.js';
import {
  type Identity,
  identityRecord,
  loadIdentity,
  makeIdentity,
} from '../../sdk/crypto/identity.js';
import { safetyNumber } from '../../sdk/crypto/safety-number.js';
import type { StoredKeys, Suite } from '../../sdk/crypto/suite.js';
import { WebCryptoSuite } from '../../sdk/crypto/webcrypto.js';
import { refusal } from '../contracts/storage.js';
import { keyA, keyB, pim } from '../support/vectors.js';
import { NodeSuite } from './node-suite.js';

const random = (length: number): Bytes => Uint8Array.from(randomBytes(length));
const platform = { random } as unknown as Platform;
const node = new NodeSuite();
const web = new WebCryptoSuite(webcrypto.subtle as unknown as SubtleCrypto);
const seedOf = (who: 0 | 1): Bytes => fromHex(pim.keys[who]!.seed);
const make = (suite: Suite, who: 0 | 1): Promise<Identity> =>
  makeIdentity(suite, platform, seedOf(who));

test('an identity has the address of its key and a device of its own', async () => {
  const [one, two] = await Promise.all([make(node, 0), make(node, 0)]);
  assert.is(one.address, pim.keys[0]!.address);
  assert.equal(one.keys.publicKey, keyA);
  assert.is(one.device.length, 8);
  assert.not.equal(one.device, two.device);
});

test('a record loads as the identity it was made of, on every path', async () => {
  for (const suite of [node, web]) {
    const identity = await make(suite, 1);
    const loaded = await loadIdentity(suite, structuredClone(identityRecord(identity)));
    assert.is(loaded.address, identity.address);
    assert.equal(loaded.device, identity.device);
  }
});

test('a record with any field missing, cut, swollen or of another kind is refused', async () => {
  const good = identityRecord(await make(node, 0));
  const seed = seedOf(0);
  const damaged: unknown[] = [
    undefined,
    null,
    7,
    'pim',
    {},
    { ...good, version: 2 },
    { ...good, version: undefined },
    { ...good, publicKey: good.publicKey.slice(0, 31) },
    { ...good, publicKey: [...good.publicKey] },
    { ...good, publicKey: undefined },
    { ...good, device: new Uint8Array(7) },
    { ...good, device: new Uint8Array(9) },
    { ...good, device: undefined },
    { ...good, keys: undefined },
    { ...good, keys: { kind: 'seed' } },
    { ...good, keys: { kind: 'else', seed } },
    { ...good, keys: { kind: 'platform', sign: seed, agree: seed } },
    { ...good, keys: { kind: 'platform', sign: null, agree: null } },
    ...[0, 31, 33, 64].map((length) => {
      const wrong = new Uint8Array(length);
      wrong.set(seed.subarray(0, length));
      return { ...good, keys: { kind: 'seed', seed: wrong } };
    }),
  ];
  for (const record of damaged) {
    await refusal(loadIdentity(node, record), 'identity/invalid');
    await refusal(loadIdentity(web, record), 'identity/invalid');
  }
});

test('a public key beside the seed of another is refused', async () => {
  const good = identityRecord(await make(node, 0));
  const mixed = { ...good, publicKey: keyB };
  await refusal(loadIdentity(node, mixed), 'identity/invalid');
  await refusal(loadIdentity(web, mixed), 'identity/invalid');
});

test('platform keys of two identities put together are refused, whichever half is wrong', async () => {
  const [a, b] = await Promise.all([make(web, 0), make(web, 1)]);
  type Held = Extract<StoredKeys, { kind: 'platform' }>;
  const [mine, theirs] = [a.keys.stored as Held, b.keys.stored as Held];
  const record = identityRecord(a);
  for (const keys of [{ ...mine, sign: theirs.sign }, { ...mine, agree: theirs.agree }, theirs]) {
    await refusal(loadIdentity(web, { ...record, keys }), 'identity/invalid');
  }
  assert.is((await loadIdentity(web, { ...record, keys: mine })).address, a.address);
});

test('the portable path says that it cannot use keys a platform holds', async () => {
  const record = identityRecord(await make(web, 0));
  await refusal(loadIdentity(node, record), 'identity/invalid');
});

test('no error about an identity holds a byte of its seed', async () => {
  const seed = seedOf(0);
  const record = { ...identityRecord(await make(node, 0)), publicKey: keyB };
  const fault = await refusal(loadIdentity(node, record), 'identity/invalid');
  const told = JSON.stringify([fault.message, fault.detail, fault.docs]);
  assert.not.ok(told.includes(pim.keys[0]!.seed));
  assert.not.ok(told.includes([...seed.subarray(0, 4)].join(',')));
});

test('a safety number is twelve groups of five digits, other for every other pair', async () => {
  const number = await safetyNumber(node, keyA, keyB);
  assert.match(number, /^(?:\d{5} ){11}\d{5}$/);
  assert.is(number, pim.safety_number);
  assert.not.equal(await safetyNumber(node, keyB, keyA), number);
  const third = (await node.keysFromSeed(random(32))).publicKey;
  assert.not.equal(await safetyNumber(node, keyA, third), number);
});

test.run();
