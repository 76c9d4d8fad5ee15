/**
 * What was told was stored: pages that crash in the very moment of an event, disks that are full,
 * and networks that go away without a word.
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { IndexedDbStorage } from '../../sdk/storage/indexeddb-storage.js';
import { TABLES, type Write } from '../../sdk/storage/storage.js';
import { eventually, type LocalPerson, refused, type World, withWorld } from '../support/people.js';
import { together } from '../support/together.js';
import { friends as anyFriends, arrived, connected } from './steps.js';

const cases: [name: string, run: () => Promise<void>][] = [];
const holds = (name: string, run: () => Promise<void>) => cases.push([name, run]);

async function friends(world: World): Promise<{ ann: LocalPerson; bob: LocalPerson }> {
  return (await anyFriends(world)) as { ann: LocalPerson; bob: LocalPerson };
}

/** The page dies inside the handler of the next such event. */
function crashAt(person: LocalPerson, type: 'message' | 'request' | 'contact'): Promise<void> {
  return new Promise((resolve) => {
    person.pim.on(type, () => {
      person.machine.vanish();
      resolve();
    });
  });
}

holds('a message is on the disk before it is shown, and not lost or doubled by a crash then', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    const crash = crashAt(bob, 'message');
    const { id } = await ann.ask('send', bob.address, 'precious');
    await crash;
    await bob.crash();
    await bob.reload();
    assert.equal(await bob.history(ann), ['hello', 'precious']);
    await world.hurry(ann.sees('receipt', (event) => event.ids.includes(id)));
    assert.equal(await bob.history(ann), ['hello', 'precious']);
  }),
);

holds('a message is on the disk before send resolves', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    await bob.leave();
    await ann.ask('send', bob.address, 'written');
    await ann.crash();
    await Promise.all([ann.reload(), bob.reload()]);
    await world.hurry(arrived(bob, 'written'));
    assert.equal(await ann.history(bob), ['hello', 'written']);
  }),
);

holds('a request is on the disk before it is shown, and shown once', () =>
  withWorld(async (world) => {
    const relay = await world.relay();
    const bob = await world.person('Bob', { relays: [relay.url] });
    const ann = await world.person('Ann', { relays: [relay.url] });
    await bob.sees('relay', (event) => event.state === 'online');
    const crash = crashAt(bob, 'request');
    await ann.ask('send', bob.address, 'hello');
    await crash;
    await bob.crash();
    await bob.reload();
    const [request] = await bob.ask('contacts.requests');
    assert.is(request?.from, ann.address);
    await world.clock.pass(30_000);
    assert.equal((await bob.ask('contacts.requests')).length, 1);
    assert.is(bob.all('request').length, 1);
  }),
);

holds('an accepted contact is on the disk before it is told', () =>
  withWorld(async (world) => {
    const relay = await world.relay();
    const bob = await world.person('Bob', { relays: [relay.url] });
    const ann = await world.person('Ann', { relays: [relay.url] });
    await bob.sees('relay', (event) => event.state === 'online');
    await ann.ask('send', bob.address, 'hello');
    await bob.sees('request');
    const crash = crashAt(bob, 'contact');
    bob.pim.contacts.accept(ann.address).catch(() => undefined);
    await crash;
    await bob.crash();
    await bob.reload();
    await world.hurry(arrived(bob, 'hello'));
    assert.equal(await bob.ask('contacts.requests'), []);
  }),
);

holds('delivered means stored: the receiver may crash as soon as the sender is told', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    const texts = ['1', '2', '3', '4', '5'];
    const sent = await Promise.all(texts.map((text) => ann.ask('send', bob.address, text)));
    const last = sent.at(-1)?.id ?? '';
    await new Promise<void>((resolve) => {
      ann.pim.on('receipt', ({ ids }) => {
        if (!ids.includes(last)) return;
        bob.machine.vanish();
        resolve();
      });
    });
    await bob.crash();
    await bob.reload();
    assert.equal(await bob.history(ann), ['hello', ...texts]);
  }),
);

