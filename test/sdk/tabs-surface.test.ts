/**
 * Every public call and value of a Pim, from a tab that goes along. The list is held against the
 * classes themselves: a method that is added there and not here fails.
 * @time-limit 120
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isPimError } from '../../sdk/base/errors.js';
import { Pim } from '../../sdk/index.js';
import { ANN, anAddress, BOB } from './alone.js';
import { Browser, type OpenTab, until } from './open-tabs.js';

const AREAS = [
  'contacts',
  'conversations',
  'files',
  'invitations',
  'relays',
  'connections',
  'identity',
] as const;
const RELAY = 'wss://relay.example';

interface World {
  readonly leader: Pim;
  readonly follower: Pim;
  readonly tab: OpenTab;
  /** Somebody with a conversation, and the id of a message of mine in it. */
  readonly id: string;
}

/** What a call gives the tab that goes along is what the leader has then. */
type Check = (world: World) => unknown;

const same = (a: unknown, b: unknown) => assert.equal(a, b);

/** What changes by itself is the same as soon as the news of it have come. */
async function soonSame(a: Pim, b: Pim, of: (pim: Pim) => unknown): Promise<void> {
  const text = (pim: Pim) => JSON.stringify(of(pim));
  await until(() => text(a) === text(b));
  same(of(a), of(b));
}

