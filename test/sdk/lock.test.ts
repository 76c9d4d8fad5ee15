/**
 * An identity under a passphrase: what is stored of it, what opens it, what works without it, and
 * what several tabs share of the opening.
 * @time-limit 120
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toHex } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import type { Row } from '../../sdk/storage/storage.js';
import { refusal } from '../contracts/storage.js';
import { type Alone, ANN, made, started } from './alone.js';
import { holdsKey, PASS, textOf } from './locking.js';

/** The same disk and another page: nothing that was held in memory is there. */
const reloaded = async ({ pim, storage }: Alone): Promise<Alone> => {
  await pim.stop();
  return made({}, { storage });
};

/** Everything stored, to look for keys in. */
const metaOf = ({ storage }: Alone): Promise<Row[]> => storage.list('meta');

async function locked(): Promise<Alone> {
  const alone = await started({ name: 'Grace' });
  await alone.pim.send(ANN, 'before');
  await alone.pim.identity.lock(PASS);
  return alone;
}

test('a lock leaves no usable key in the store, and the chat runs on', async () => {
  const alone = await started();
  const words = await alone.pim.identity.words();
  assert.ok(
    (await metaOf(alone)).some(({ value }) => holdsKey(value)),
    'there is one before',
  );
  assert.is((await alone.pim.identity.kept()).isLocked, false);
  await alone.pim.identity.lock(PASS);
  assert.is((await alone.pim.identity.kept()).isLocked, true);
  const rows = await metaOf(alone);
  assert.not.ok(rows.some(({ value }) => holdsKey(value)));
  const { seedOfWords } = await import('../../sdk/backup/words.js');
  const seed = toHex(seedOfWords(words.join(' ')));
  assert.not.ok(textOf(rows).includes(seed));
  assert.not.ok(textOf(rows).includes(PASS));
  await alone.pim.send(ANN, 'still here');
  assert.equal(await alone.pim.identity.words(), words, 'the words ask for nothing more');
  await alone.pim.stop();
  await alone.pim.start();
  assert.is(alone.pim.state, 'started', 'nor does a restart in the same page');
});

test('the next page is asked for the passphrase, before any socket proves who it is', async () => {
  const before = await locked();
  const { address } = before.pim;
  const after = await reloaded(before);
  const fault = await after.pim.start().catch((thrown: unknown) => thrown);
  assert.ok(isPimError(fault, 'identity/locked'));
  assert.is(fault.detail.address, address);
  assert.is(after.pim.state, 'stopped');
  assert.throws(() => after.pim.address, /not been started/);
  await refusal(after.pim.identity.unlock('wrong'), 'identity/passphrase');
  await refusal(after.pim.identity.unlock(''), 'options/invalid');
  assert.is(after.pim.state, 'stopped');
  await after.pim.identity.unlock(PASS);
  assert.is(after.pim.address, address);
  assert.is(after.pim.identity.name, 'Grace');
  assert.is(after.of('ready')[0]?.isNew, false);
  const { messages } = await after.pim.conversations.history(ANN);
  assert.equal(
    messages.map(({ text }) => text),
    ['before'],
  );
  assert.is((await after.pim.identity.words()).length, 24);
});

test('unlocking where nothing was tried before, or where it runs, needs no start of its own', async () => {
  const before = await locked();
  const after = await reloaded(before);
  await after.pim.identity.unlock(PASS);
  assert.is(after.pim.state, 'started');
  await after.pim.identity.unlock('whatever');
  const plain = await made();
  await plain.pim.identity.unlock('whatever');
  assert.is(plain.of('ready')[0]?.isNew, true, 'nobody had a lock here');
});

test('no login happens before the passphrase, however often it is wrong', async () => {
  const before = await locked();
  await before.pim.stop();
  const relays = ['wss://relay.example'];
  const after = await made({ relays }, { storage: before.storage });
  await refusal(after.pim.start(), 'identity/locked');
  const dialled = after.machine.sockets.length;
  for (const guess of ['one', 'two']) {
    await refusal(after.pim.identity.unlock(guess), 'identity/passphrase');
  }
  assert.is(after.machine.sockets.length, dialled, 'a guess dials nobody');
  assert.ok(
    after.machine.sockets.every(({ sent, readyState }) => sent.length === 0 && readyState > 1),
  );
});

