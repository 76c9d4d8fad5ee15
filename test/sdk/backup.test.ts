/** An identity taken from one device to another: what comes along, what is refused, what is left. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toHex } from '../../sdk/base/bytes.js';
import type { IdentityRecord } from '../../sdk/crypto/identity.js';
import { HOLDER } from '../../sdk/storage/storage.js';
import { refusal } from '../contracts/storage.js';
import { type Alone, ANN, anAddress, BOB, made, started } from './alone.js';

const PASS = 'correct horse battery';

/** Somebody with a name, two contacts and three messages. */
async function settled(): Promise<Alone> {
  const alone = await started();
  await alone.pim.identity.setName('Grace');
  await alone.pim.contacts.add(ANN, { name: 'Ann' });
  for (const text of ['one', 'two', 'three']) await alone.pim.send(BOB, text);
  return alone;
}

const texts = async ({ pim }: Alone, target: string) =>
  (await pim.conversations.history(target)).messages.map(({ text }) => text);

const identityOf = async ({ storage }: Alone) =>
  (await storage.get('meta', 'identity')) as IdentityRecord & { recovery?: unknown };

test('a backup brings everything to another device, under another device name', async () => {
  const before = await settled();
  const file = await before.pim.identity.backup(PASS);
  const after = await made();
  const backup = await after.pim.identity.readBackup(file, PASS);
  assert.is(backup.address, before.pim.address);
  assert.is(backup.contacts, 2);
  assert.ok(backup.entries >= 3);
  assert.is(backup.madeAt, Math.floor(before.machine.now()));
  assert.is(after.storage.writes, 0, 'nothing is changed by looking');
  await after.pim.identity.restore(backup);
  assert.is(after.pim.state, 'started');
  assert.is(after.pim.address, before.pim.address);
  assert.is(after.of('ready')[0]?.isNew, false);
  assert.is(after.pim.identity.name, 'Grace');
  assert.equal(after.pim.contacts.list(), before.pim.contacts.list());
  assert.equal(await texts(after, BOB), ['one', 'two', 'three']);
  const devices = await Promise.all([before, after].map(identityOf));
  assert.is.not(...(devices.map(({ device }) => toHex(device)) as [string, string]));
});

test('a restored identity can be backed up again, and survives a restart', async () => {
  const before = await settled();
  const after = await made();
  const { identity } = after.pim;
  await identity.restore(await identity.readBackup(await before.pim.identity.backup(PASS), PASS));
  await after.pim.stop();
  await after.pim.start();
  assert.is(after.pim.address, before.pim.address);
  const again = await identity.readBackup(await identity.backup('other'), 'other');
  assert.is(again.address, before.pim.address);
});

test('which page a store belongs to, and whom it was taken from, stays with the store', async () => {
  const [before, after] = [await settled(), await started()];
  const rows = { [HOLDER]: 'me', [`${HOLDER}/former`]: 0 };
  const put = (name: string, value: unknown) => ({ table: 'meta', key: name, value }) as const;
  const former = { table: 'files', key: `${HOLDER}/former`, value: 0 } as const;
  await after.storage.write([former, ...Object.entries(rows).map((row) => put(...row))]);
  await before.storage.write([put(HOLDER, 'them'), put(`${HOLDER}/theirs`, 0)]);
  const file = await before.pim.identity.backup(PASS);
  const { identity } = after.pim;
  await identity.restore(await identity.readBackup(file, PASS), { replace: true });
  const left = await after.storage.list('meta', { from: HOLDER, to: `${HOLDER}~` });
  assert.equal(Object.fromEntries(left.map(({ key, value }) => [key, value])), rows);
  assert.equal(await after.storage.list('files'), [{ key: former.key, value: 0 }]);
});

test('without the messages it brings people and no conversation', async () => {
  const before = await settled();
  const file = await before.pim.identity.backup(PASS, { messages: false });
  const after = await made();
  const backup = await after.pim.identity.readBackup(file, PASS);
  assert.is(backup.entries, 0);
  await after.pim.identity.restore(backup);
  assert.is(after.pim.contacts.list().length, 2);
  assert.equal(await texts(after, BOB), []);
  await after.pim.send(BOB, 'hello again');
  assert.equal(await texts(after, BOB), ['hello again']);
});