/** Asked first: those that change nothing of what the later ones need. */
const CALLS: Readonly<Record<string, Check>> = {
  'contacts.list': ({ leader, follower }) => same(follower.contacts.list(), leader.contacts.list()),
  'contacts.get': ({ leader, follower }) => {
    same(follower.contacts.get(ANN), leader.contacts.get(ANN));
    assert.is(follower.contacts.get(BOB), null);
    assert.throws(() => follower.contacts.get('pim1'), isPimError);
  },
  'contacts.requests': ({ follower }) => same(follower.contacts.requests(), []),
  'contacts.add': async ({ leader, follower }) => {
    const contact = await follower.contacts.add(BOB, { name: 'Bob', relays: [RELAY] });
    same(contact, leader.contacts.get(BOB));
    same(follower.contacts.get(BOB), contact);
  },
  'contacts.accept': ({ follower }) => refusedAs(follower.contacts.accept(BOB), 'request/unknown'),
  'contacts.decline': ({ follower }) =>
    refusedAs(follower.contacts.decline(BOB), 'request/unknown'),
  'contacts.rename': async ({ leader, follower }) => {
    assert.is((await follower.contacts.rename(BOB, 'Robert')).name, 'Robert');
    assert.is(leader.contacts.get(BOB)?.name, 'Robert');
  },
  'contacts.verify': async ({ leader, follower }) => {
    const { comparedAt } = await follower.contacts.verify(BOB);
    assert.is(leader.contacts.get(BOB)?.comparedAt, comparedAt);
  },
  'contacts.setRelayOnly': async ({ follower }) => {
    assert.not.ok((await follower.contacts.setRelayOnly(BOB, false)).relayOnly);
    await refusedAs(follower.contacts.setRelayOnly(BOB, true), 'peer/no-turn');
  },
  'contacts.block': async ({ leader, follower }) => {
    assert.is((await follower.contacts.block(BOB)).status, 'blocked');
    assert.is(leader.contacts.get(BOB)?.status, 'blocked');
    await refusedAs(follower.send(BOB, 'x'), 'contact/blocked');
  },
  'contacts.unblock': async ({ follower }) =>
    assert.is((await follower.contacts.unblock(BOB)).status, 'added'),
  'contacts.remove': async ({ leader, follower }) => {
    await follower.contacts.remove(BOB);
    assert.is(leader.contacts.get(BOB), null);
    assert.is(follower.contacts.get(BOB), null);
  },
  'conversations.idOf': ({ leader, follower }) => {
    same(follower.conversations.idOf(ANN), leader.conversations.idOf(ANN));
    const name = leader.conversations.idOf(ANN);
    same(follower.conversations.idOf(name), name);
    assert.throws(() => follower.conversations.idOf(BOB), isPimError);
    assert.throws(() => follower.conversations.idOf(follower.address), /your own/);
  },
  'conversations.list': async ({ leader, follower }) =>
    same(await follower.conversations.list(), await leader.conversations.list()),
  'conversations.open': async ({ leader, follower }) =>
    same(await follower.conversations.open(ANN), await leader.conversations.open(ANN)),
  'conversations.history': async ({ leader, follower, id }) => {
    same(await follower.conversations.history(ANN), await leader.conversations.history(ANN));
    await refusedAs(
      follower.conversations.history(ANN, { before: id, after: id }),
      'options/invalid',
    );
  },
  'conversations.get': async ({ leader, follower, id }) =>
    same(await follower.conversations.get(ANN, id), await leader.conversations.get(ANN, id)),
  'conversations.search': async ({ leader, follower }) => {
    const found = await follower.conversations.search(ANN, 'HÉLLO');
    same(found, await leader.conversations.search(ANN, 'hello'));
    assert.is(found.messages.length, 1);
    const signal = AbortSignal.abort();
    await refusedAs(follower.conversations.search(ANN, 'x', { signal }), 'pim/aborted');
  },
  'conversations.send': async ({ follower }) => {
    assert.is((await follower.conversations.send(ANN, { text: 'two' })).text, 'two');
    await refusedAs(follower.conversations.send(ANN, ''), 'message/empty');
    const signal = AbortSignal.abort();
    await refusedAs(follower.conversations.send(ANN, 'never', { signal }), 'pim/aborted');
  },
  'conversations.reply': async ({ follower, id }) =>
    assert.is((await follower.conversations.reply(ANN, id, 'three')).replyTo, id),
  'conversations.edit': async ({ follower, id }) =>
    assert.is((await follower.conversations.edit(ANN, id, 'hello!')).text, 'hello!'),
  'conversations.react': async ({ follower, id }) => {
    const { reactions } = await follower.conversations.react(ANN, id, '👍');
    same(reactions, [{ emoji: '👍', from: [follower.address] }]);
  },
  'conversations.unreact': async ({ follower, id }) =>
    same((await follower.conversations.unreact(ANN, id, '👍')).reactions, []),
  'conversations.delete': async ({ follower, id }) =>
    assert.ok((await follower.conversations.delete(ANN, id)).deleted),
  'conversations.sendFile': async ({ leader, follower }) => {
    const { id } = await follower.conversations.sendFile(ANN, new Blob(['one file']));
    same(await follower.files.status(ANN, id), await leader.files.status(ANN, id));
  },
  'files.send': async ({ leader, follower }) => {
    const message = await offered(follower);
    same(await leader.conversations.get(ANN, message.id), message);
    await refusedAs(follower.files.send(ANN, 'no file' as never), 'options/invalid');
  },
  'files.status': async ({ leader, follower, id }) => {
    const message = await offered(leader);
    same(await follower.files.status(ANN, message.id), await leader.files.status(ANN, message.id));
    await refusedAs(follower.files.status(ANN, id), 'file/unknown');
  },
  'files.read': async ({ follower }) => {
    const { id } = await offered(follower);
    assert.is(await (await follower.files.read(ANN, id)).text(), 'some bytes');
  },
  'files.pause': async ({ leader, follower }) => {
    const { id } = await offered(leader);
    await follower.files.pause(ANN, id);
    assert.is((await leader.files.status(ANN, id)).state, 'paused');
  },
  'files.resume': async ({ leader, follower }) => {
    const { id } = await offered(leader);
    await leader.files.pause(ANN, id);
    await follower.files.resume(ANN, id);
    assert.is.not((await leader.files.status(ANN, id)).state, 'paused');
  },
  'files.cancel': async ({ leader, follower }) => {
    const { id } = await offered(leader);
    await follower.files.cancel(ANN, id);
    assert.is((await leader.files.status(ANN, id)).state, 'cancelled');
  },
  'files.provide': async ({ leader, follower }) => {
    const { id } = await offered(leader);
    await follower.files.provide(ANN, id, new Blob(['some bytes']));
    await refusedAs(follower.files.provide(ANN, id, new Blob(['other byte'])), 'file/different');
  },
  'files.accept': ({ follower, id }) => refusedAs(follower.files.accept(ANN, id), 'file/unknown'),
  'files.decline': ({ follower, id }) => refusedAs(follower.files.decline(ANN, id), 'file/unknown'),
  'conversations.markRead': async ({ follower }) => follower.conversations.markRead(ANN),
  'conversations.typing': ({ follower }) => {
    follower.conversations.typing(ANN);
    assert.throws(() => follower.conversations.typing(BOB), isPimError);
  },
  'conversations.setDraft': async ({ leader, follower }) => {
    await follower.conversations.setDraft(ANN, 'begun');
    assert.is(await leader.conversations.draft(ANN), 'begun');
  },
  'conversations.draft': async ({ follower }) =>
    assert.is(await follower.conversations.draft(ANN), 'begun'),
  'invitations.create': async ({ leader, follower }) => {
    const { id } = await follower.invitations.create({ label: 'a page' });
    assert.ok((await leader.invitations.list()).some((each) => each.id === id));
    await refusedAs(follower.invitations.create({ uses: -1 }), 'options/invalid');
  },
  'invitations.list': async ({ leader, follower }) =>
    same(await follower.invitations.list(), await leader.invitations.list()),
  'invitations.change': async ({ leader, follower }) => {
    const { id } = await leader.invitations.create();
    await follower.invitations.change(id, { label: 'renamed' });
    const found = (await leader.invitations.list()).find((each) => each.id === id);
    assert.is(found?.label, 'renamed');
  },
  'invitations.withdraw': async ({ leader, follower }) => {
    const { id } = await leader.invitations.create();
    await follower.invitations.withdraw(id);
    assert.not((await leader.invitations.list()).some((each) => each.id === id));
    await refusedAs(follower.invitations.withdraw(id), 'invitation/unknown');
  },
  'relays.list': ({ leader, follower }) =>
    soonSame(follower, leader, ({ relays }) => relays.list()),
  'relays.add': async ({ leader, follower }) => {
    const before = leader.relays.list().length;
    await follower.relays.add('wss://other.example');
    assert.is(leader.relays.list().length, before + 1);
    await soonSame(follower, leader, ({ relays }) => relays.list().map(urlOf));
    await refusedAs(follower.relays.add('http://x'), 'options/invalid');
  },
  'relays.remove': async ({ leader, follower }) => {
    await follower.relays.remove('wss://other.example');
    await soonSame(follower, leader, ({ relays }) => relays.list().map(urlOf));
  },
  'connections.status': async ({ leader, follower }) => {
    await soonSame(follower, leader, ({ connections }) => connections.status(ANN));
    assert.throws(() => follower.connections.status(BOB), /no contact/);
  },
  'connections.retry': ({ follower }) => {
    follower.connections.retry(ANN);
    assert.throws(() => follower.connections.retry(follower.address), /your own/);
  },
  'identity.name': ({ follower }) => assert.is(follower.identity.name, 'Ada'),
  'identity.isPersistent': ({ follower }) => assert.is(follower.identity.isPersistent, true),
  'identity.privacy': ({ leader, follower }) =>
    same(follower.identity.privacy, leader.identity.privacy),
  'identity.setPrivacy': async ({ leader, follower }) => {
    await follower.identity.setPrivacy({ receipts: true });
    assert.is(leader.identity.privacy.receipts, true);
    await until(() => follower.identity.privacy.receipts);
  },
  'identity.setName': async ({ leader, follower }) => {
    await follower.identity.setName('Lovelace');
    assert.is(leader.identity.name, 'Lovelace');
    await until(() => follower.identity.name === 'Lovelace');
  },
  'identity.invitation': async ({ follower }) =>
    assert.match((await follower.identity.invitation({ label: 'x' })).link, follower.address),
  'identity.safetyNumber': async ({ leader, follower }) =>
    same(await follower.identity.safetyNumber(ANN), await leader.identity.safetyNumber(ANN)),
  'identity.kept': async ({ leader, follower }) => {
    const kept = await follower.identity.kept();
    same(kept, await leader.identity.kept());
    assert.ok(Object.isFrozen(kept));
  },
  'identity.persist': async ({ follower }) => assert.is(await follower.identity.persist(), true),
  'identity.words': async ({ leader, follower }) =>
    same(await follower.identity.words(), await leader.identity.words()),
  'identity.pem': async ({ follower }) =>
    assert.match(await follower.identity.pem('secret'), '-----BEGIN ENCRYPTED PRIVATE KEY-----'),
  'identity.backup': async ({ follower }) => {
    const file = await follower.identity.backup('secret');
    assert.ok(file instanceof Uint8Array);
    const backup = await follower.identity.readBackup(file, 'secret');
    assert.is(backup.address, follower.address);
  },
  'identity.readBackup': async ({ follower }) => {
    const backup = await follower.identity.readBackup((await follower.identity.words()).join(' '));
    assert.is(backup.address, follower.address);
  },
  'identity.restore': async ({ leader, follower }) => {
    const backup = await follower.identity.readBackup((await follower.identity.words()).join(' '));
    await refusedAs(follower.identity.restore(backup), 'identity/exists');
    await follower.identity.restore(backup, { replace: true });
    assert.ok(follower.leads);
    await until(() => !leader.leads && leader.contacts.list().length === 0);
    assert.is(leader.address, follower.address);
    await leader.contacts.add(ANN);
  },
  'identity.lock': async ({ leader, follower }) => {
    await follower.identity.lock('secret');
    assert.ok((await leader.identity.kept()).isLocked);
    await refusedAs(follower.identity.lock(''), 'options/invalid');
  },
  'identity.unlock': ({ follower }) => follower.identity.unlock('it runs already'),
  'identity.unlocked': ({ follower }) => follower.identity.unlocked(),
  'identity.relock': async ({ leader, follower }) => {
    await follower.identity.relock();
    assert.is(follower.state, 'stopped');
    await until(() => leader.state === 'stopped');
    await leader.identity.unlock('secret');
    await follower.start();
    assert.is(leader.leads, true);
  },
  'identity.removeLock': async ({ leader, follower }) => {
    await refusedAs(follower.identity.removeLock('wrong'), 'identity/passphrase');
    await follower.identity.removeLock('secret');
    assert.not((await leader.identity.kept()).isLocked);
  },
  'identity.wipe': async ({ leader, follower, tab }) => {
    // The other one has come to lead: it hears of it all the same, since it did not do it.
    const told = new Promise((resolve) => follower.on('error', ({ code }) => resolve(code)));
    await leader.identity.wipe();
    assert.is(leader.state, 'stopped');
    await until(() => follower.state === 'stopped');
    assert.is(await told, 'pim/stopped');
    assert.equal(await tab.machine.indexedDB?.databases(), []);
  },
};

