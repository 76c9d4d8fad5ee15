/** Which path a platform gets, and that a verifier that cannot be believed starts nothing. */

import { randomBytes, webcrypto } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Bytes } from '../../sdk/base/bytes.js';
import type { Platform } from '../../sdk/base/platform.js';
import { chooseSuite, selfTested } from '../../sdk/crypto/choose.js';
import type { Suite } from '../../sdk/crypto/suite.js';
import { refusal } from '../contracts/storage.js';
import { NodeSuite } from './node-suite.js';

const subtle = webcrypto.subtle as unknown as SubtleCrypto;
const random = (length: number): Bytes => Uint8Array.from(randomBytes(length));

/** A platform as far as cryptography looks at one. */
const platformWith = (given: SubtleCrypto | null): Platform =>
  ({ subtle: given, random }) as unknown as Platform;

/** The real Web Crypto but for some methods, as a hostile script or an old browser has it. */
function subtleWith(changes: Partial<Record<keyof SubtleCrypto, unknown>>): SubtleCrypto {
  const bound = new Proxy(subtle, {
    get: (target, name) => {
      if (name in changes) return changes[name as keyof SubtleCrypto];
      const value = target[name as keyof SubtleCrypto];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return bound;
}

/** A browser that does not know one of the curves. */
function without(curve: string): SubtleCrypto {
  const unknown = (algorithm: unknown) =>
    algorithm === curve || (algorithm as { name?: string })?.name === curve;
  const refuse = () => Promise.reject(new DOMException('unrecognised', 'NotSupportedError'));
  return subtleWith({
    importKey: (format: 'raw', data: Bytes, algorithm: string, ...rest: [boolean, KeyUsage[]]) =>
      unknown(algorithm) ? refuse() : subtle.importKey(format, data, algorithm, ...rest),
    generateKey: (algorithm: string, ...rest: [boolean, KeyUsage[]]) =>
      unknown(algorithm) ? refuse() : subtle.generateKey(algorithm, ...rest),
  });
}

test('Web Crypto is taken where it has both curves', async () => {
  assert.is((await chooseSuite(platformWith(subtle))).name, 'webcrypto');
});

test('the portable path is taken where there is no Web Crypto', async () => {
  assert.is((await chooseSuite(platformWith(null))).name, 'portable');
});

test('the portable path is taken where either curve is missing', async () => {
  assert.is((await chooseSuite(platformWith(without('Ed25519')))).name, 'portable');
  assert.is((await chooseSuite(platformWith(without('X25519')))).name, 'portable');
});

test('the portable path is taken where Web Crypto throws at the first touch', async () => {
  const broken = () => {
    throw new TypeError('patched away');
  };
  for (const method of ['importKey', 'generateKey'] as const) {
    const suite = await chooseSuite(platformWith(subtleWith({ [method]: broken })));
    assert.is(suite.name, 'portable');
  }
});

test('a Web Crypto whose verifier is wrong in any way starts nothing', async () => {
  const verdicts: Record<string, () => unknown> = {
    'says yes to all': async () => true,
    'says no to all': async () => false,
    'rejects all': () => Promise.reject(new DOMException('', 'OperationError')),
    'throws at all': () => {
      throw new TypeError('patched');
    },
    'says something true': async () => 'yes',
    'says nothing': async () => undefined,
    'says yes and no in turn': (() => {
      let calls = 0;
      return async () => calls++ % 2 === 0;
    })(),
  };
  for (const [name, verify] of Object.entries(verdicts)) {
    const chosen = chooseSuite(platformWith(subtleWith({ verify })));
    const fault = await refusal(chosen, 'crypto/self-test-failed');
    assert.equal(fault.detail, { suite: 'webcrypto' }, name);
    assert.is(fault.retryable, false);
  }
});

test('a verifier that looks at half of the signature only starts nothing', async () => {
  const real = new NodeSuite();
  const halves: Suite['verifyUnchecked'][] = [
    async (_key, _message, signature) => signature[0] === 0x92,
    async (_key, message, signature) => message[0] === 0x72 && signature[0] === 0x92,
    async (_key, message, signature) => message[0] === 0x72 && signature[40] === 0x45,
  ];
  for (const verifyUnchecked of halves) {
    const suite = Object.assign(new NodeSuite(), { verifyUnchecked });
    await refusal(selfTested(suite), 'crypto/self-test-failed');
  }
  assert.is(await selfTested(real), real);
});

test('a suite that throws or never says a plain true starts nothing', async () => {
  const wrong: Suite['verifyUnchecked'][] = [
    () => Promise.reject(new Error('broken')),
    () => {
      throw new Error('broken at once');
    },
    async () => true,
    async () => false,
    (async () => 1) as unknown as Suite['verifyUnchecked'],
  ];
  for (const verifyUnchecked of wrong) {
    const suite = Object.assign(new NodeSuite(), { verifyUnchecked });
    const fault = await refusal(selfTested(suite), 'crypto/self-test-failed');
    assert.ok(fault.message.includes('Nothing was started'));
  }
});

test.run();
