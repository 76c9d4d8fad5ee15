/** Runs in a page: the crypto contract on both paths, and keys that no script can read. */

import * as assert from 'uvu/assert';
import { type Bytes, fromHex, utf8 } from '../../../sdk/base/bytes.js';
import { chooseSuite } from '../../../sdk/crypto/choose.js';
import { identityRecord, loadIdentity, makeIdentity } from '../../../sdk/crypto/identity.js';
import { verify } from '../../../sdk/crypto/verify.js';
import { browserPlatform } from '../../../sdk/index.js';
import {
  agreementContract,
  type CryptoVectors,
  cryptoContract,
  everyBitOfAnEnvelope,
} from '../../contracts/crypto.js';
import { portable, webCrypto } from '../../contracts/crypto-implementations.js';
import type { PageSuite } from '../../support/in-page.js';

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

/** `value` as it comes back out of a database that was closed in between. */
async function throughIndexedDb(value: unknown): Promise<unknown> {
  const open = () =>
    settled<IDBDatabase>(
      Object.assign(indexedDB.open('keys'), {
        onupgradeneeded(this: IDBOpenDBRequest) {
          this.result.createObjectStore('keys');
        },
      }),
    );
  const writer = await open();
  const write = writer.transaction('keys', 'readwrite');
  write.objectStore('keys').put(value, 'mine');
  await new Promise((done) => {
    write.oncomplete = done;
  });
  writer.close();
  const reader = await open();
  const read = await settled(reader.transaction('keys').objectStore('keys').get('mine'));
  reader.close();
  return read;
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const suite: PageSuite<CryptoVectors> = (test, vectors) => {
  const implementations = [webCrypto(crypto.subtle), portable(random)];
  for (const implementation of implementations) {
    const named: typeof test = (name, run) => test(`${implementation.name}: ${name}`, run);
    cryptoContract(named, implementation, vectors);
  }
  agreementContract(test, implementations, vectors);
  everyBitOfAnEnvelope(test, webCrypto(crypto.subtle), vectors);

  test('the browser gets Web Crypto, and the portable path where it is withheld', async () => {
    const platform = browserPlatform();
    assert.is((await chooseSuite(platform)).name, 'webcrypto');
    assert.is((await chooseSuite({ ...platform, subtle: null })).name, 'portable');
  });

  test('gives the private keys to no script', async () => {
    const { suite } = webCrypto(crypto.subtle);
    const { stored } = await suite.keysFromSeed(random(32));
    if (stored.kind !== 'platform') throw new Error('the platform does not hold the keys');
    for (const key of [stored.sign, stored.agree]) {
      assert.is(key.type, 'private');
      assert.is(key.extractable, false);
      for (const format of ['pkcs8', 'jwk', 'raw'] as const) {
        const leaked = await crypto.subtle.exportKey(format, key).catch(() => null);
        assert.is(leaked, null);
      }
    }
    assert.equal(stored.sign.usages, ['sign']);
    assert.equal(stored.agree.usages, ['deriveBits']);
  });

  test('finds the identity again after the database was closed', async () => {
    const { suite } = webCrypto(crypto.subtle);
    const seed = fromHex(vectors.pim.keys[0]!.seed);
    const identity = await makeIdentity(suite, browserPlatform(), seed);
    const stored = await throughIndexedDb(identityRecord(identity));
    const loaded = await loadIdentity(suite, stored);
    assert.is(loaded.address, vectors.pim.keys[0]!.address);
    assert.equal(loaded.device, identity.device);
    if (loaded.keys.stored.kind !== 'platform') throw new Error('the keys are not the platform’s');
    assert.is(loaded.keys.stored.sign.extractable, false);
    const body = utf8('after a reload');
    const signature = await loaded.keys.sign('signal', body);
    assert.ok(await verify(suite, identity.keys.publicKey, 'signal', body, signature));
    const other = await suite.ephemeral();
    assert.equal(
      await loaded.keys.agree(other.publicKey),
      await other.agree(identity.keys.agreementKey),
    );
  });
};

export default suite;