test('another passphrase, or none, is set only by whoever knows the present one', async () => {
  const alone = await locked();
  const { identity } = alone.pim;
  await refusal(identity.lock('new'), 'identity/passphrase');
  await refusal(identity.lock('new', { current: 'wrong' }), 'identity/passphrase');
  await refusal(identity.removeLock('wrong'), 'identity/passphrase');
  await identity.lock('new', { current: PASS });
  const second = await reloaded(alone);
  await refusal(second.pim.identity.unlock(PASS), 'identity/passphrase');
  await second.pim.identity.unlock('new');
  await second.pim.identity.removeLock('new');
  await second.pim.identity.removeLock('it is gone already');
  assert.is((await second.pim.identity.kept()).isLocked, false);
  const third = await reloaded(second);
  await third.pim.start();
  assert.is((await third.pim.identity.words()).length, 24);
  await third.pim.send(ANN, 'free');
});

test('the device stays the same through lock, unlock and removal', async () => {
  const deviceOf = async ({ storage }: Alone) => {
    const record = (await storage.get('meta', 'identity')) as { device: Uint8Array };
    return record.device;
  };
  const alone = await started();
  const device = await deviceOf(alone);
  await alone.pim.identity.lock(PASS);
  assert.equal(await deviceOf(alone), device);
  const after = await reloaded(alone);
  await after.pim.identity.unlock(PASS);
  await after.pim.identity.removeLock(PASS);
  assert.equal(await deviceOf(after), device);
});

test('one passphrase, however a keyboard writes it', async () => {
  const alone = await started();
  await alone.pim.identity.lock('Z\u00fcrich \u2460');
  const after = await reloaded(alone);
  await after.pim.identity.unlock('Zu\u0308rich 1');
  assert.is(after.pim.state, 'started');
});

test('an empty passphrase is no lock, and changes nothing', async () => {
  const alone = await started();
  await refusal(alone.pim.identity.lock(''), 'options/invalid');
  await refusal(alone.pim.identity.lock(undefined as never), 'options/invalid');
  assert.is((await alone.pim.identity.kept()).isLocked, false);
});

test('a lock that cannot be stored leaves everything as it was', async () => {
  const alone = await started();
  alone.storage.failAt(1, 'full');
  await refusal(alone.pim.identity.lock(PASS), 'storage/full');
  alone.storage.heal();
  assert.is((await alone.pim.identity.kept()).isLocked, false);
  const after = await reloaded(alone);
  await after.pim.start();
});

test('a crash at the write of a lock leaves a key that opens, with or without it', async () => {
  for (const how of ['crash-before', 'crash-after'] as const) {
    const alone = await started();
    const { address } = alone.pim;
    alone.storage.failAt(1, how);
    await alone.pim.identity.lock(PASS).catch(() => undefined);
    alone.storage.heal();
    const after = await reloaded(alone);
    if (how === 'crash-before') await after.pim.start();
    else await after.pim.identity.unlock(PASS);
    assert.is(after.pim.address, address, how);
  }
});

test('an identity that kept no seed cannot be locked, and says so', async () => {
  const alone = await started();
  const record = (await alone.storage.get('meta', 'identity')) as object;
  const value = { ...record, recovery: undefined };
  await alone.storage.write([{ table: 'meta', key: 'identity', value }]);
  await refusal(alone.pim.identity.lock(PASS), 'backup/no-seed');
  assert.is((await alone.pim.identity.kept()).isLocked, false);
});

test('a locked key that was cut, altered or swapped opens nothing and is not replaced', async () => {
  const [alone, other] = [await locked(), await started()];
  await other.pim.identity.lock(PASS);
  type Stored = { keys: { kind: string; sealed: Uint8Array }; publicKey: Uint8Array };
  const [mine, theirs] = await Promise.all(
    [alone, other].map(({ storage }) => storage.get('meta', 'identity') as Promise<Stored>),
  );
  const { sealed } = mine!.keys;
  const flipped = sealed.map((byte, i) => (i === 60 ? byte ^ 1 : byte));
  const cases: [unknown, string][] = [
    [{ ...mine, keys: { kind: 'locked', sealed: flipped } }, 'identity/passphrase'],
    [{ ...mine, keys: { kind: 'locked', sealed: sealed.slice(0, 50) } }, 'identity/invalid'],
    [{ ...mine, keys: { kind: 'locked', sealed: 'text' } }, 'identity/invalid'],
    [{ ...mine, keys: { kind: 'locked' } }, 'identity/invalid'],
    [{ ...mine, publicKey: undefined }, 'identity/invalid'],
    [{ ...mine, version: 2 }, 'identity/invalid'],
    [{ ...mine, keys: theirs!.keys }, 'identity/invalid'],
  ];
  for (const [value, code] of cases) {
    await alone.storage.write([{ table: 'meta', key: 'identity', value }]);
    const after = await reloaded(alone);
    await refusal(after.pim.identity.unlock(PASS), code as 'identity/invalid');
    assert.is(after.pim.state, 'stopped');
    assert.equal(await after.storage.get('meta', 'identity'), value);
  }
});