test('24 words, and a PEM, bring the key alone', async () => {
  const before = await settled();
  const words = await before.pim.identity.words();
  assert.is(words.length, 24);
  const pem = await before.pim.identity.pem(PASS);
  for (const [from, passphrase] of [
    [words.join(' '), ''],
    [pem, PASS],
  ] as const) {
    const after = await made();
    const backup = await after.pim.identity.readBackup(from, passphrase);
    assert.equal([backup.madeAt, backup.contacts, backup.entries], [null, 0, 0]);
    await after.pim.identity.restore(backup);
    assert.is(after.pim.address, before.pim.address);
    assert.equal(after.pim.contacts.list(), []);
  }
});

test('whoever is at home is not replaced without being asked', async () => {
  const before = await settled();
  const file = await before.pim.identity.backup(PASS);
  const other = await started();
  const { address } = other.pim;
  const backup = await other.pim.identity.readBackup(file, PASS);
  await refusal(other.pim.identity.restore(backup), 'identity/exists');
  assert.is(other.pim.address, address);
  assert.is(other.pim.state, 'started');
  await other.pim.stop();
  await refusal(other.pim.identity.restore(backup), 'identity/exists');
  assert.is(other.pim.state, 'stopped');
  await other.pim.identity.restore(backup, { replace: true });
  assert.is(other.pim.address, before.pim.address);
});

test('replacing leaves nothing of who was there', async () => {
  const before = await settled();
  const other = await started();
  const cleo = await anAddress(9);
  await other.pim.contacts.add(cleo);
  await other.pim.send(cleo, 'to be gone');
  const backup = await other.pim.identity.readBackup(
    await before.pim.identity.words().then(String),
  );
  await other.pim.identity.restore(backup, { replace: true });
  assert.equal(other.pim.contacts.list(), []);
  assert.equal(await other.pim.conversations.list(), []);
  for (const table of ['contacts', 'conversations', 'entries', 'logs', 'files'] as const) {
    assert.equal(await other.storage.list(table), [], table);
  }
});

test('a restore that cannot be stored changes nothing, and who was there is there again', async () => {
  const before = await settled();
  const other = await started();
  const { address } = other.pim;
  const backup = await other.pim.identity.readBackup(await before.pim.identity.backup(PASS), PASS);
  other.storage.failAt(1, 'full');
  await refusal(other.pim.identity.restore(backup, { replace: true }), 'storage/full');
  other.storage.heal();
  assert.is(other.pim.state, 'started');
  assert.is(other.pim.address, address);
});

test('a wrong passphrase and a missing one are told apart', async () => {
  const { pim } = await settled();
  const file = await pim.identity.backup(PASS);
  await refusal(pim.identity.readBackup(file, 'wrong'), 'backup/passphrase');
  await refusal(pim.identity.backup(''), 'options/invalid');
  await refusal(pim.identity.pem(''), 'options/invalid');
  await refusal(pim.identity.backup(undefined as never), 'options/invalid');
});

test('an identity that kept no seed cannot be backed up, and says so', async () => {
  const alone = await settled();
  const { recovery: _, ...record } = await identityOf(alone);
  await alone.storage.write([{ table: 'meta', key: 'identity', value: record }]);
  await refusal(alone.pim.identity.backup(PASS), 'backup/no-seed');
  await refusal(alone.pim.identity.words(), 'backup/no-seed');
});

test('the sealed seed of somebody else opens nothing', async () => {
  const [alone, other] = [await settled(), await started()];
  const { recovery } = await identityOf(other);
  const record = await identityOf(alone);
  await alone.storage.write([{ table: 'meta', key: 'identity', value: { ...record, recovery } }]);
  await refusal(alone.pim.identity.words(), 'backup/no-seed');
});

test('no seed lies open in the store, in a backup, or in what is logged', async () => {
  const alone = await settled();
  const words = await alone.pim.identity.words();
  const { seedOfWords } = await import('../../sdk/backup/words.js');
  const seed = toHex(seedOfWords(words.join(' ')));
  const record = await identityOf(alone);
  const stored = JSON.stringify(record, (_, value) =>
    value instanceof Uint8Array ? toHex(value) : value,
  );
  assert.not.ok(stored.includes(seed));
  assert.not.ok(toHex(await alone.pim.identity.backup(PASS)).includes(seed));
  assert.not.ok(alone.logged.join().includes(seed));
});

test.run();
