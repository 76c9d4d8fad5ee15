/** Identity, name, invitations and the signal clock, as they outlive a page. */

import { webcrypto } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toHex } from '../../sdk/base/bytes.js';
import { PimError } from '../../sdk/base/errors.js';
import { hasIdentity } from '../../sdk/chat/at-home.js';
import { setPrivacy } from '../../sdk/chat/privacy.js';
import { loadOrMakeIdentity, Settings } from '../../sdk/chat/settings.js';
import { WebCryptoSuite } from '../../sdk/crypto/webcrypto.js';
import { refusal } from '../contracts/storage.js';
import { HandPlatform, suite } from '../transport/hand-platform.js';
import { BrokenStorage } from './broken-storage.js';

const platform = new HandPlatform();
const web = new WebCryptoSuite(webcrypto.subtle as unknown as SubtleCrypto);

async function loaded(storage: BrokenStorage): Promise<Settings> {
  const settings = new Settings(storage, { receipts: false, typing: false });
  await settings.load();
  return settings;
}

test('makes an identity once, and finds it ever after', async () => {
  const storage = await BrokenStorage.opened();
  assert.not.ok(await hasIdentity(storage));
  const first = await loadOrMakeIdentity(storage, suite, platform);
  assert.ok(first.isNew);
  assert.ok(await hasIdentity(storage));
  const again = await loadOrMakeIdentity(storage, suite, platform);
  assert.not.ok(again.isNew);
  assert.is(again.identity.address, first.identity.address);
  assert.equal(again.identity.device, first.identity.device);
});

test('a damaged identity is never replaced by a new one', async () => {
  const storage = await BrokenStorage.opened();
  for (const value of [null, {}, 'gone', { version: 2 }]) {
    await storage.write([{ table: 'meta', key: 'identity', value }]);
    await refusal(loadOrMakeIdentity(storage, suite, platform), 'identity/invalid');
    assert.equal(await storage.get('meta', 'identity'), value);
  }
});

test('an identity that cannot be stored is none', async () => {
  const storage = await BrokenStorage.opened();
  storage.failAt(1, 'full');
  await refusal(loadOrMakeIdentity(storage, suite, platform), 'storage/full');
  storage.heal();
  assert.not.ok(await hasIdentity(storage));
});

test('the seed is wiped once the keys are made of it', async () => {
  const seeds: Uint8Array[] = [];
  const watched = Object.assign(new HandPlatform(), {
    random: (length: number) => {
      const bytes = platform.random(length);
      if (length === 32) seeds.push(bytes);
      return bytes;
    },
  });
  await loadOrMakeIdentity(await BrokenStorage.opened(), suite, watched);
  assert.is(seeds.length, 1);
  assert.ok(seeds[0]?.every((byte) => byte === 0));
});

test('a browser that cannot store its own keys keeps the seed instead', async () => {
  const storage = await BrokenStorage.opened();
  const write = storage.write.bind(storage);
  storage.write = async (writes) => {
    const keys = writes.map(
      (each) => 'value' in each && (each.value as { keys?: { kind?: string } }).keys,
    );
    if (keys.some((each) => each && each.kind === 'platform')) {
      throw new PimError('storage/failed', 'A value cannot be copied.', { operation: 'clone' });
    }
    return write(writes);
  };
  const first = await loadOrMakeIdentity(storage, web, platform);
  assert.is(first.identity.keys.stored.kind, 'platform');
  const record = (await storage.get('meta', 'identity')) as { keys: { kind: string } };
  assert.is(record.keys.kind, 'seed');
  const again = await loadOrMakeIdentity(storage, web, platform);
  assert.is(again.identity.address, first.identity.address);
});

test('any other fault of the disk is told and keeps no seed', async () => {
  const storage = await BrokenStorage.opened();
  storage.write = () =>
    Promise.reject(new PimError('storage/failed', 'It failed.', { operation: 'write' }));
  await refusal(loadOrMakeIdentity(storage, web, platform), 'storage/failed');
  assert.not.ok(await hasIdentity(storage));
});

test('the name is stored before it is the name', async () => {
  const storage = await BrokenStorage.opened();
  const settings = await loaded(storage);
  assert.is(settings.name, '');
  await settings.setName('Ann');
  storage.failAt(1, 'full');
  await refusal(settings.setName('Bea'), 'storage/full');
  assert.is(settings.name, 'Ann');
  storage.heal();
  assert.is((await loaded(storage)).name, 'Ann');
});

test('the signal time only grows', async () => {
  const storage = await BrokenStorage.opened();
  const settings = await loaded(storage);
  assert.is(settings.signalTime, 0);
  await settings.keepSignalTime(50);
  const writes = storage.writes;
  await settings.keepSignalTime(50);
  await settings.keepSignalTime(20);
  assert.is(storage.writes, writes);
  await settings.keepSignalTime(60);
  assert.is((await loaded(storage)).signalTime, 60);
});

test('damaged values are as if they were not there', async () => {
  const storage = await BrokenStorage.opened();
  await storage.write([
    { table: 'meta', key: 'name', value: 7 },
    { table: 'meta', key: 'signal-time', value: 'soon' },
  ]);
  const settings = await loaded(storage);
  assert.equal([settings.name, settings.signalTime], ['', 0]);
});

test('what was chosen to be told stands over the options, and damage changes nothing', async () => {
  const storage = await BrokenStorage.opened();
  const settings = await loaded(storage);
  await setPrivacy(storage, settings, { receipts: true, typing: false });
  assert.equal((await loaded(storage)).privacy, { receipts: true, typing: false });
  for (const value of [null, 7, 'on', { receipts: 1, typing: 'yes' }]) {
    await storage.write([{ table: 'meta', key: 'privacy', value }]);
    assert.equal((await loaded(storage)).privacy, { receipts: false, typing: false });
  }
  storage.failAt(1, 'full');
  await refusal(setPrivacy(storage, settings, { receipts: false, typing: true }), 'storage/full');
  assert.equal(settings.privacy, { receipts: true, typing: false }, 'not stored, not so');
});

test('no stored row holds the seed where the platform holds the keys', async () => {
  const storage = await BrokenStorage.opened();
  const seeds: string[] = [];
  const watched = Object.assign(new HandPlatform(), {
    random: (length: number) => {
      const bytes = platform.random(length);
      if (length === 32) seeds.push(toHex(bytes));
      return bytes;
    },
  });
  await loadOrMakeIdentity(storage, web, watched);
  const record = (await storage.get('meta', 'identity')) as Record<string, unknown>;
  const held = [...Object.values(record), ...Object.values(record.keys as object)];
  const hexes = held
    .filter((each) => each instanceof Uint8Array)
    .map((each) => toHex(each as Uint8Array));
  assert.not.ok(hexes.includes(seeds[0] as string));
});

test.run();