test('everything can be erased where the passphrase is forgotten', async () => {
  const before = await locked();
  const { address } = before.pim;
  const after = await reloaded(before);
  await refusal(after.pim.identity.wipe(), 'pim/not-started');
  await refusal(after.pim.start(), 'identity/locked');
  await after.pim.identity.wipe();
  assert.is(after.pim.state, 'stopped');
  await after.storage.open();
  assert.equal(await metaOf(after), []);
  assert.equal(await after.storage.list('entries'), []);
  await after.pim.start();
  assert.is.not(after.pim.address, address);
});

test('what was opened is closed again by one call, where there is a lock', async () => {
  const plain = await started();
  await plain.pim.identity.relock();
  assert.is(plain.pim.state, 'started', 'there is nothing to close');
  const before = await locked();
  const after = await reloaded(before);
  await refusal(after.pim.identity.relock(), 'pim/not-started');
  await after.pim.identity.unlock(PASS);
  const { address } = after.pim;
  await after.pim.identity.relock();
  assert.is(after.pim.state, 'stopped');
  assert.equal(
    after.of('error').map((fault) => isPimError(fault, 'identity/locked') && fault.detail),
    [{ address }],
  );
  await refusal(after.pim.start(), 'identity/locked');
  await refusal(after.pim.identity.unlock('wrong'), 'identity/passphrase');
  await after.pim.identity.unlock(PASS);
  assert.is(after.pim.address, address);
  await after.pim.identity.relock();
  await after.pim.identity.wipe();
  await after.storage.open();
  assert.equal(await metaOf(after), [], 'it can be erased without being tried again');
});

test('a passphrase that was changed while the key was open is the one it asks for, closed again', async () => {
  const after = await reloaded(await locked());
  const { identity } = after.pim;
  await identity.unlock(PASS);
  await identity.lock('new', { current: PASS });
  await identity.relock();
  await refusal(identity.unlock(PASS), 'identity/passphrase');
  assert.is(after.pim.state, 'stopped');
  await identity.unlock('new');
  assert.is(after.pim.state, 'started');
});

test('where the store keeps the seed itself, the open key outlives a change of the passphrase', async () => {
  const alone = await started();
  const { identity } = alone.pim;
  const { seedOfWords } = await import('../../sdk/backup/words.js');
  const seed = seedOfWords((await identity.words()).join(' '));
  const record = (await alone.storage.get('meta', 'identity')) as object;
  const value = { ...record, recovery: undefined, keys: { kind: 'seed', seed } };
  await alone.storage.write([{ table: 'meta', key: 'identity', value }]);
  await identity.lock(PASS);
  await identity.lock('new', { current: PASS });
  await alone.pim.stop();
  await alone.pim.start();
  assert.is((await identity.words()).length, 24);
});

test('a backup of before opens as it did, and takes the place of what is locked', async () => {
  const alone = await started();
  const { address } = alone.pim;
  const file = await alone.pim.identity.backup('another');
  await alone.pim.identity.lock(PASS);
  const later = await alone.pim.identity.backup('a third');
  const after = await reloaded(alone);
  await refusal(after.pim.start(), 'identity/locked');
  const { identity } = after.pim;
  const backup = await identity.readBackup(file, 'another');
  assert.is(backup.address, address);
  await refusal(identity.restore(backup), 'identity/exists');
  await identity.restore(backup, { replace: true });
  assert.is(after.pim.state, 'started');
  assert.is((await identity.kept()).isLocked, false);
  assert.is((await identity.readBackup(later, 'a third')).address, backup.address);
});

test('whoever forgot the passphrase opens it with the words, and loses nothing', async () => {
  const before = await started();
  const words = (await before.pim.identity.words()).join(' ');
  await before.pim.send(ANN, 'kept');
  await before.pim.identity.lock(PASS);
  const after = await reloaded(before);
  const { identity } = after.pim;
  const backup = await identity.readBackup(words);
  const stranger = await started();
  const foreign = await identity.readBackup((await stranger.pim.identity.words()).join(' '));
  await refusal(identity.unlock(foreign), 'identity/exists');
  assert.is(after.pim.state, 'stopped');
  await identity.unlock(backup);
  assert.is(after.pim.address, backup.address);
  const { messages } = await after.pim.conversations.history(ANN);
  assert.equal(
    messages.map(({ text }) => text),
    ['kept'],
  );
  assert.is((await identity.kept()).isLocked, false, 'the lock is gone, to be set anew');
  const third = await reloaded(after);
  await third.pim.start();
});

test.run();