holds('a crash in the middle of a hundred messages loses and doubles none', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    const texts = Array.from({ length: 100 }, (_, n) => `m${n}`);
    const writing = (async () => {
      for (const text of texts) await ann.ask('send', bob.address, text);
    })();
    for (const text of ['m10', 'm40', 'm70']) {
      await arrived(bob, text);
      await bob.crash();
      await bob.reload();
      world.network.fail(ann.owner);
      await world.hurry(connected(ann, bob));
    }
    await writing;
    await world.hurry(arrived(bob, 'm99'));
    assert.equal(await bob.history(ann), ['hello', ...texts]);
    assert.equal(new Set(bob.texts).size, bob.texts.length);
  }),
);

holds('a full disk refuses a message before it is accepted, and loses nothing', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    ann.disk.isFull = true;
    const fault = await refused(ann.ask('send', bob.address, 'too much'));
    assert.is(fault.code, 'storage/full');
    assert.equal(await ann.history(bob), ['hello']);
    assert.not.ok(ann.texts.includes('too much'));
    ann.disk.isFull = false;
    await ann.ask('send', bob.address, 'room again');
    await arrived(bob, 'room again');
    assert.equal(await bob.history(ann), ['hello', 'room again']);
  }),
);

holds('a full disk on the other side keeps a message waiting until there is room', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    bob.disk.isFull = true;
    const { id } = await ann.ask('send', bob.address, 'for a full disk');
    await bob.sees('error', (error) => error.code === 'storage/full');
    assert.not.ok(bob.texts.includes('for a full disk'));
    // It is tried again, ever later, over the connection that is there, and told once.
    const before = bob.machine.connections.length;
    await world.clock.pass(120_000);
    assert.is(bob.machine.connections.length, before);
    assert.is(bob.all('error').length, 1);
    const delivered = ann.all('message:update').some((each) => {
      return each.id === id && each.status === 'delivered';
    });
    assert.not.ok(delivered);
    bob.disk.isFull = false;
    await world.hurry(arrived(bob, 'for a full disk'));
    await world.hurry(ann.sees('receipt', (event) => event.ids.includes(id)));
    assert.equal(await bob.history(ann), ['hello', 'for a full disk']);
  }),
);

holds('a network that goes away without a word is noticed, and mended when it is back', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    const past = ann.log.length;
    world.network.cut(bob.owner);
    const { id } = await ann.ask('send', bob.address, 'into the dark');
    await world.hurry(ann.sees('presence', (event) => !event.online, { past }));
    const status = await ann.status(bob);
    assert.is.not(status.state, 'connected');
    assert.ok(!bob.texts.includes('into the dark'));
    world.network.restore(bob.owner);
    ann.machine.wake('online');
    await world.hurry(arrived(bob, 'into the dark'));
    assert.equal(await bob.history(ann), ['hello', 'into the dark']);
    // What went out on the dead channel says so until it is stored over there, and that is known here.
    await world.hurry(ann.sees('receipt', (event) => event.ids.includes(id)));
    const statuses = ann
      .all('message:update')
      .filter((message) => message.text === 'into the dark')
      .map((message) => message.status);
    assert.equal(statuses.at(-1), 'delivered');
    assert.equal(statuses.filter((each) => each === 'delivered').length, 1);
  }),
);

holds('a connection the browser gives up is made anew at once', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    const past = ann.log.length;
    world.network.fail(ann.owner);
    await ann.sees('presence', (event) => !event.online, { past });
    await world.hurry(ann.sees('presence', (event) => event.online, { past }));
    await ann.ask('send', bob.address, 'again');
    await arrived(bob, 'again');
  }),
);

holds('a connection that finds another way says which', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    await ann.sees('connection', ({ route }) => route === 'direct');
    for (const [type, way] of [
      ['relay', 'relayed'],
      ['srflx', 'direct'],
    ] as const) {
      const past = ann.log.length;
      for (const connection of world.network.of(ann.owner)) connection.reroute(type);
      await ann.sees('connection', ({ route }) => route === way, { past });
    }
    await bob.sees('connection', ({ route }) => route === 'direct');
  }),
);

