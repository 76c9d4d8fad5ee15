/** What a device says of what it keeps: the host's word for word, and when it was last backed up. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { HostFacts } from '../../sdk/index.js';
import { refusal } from '../contracts/storage.js';
import { type Alone, made, soon, started } from './alone.js';

const PASS = 'correct horse battery';
const FACTS: HostFacts = {
  name: 'a browser',
  isOnline: true,
  isPersisted: false,
  usedBytes: 1_234,
  quotaBytes: 5_678,
  erasesAfterDays: 7,
  reach: async () => true,
};

async function hosted(facts: unknown): Promise<Alone> {
  const alone = await started();
  Object.assign(alone.machine, { facts });
  return alone;
}

const never = () => new Promise<never>(() => undefined);
const failing = async () => Promise.reject(new Error('no'));

test('what the host says is given as it says it, and cannot be changed', async () => {
  const { pim, storage } = await hosted(async () => FACTS);
  const kept = await pim.identity.kept();
  assert.equal(kept, {
    isPersistent: storage.isPersistent,
    isPersisted: false,
    usedBytes: 1_234,
    quotaBytes: 5_678,
    erasesAfterDays: 7,
    isLocked: false,
    lastBackupAt: null,
  });
  assert.ok(Object.isFrozen(kept));
});

test('a host that says nothing, fails or never answers leaves nulls', async () => {
  for (const facts of [undefined, failing, never]) {
    const { pim, machine } = await hosted(facts);
    const { waiting } = machine;
    const asked = pim.identity.kept();
    if (facts === never) {
      await soon(() => machine.waiting > waiting);
      await machine.pass(3_000);
    }
    const { isPersistent: _, isLocked: __, ...rest } = await asked;
    assert.ok(
      Object.values(rest).every((each) => each === null),
      String(facts),
    );
    assert.is(Object.keys(rest).length, 5);
  }
});

test('a backup is remembered here, and comes along to nobody but as the one restored from', async () => {
  const { pim, machine, storage } = await started();
  const first = Math.floor(machine.now());
  await pim.identity.backup(PASS);
  assert.is((await pim.identity.kept()).lastBackupAt, first);
  await pim.identity.words();
  await machine.pass(60_000);
  const second = Math.floor(machine.now());
  const file = await pim.identity.backup(PASS);
  assert.is((await pim.identity.kept()).lastBackupAt, second);

  const after = await made();
  const { identity } = after.pim;
  await identity.restore(await identity.readBackup(file, PASS));
  assert.is((await identity.kept()).lastBackupAt, second);
  const words = (await identity.words()).join(' ');
  await identity.restore(await identity.readBackup(words), { replace: true });
  assert.is((await identity.kept()).lastBackupAt, null, 'words hold no date');

  for (const odd of ['yesterday', 9e15, Number.NaN]) {
    await storage.write([{ table: 'meta', key: 'backup-at', value: odd }]);
    assert.is((await pim.identity.kept()).lastBackupAt, null, String(odd));
  }
});

test('a full disk keeps nobody from a backup', async () => {
  const { pim, storage } = await started();
  storage.failAt(1, 'full');
  assert.ok((await pim.identity.backup(PASS)).length > 0);
  assert.is((await pim.identity.kept()).lastBackupAt, null);
});

test('the browser is asked, before a start too, and its silence is a no', async () => {
  const { pim, machine } = await made();
  let asked = 0;
  const answers = async (promised: boolean) => {
    machine.persist = async () => {
      asked += 1;
      return promised;
    };
    return pim.identity.persist();
  };
  assert.is(await answers(true), true);
  assert.is(await answers(false), false);
  assert.is(asked, 2);
  machine.persist = failing;
  assert.is(await pim.identity.persist(), false);
  machine.persist = never;
  let answer: boolean | undefined;
  void pim.identity.persist().then((each) => {
    answer = each;
  });
  await soon(() => machine.waiting > 0);
  await machine.pass(59_000);
  assert.is(answer, undefined);
  await machine.pass(1_000);
  await soon(() => answer !== undefined);
  assert.is(answer, false);
});

test('nothing is told of what does not run', async () => {
  const { pim } = await made();
  await refusal(pim.identity.kept(), 'pim/not-started');
});

test.run();