/** Of the Pim itself. */
const OWN: Readonly<Record<string, Check>> = {
  state: ({ follower }) => assert.is(follower.state, 'started'),
  leads: ({ follower }) => assert.is(follower.leads, false),
  address: ({ leader, follower }) => assert.is(follower.address, leader.address),
  start: ({ follower }) => follower.start(),
  on: ({ follower }) => follower.on('message', () => undefined)(),
  once: ({ follower }) => follower.once('message', () => undefined)(),
  off: ({ follower }) => follower.off('message', () => undefined),
  messages: async ({ leader, follower }) => {
    const loop = follower.messages(ANN);
    await leader.send(ANN, 'heard');
    assert.is((await loop.next()).value?.text, 'heard');
    await loop.return();
  },
  send: async ({ leader, follower }) => {
    const sent = await follower.send(ANN, 'sent');
    same((await leader.conversations.history(ANN)).messages.at(-1), sent);
  },
  diagnose: async ({ follower }) => assert.ok((await follower.diagnose()).findings.length > 0),
  stop: () => undefined, // the end of every test here
};

const offered = (pim: Pim) => pim.files.send(ANN, new Blob(['some bytes']), { name: 'a.bin' });

const urlOf = ({ url }: { readonly url: string }) => url;

async function refusedAs(work: Promise<unknown>, code: string): Promise<void> {
  const fault = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(isPimError(fault), `${String(fault)} is a PimError`);
  assert.is(fault.code, code);
}