holds('two networks without a way between them say so, and the messages wait', () =>
  withWorld(async (world) => {
    const relay = await world.relay();
    world.network.isOpen = () => false;
    const ann = await world.person('Ann', { relays: [relay.url] });
    const bob = await world.person('Bob', { relays: [relay.url], policy: 'accept' });
    await ann.ask('send', bob.address, 'hello');
    const isOver = (event: { reason: { code: string } | null; state: string }) =>
      event.state === 'offline' && event.reason?.code === 'peer/no-route';
    await world.hurry(ann.sees('connection', isOver, { limitMs: 25_000 }));
    assert.equal(bob.texts, []);
    world.network.isOpen = () => true;
    await ann.ask('connections.retry', bob.address);
    await world.hurry(arrived(bob, 'hello'));
  }),
);

/** Every row of somebody's database. */
async function copyOf(person: LocalPerson): Promise<Write[]> {
  const storage = new IndexedDbStorage(person.disk.factory, 'pim');
  await storage.open();
  const tables = TABLES.map(async (table) =>
    (await storage.list(table)).map(({ key, value }): Write => ({ table, key, value })),
  );
  const all = (await Promise.all(tables)).flat();
  await storage.close();
  return all;
}

async function restore(person: LocalPerson, rows: readonly Write[]): Promise<void> {
  const now = await copyOf(person);
  const storage = new IndexedDbStorage(person.disk.factory, 'pim');
  await storage.open();
  const gone = now.map(({ table, key }): Write => ({ table, key, remove: true }));
  await storage.write([...gone, ...rows]);
  await storage.close();
}

holds('a store that is rolled back by a week loses no new word and doubles none', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    // What the copy does not know to have arrived is written once more.
    await ann.sees('receipt');
    await ann.ask('stop');
    const old = await copyOf(ann);
    await ann.ask('start');
    for (const text of ['two', 'three']) await ann.ask('send', bob.address, text);
    await bob.ask('send', ann.address, 'an answer');
    await world.hurry(Promise.all([arrived(bob, 'three'), arrived(ann, 'an answer')]));
    await ann.ask('stop');
    await restore(ann, old);
    await bob.ask('stop');
    await ann.ask('start');
    const sent = await ann.ask('send', bob.address, 'from the older copy');
    await bob.ask('start');
    await world.hurry(arrived(bob, 'from the older copy'));
    await world.hurry(ann.sees('receipt', (event) => event.ids.length > 0, { past: 0 }));
    await ann.ask('send', bob.address, 'and on');
    await world.hurry(arrived(bob, 'and on'));
    // Where they stand among the others is by the clock of a store that had forgotten them.
    const expected = ['hello', 'two', 'three', 'an answer', 'from the older copy', 'and on'];
    assert.equal((await bob.history(ann)).sort(), expected.sort());
    assert.is(bob.texts.length, new Set(bob.texts).size);
    // What the other side had written is there again.
    await eventually(async () => (await ann.history(bob)).includes('an answer'), 'the answer');
    const last = await ann.ask('conversations.history', bob.address);
    await world.hurry(
      eventually(async () => {
        const { messages } = await ann.ask('conversations.history', bob.address);
        return messages.every((message) => !message.mine || message.status === 'delivered');
      }, `all delivered, ${sent.id} of ${last.messages.length}`),
    );
  }),
);

holds('nothing is left running after stop: no timer, no socket, no connection, no lock', () =>
  withWorld(async (world) => {
    const { ann, bob } = await friends(world);
    await Promise.all([ann.ask('stop'), bob.ask('stop')]);
    await eventually(
      () => ann.machine.sockets.every((socket) => socket.readyState === 3),
      'closed',
    );
    for (const person of [ann, bob]) {
      assert.ok(person.machine.connections.every((each) => each.connectionState === 'closed'));
      assert.is(world.network.of(person.owner).length, 0);
      assert.ok(!person.disk.tabs.isHeld('pim'));
    }
    await world.clock.pass(1_000);
    assert.is(ann.machine.timersWaiting + bob.machine.timersWaiting, 0);
  }),
);

together(test, cases);

test.run();
