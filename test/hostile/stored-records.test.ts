/**
 * What lies on the disk is input like any other: rows that rotted, were cut, swapped, or written by
 * another script of the page. Each ends in a typed error or is left out; what is whole survives.
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { IndexedDbStorage } from '../../sdk/storage/indexeddb-storage.js';
import { type Row, TABLES, type TableName } from '../../sdk/storage/storage.js';
import { friends as anyFriends } from '../journeys/steps.js';
import { outcome, printOutcomes, refusedWith } from '../support/evil-report.js';
import { type LocalPerson, refused, type World, withWorld } from '../support/people.js';
import { random } from '../support/relay-client.js';

test.after(() => printOutcomes('Damaged records:'));

type Fields = Record<string, unknown>;

/** Opens Ann's database beside her, as another script of her page could. */
async function onDisk(
  person: LocalPerson,
  use: (storage: IndexedDbStorage) => Promise<void>,
): Promise<void> {
  const storage = new IndexedDbStorage(person.disk.factory, 'pim');
  await storage.open();
  try {
    await use(storage);
  } finally {
    await storage.close();
  }
}

const rows = async (person: LocalPerson, table: TableName): Promise<Row[]> => {
  let found: Row[] = [];
  await onDisk(person, async (storage) => {
    found = await storage.list(table);
  });
  return found;
};

const put = (person: LocalPerson, table: TableName, key: string, value: unknown) =>
  onDisk(person, (storage) => storage.write([{ table, key, value }]));

async function friends(world: World): Promise<{ ann: LocalPerson; bob: LocalPerson }> {
  return (await anyFriends(world)) as { ann: LocalPerson; bob: LocalPerson };
}

/** What becomes of the stored identity → how. */
const IDENTITIES: readonly [what: string, change: (record: Fields, other: Fields) => unknown][] = [
  ['an empty public key', (record) => ({ ...record, publicKey: new Uint8Array(0) })],
  ['31 bytes of public key', (record) => ({ ...record, publicKey: cut(record.publicKey, 31) })],
  ['33 bytes of public key', (record) => ({ ...record, publicKey: new Uint8Array(33) })],
  ['another public key', (record, other) => ({ ...record, publicKey: other.publicKey })],
  ['the keys of somebody else', (record, other) => ({ ...record, keys: other.keys })],
  [
    'the two keys swapped',
    (record) => {
      const { sign, agree } = record.keys as { sign: unknown; agree: unknown };
      return { ...record, keys: { kind: 'platform', sign: agree, agree: sign } };
    },
  ],
  [
    'the agreement key of somebody else',
    (record, other) => {
      const { agree } = other.keys as { agree: unknown };
      return { ...record, keys: { ...(record.keys as object), agree } };
    },
  ],
  ['no keys', (record) => ({ ...record, keys: undefined })],
  [
    'keys that are text',
    (record) => ({ ...record, keys: { kind: 'platform', sign: 'a', agree: 'b' } }),
  ],
  ['an empty seed', seed(0)],
  ['a seed of 31 bytes', seed(31)],
  ['a seed of 33 bytes', seed(33)],
  ['a seed of another key', seed(32)],
  ['7 bytes of device', (record) => ({ ...record, device: random(7) })],
  ['a newer version', (record) => ({ ...record, version: 2 })],
  ['nothing but null', () => null],
  ['a text', () => 'identity'],
  ['a list', () => [1, 2, 3]],
];

function seed(length: number) {
  return (record: Fields) => ({ ...record, keys: { kind: 'seed', seed: random(length) } });
}

function cut(bytes: unknown, length: number): Uint8Array {
  return (bytes as Uint8Array).slice(0, length);
}

for (const [what, change] of IDENTITIES) {
  test(`a stored identity with ${what} is refused, never replaced or padded`, () =>
    withWorld(async (world) => {
      const [ann, eve] = await Promise.all([world.person('Ann'), world.person('Eve')]);
      const address = ann.address;
      await Promise.all([ann.ask('stop'), eve.ask('stop')]);
      const [mine, hers] = await Promise.all([identityOf(ann), identityOf(eve)]);
      await put(ann, 'meta', 'identity', change(mine, hers));
      const fault = await refused(ann.ask('start'));
      refusedWith(`an identity with ${what}`, fault, 'identity/invalid', 'not started');
      // It is left as it was found, and once mended it is the same person.
      await put(ann, 'meta', 'identity', mine);
      await ann.ask('start');
      assert.is(ann.address, address);
    }));
}

async function identityOf(person: LocalPerson): Promise<Fields> {
  const row = (await rows(person, 'meta')).find(({ key }) => key === 'identity');
  return row?.value as Fields;
}