function publicNames(of: object): string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(of)).filter((n) => n !== 'constructor');
}

test('the list has every call and value there is, and no other', () => {
  const pim = new Pim({ platform: new Browser().tab().machine });
  const areas = AREAS.flatMap((area) => publicNames(pim[area]).map((name) => `${area}.${name}`));
  assert.equal(Object.keys(CALLS).sort(), areas.sort());
  assert.equal(Object.keys(OWN).sort(), publicNames(pim).sort());
  const held = Object.values(pim).filter((value) => typeof value === 'object');
  assert.is(held.length, AREAS.length, 'a new area is named here and in sdk/tabs/reach.ts');
});

test('each of them works from a tab that goes along', async () => {
  const browser = new Browser();
  const { pim: leader } = await browser.started({ name: 'Ada' });
  const tab = await browser.started();
  const { pim: follower } = tab;
  const { id } = await leader.send(ANN, 'hello');
  await leader.contacts.add(await anAddress(7));
  const world: World = { leader, follower, tab, id };
  for (const [name, check] of [...Object.entries(OWN), ...Object.entries(CALLS)]) {
    try {
      await check(world);
    } catch (fault) {
      throw new Error(`${name}: ${String(fault)}`, { cause: fault });
    }
  }
  await follower.stop();
  await leader.stop();
});

test.run();