/** Ways a row can be wrong; `undefined` fields are missing ones. */
const DAMAGE: readonly ((value: Fields) => unknown)[] = [
  () => null,
  () => 'text',
  () => 42,
  () => [],
  () => ({}),
  () => new Uint8Array(100),
  (value) => ({ ...value, key: 'zz', id: 'zz', bytes: 'zz' }),
  (value) => ({ ...value, key: undefined, id: undefined, bytes: undefined }),
  (value) => ({ ...value, status: 'friend', declined: 'no', heads: null, storedAt: 'now' }),
  (value) => ({ ...value, devices: { a: -1 }, heads: { a: 1.5 }, text: 7, storedAt: null }),
];

for (const table of ['contacts', 'conversations', 'requests'] as const) {
  test(`damaged rows of ${table} are left out and told; the others survive`, () =>
    withWorld(async (world) => {
      const { ann, bob } = await friends(world);
      const eve = await world.person('Eve', { relays: ann.options.relays ?? [] });
      await eve.ask('send', ann.address, 'let me in');
      await ann.sees('request', (event) => event.from === eve.address);
      await ann.ask('stop');
      const [whole] = await rows(ann, table);
      for (const [n, damage] of DAMAGE.entries()) {
        await put(ann, table, `damaged-${n}`, damage(whole?.value as Fields));
      }
      const past = ann.log.length;
      await ann.ask('start');
      const told = ann.log.slice(past).filter((seen) => seen.type === 'error');
      assert.ok(told.length > 0 && told.length <= DAMAGE.length);
      for (const { event } of told) {
        const { code, detail } = event as { code: string; detail: { table: string } };
        assert.is(code, 'storage/invalid');
        assert.is(detail.table, table);
      }
      assert.equal(await ann.history(bob), ['hello']);
      assert.equal(
        (await ann.ask('contacts.list')).map((contact) => contact.address),
        [bob.address],
      );
      assert.equal(
        (await ann.ask('contacts.requests')).map((request) => request.from),
        [eve.address],
      );
      outcome(`${DAMAGE.length} damaged rows of ${table}`, `${told.length} told, whole ones kept`);
    }));
}

test('damaged entries are left out, and do not take the others with them', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    for (const text of ['one', 'two', 'three']) await ann.ask('send', bob.address, text);
    await ann.ask('stop');
    const entries = await rows(ann, 'entries');
    const [, second] = entries.slice(-3);
    const value = second?.value as Fields;
    const bytes = value.bytes as Uint8Array;
    const wrong = [null, {}, { ...value, bytes: cut(bytes, 10) }, { ...value, bytes: random(90) }];
    for (const each of wrong) {
      await put(ann, 'entries', second?.key ?? '', each);
      await ann.ask('start');
      assert.equal(await ann.history(bob), ['hello', 'one', 'three']);
      await ann.ask('conversations.list');
      await ann.ask('stop');
    }
    // And a row of the index that leads nowhere.
    for (const { key } of await rows(ann, 'logs')) await put(ann, 'logs', key, 'nowhere');
    await ann.ask('start');
    assert.equal(await ann.history(bob), ['hello', 'one', 'three']);
    outcome('damaged entries, an index that leads nowhere', 'left out; the others are shown');
  }));

test('records named or shaped like built-ins pollute nothing', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    await ann.ask('stop');
    const evil = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"polluted":true}}');
    for (const table of TABLES.filter((each) => each !== 'meta')) {
      for (const key of ['__proto__', 'constructor', 'toString']) {
        await put(ann, table, key, evil);
        const [whole] = await rows(ann, table);
        await put(ann, table, `${key}-2`, { ...(whole?.value as object), ...evil });
      }
    }
    for (const key of ['name', 'signal-time', 'invitation/x', '__proto__']) {
      await put(ann, 'meta', key, evil);
    }
    await ann.ask('start');
    assert.is(({} as { polluted?: true }).polluted, undefined);
    assert.is((Object as unknown as { polluted?: true }).polluted, undefined);
    assert.equal(await ann.history(bob), ['hello']);
    outcome('records called `__proto__`, with fields called so', 'nothing polluted');
  }));

test('a wipe leaves no row, no database and no lock behind', () =>
  withWorld(async (world) => {
    const { ann } = await friends(world);
    assert.ok((await ann.disk.factory.databases()).length > 0);
    await ann.ask('identity.wipe');
    assert.equal(await ann.disk.factory.databases(), []);
    assert.ok(!ann.disk.tabs.isHeld('pim'));
  }));

test('a database of a newer version of the program is left alone, and memory used instead', () =>
  withWorld(async (world) => {
    const ann = await world.person('Ann', { isStarted: false });
    await new Promise<void>((resolve, reject) => {
      const request = ann.disk.factory.open('pim', 99);
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
      request.onerror = () => reject(request.error);
    });
    await ann.ask('start');
    const fault = ann.all('error')[0];
    refusedWith('a database of a newer version', fault, 'storage/unavailable', 'memory is used');
    assert.equal(fault?.detail, { reason: 'newer-version' });
    assert.is(ann.all('ready')[0]?.isPersistent, false);
    const [database] = await ann.disk.factory.databases();
    assert.is(database?.version, 99);
  }));

test.run();
