/** A Pim from its start to its stop: states, identity, locks, what it says when it cannot. */

import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PimError } from '../../sdk/base/errors.js';
import { identityExists } from '../../sdk/identity-exists.js';
import { refusal } from '../contracts/storage.js';
import { settle } from '../transport/hand-platform.js';
import { ANN, Machine, made, started } from './alone.js';

test('does nothing before it is started: no key, no socket, no row', async () => {
  const { pim, machine, storage } = await made({ relays: ['wss://r.example'] });
  await settle();
  assert.is(pim.state, 'stopped');
  assert.is(machine.sockets.length, 0);
  assert.is(machine.waiting, 0);
  assert.is(storage.writes, 0);
});

test('says in every call that it was not started, and later that it was stopped', async () => {
  const { pim } = await made();
  const calls: Record<string, () => unknown> = {
    address: () => pim.address,
    send: () => pim.send(ANN, 'hello'),
    messages: () => pim.messages(ANN),
    'contacts.list': () => pim.contacts.list(),
    'contacts.add': () => pim.contacts.add(ANN),
    'conversations.list': () => pim.conversations.list(),
    'relays.list': () => pim.relays.list(),
    'connections.status': () => pim.connections.status(ANN),
    'identity.name': () => pim.identity.name,
    'identity.wipe': () => pim.identity.wipe(),
  };
  const codes = async () => {
    const found = new Set<unknown>();
    for (const call of Object.values(calls)) {
      found.add(
        await (async () => call())().then(
          () => 'nothing',
          (fault: PimError) => fault.code,
        ),
      );
    }
    return [...found];
  };
  assert.equal(await codes(), ['pim/not-started']);
  await pim.start();
  await pim.stop();
  assert.equal(await codes(), ['pim/stopped']);
});

test('goes from stopped over starting to started, and tells it is ready', async () => {
  const { pim, events, of } = await made({ relays: ['wss://r.example'] });
  const starting = pim.start();
  assert.is(pim.state, 'starting');
  await starting;
  assert.is(pim.state, 'started');
  assert.equal(of('ready'), [{ address: pim.address, isNew: true, isPersistent: true }]);
  assert.is(events[0]?.type, 'ready', 'before anything else is told');
  assert.equal(
    of('relay').map(({ state }) => state),
    ['connecting'],
  );
  const stopping = pim.stop();
  assert.is(pim.state, 'started');
  await settle();
  await stopping;
  assert.is(pim.state, 'stopped');
});

test('starting twice is starting once', async () => {
  const { pim, machine, of } = await made({ relays: ['wss://r.example'] });
  await Promise.all([pim.start(), pim.start()]);
  await pim.start();
  assert.is(of('ready').length, 1);
  assert.is(machine.sockets.length, 1);
});

test('stopping is safe at any time, as often as one likes', async () => {
  const { pim } = await made();
  await pim.stop();
  assert.is(pim.state, 'stopped');
  const starting = pim.start();
  const stopping = Promise.all([pim.stop(), pim.stop()]);
  await starting;
  await stopping;
  await pim.stop();
  assert.is(pim.state, 'stopped');
});

test('leaves nothing behind when it is stopped', async () => {
  const { pim, machine } = await started({ relays: ['wss://r.example'] });
  await pim.send(ANN, 'hello');
  await pim.stop();
  await settle();
  assert.is(machine.waiting, 0);
  assert.is(machine.waking, 0);
  assert.is(machine.holder, null);
  assert.ok(machine.sockets.every((socket) => socket.closed.length > 0));
});

test('starts again as the same person, and during a stop after it', async () => {
  const before = await started();
  const { address } = before.pim;
  const stopping = before.pim.stop();
  await before.pim.start();
  await stopping;
  assert.is(before.pim.state, 'started');
  assert.is(before.pim.address, address);
  await before.pim.stop();
  const again = await started({}, before);
  assert.is(again.pim.address, address);
  assert.equal(
    again.of('ready').map(({ isNew }) => isNew),
    [false],
  );
});

test('a start that is aborted before it began does nothing', async () => {
  const { pim, storage } = await made();
  await refusal(pim.start({ signal: AbortSignal.abort() }), 'pim/aborted');
  assert.is(pim.state, 'stopped');
  assert.is(storage.writes, 0);
  await pim.start();
});

test('a start that failed may be tried again', async () => {
  const { pim, storage } = await made();
  storage.failAt(1, 'full');
  await refusal(pim.start(), 'storage/full');
  assert.is(pim.state, 'stopped');
  storage.heal();
  await pim.start();
  assert.is(pim.state, 'started');
});

test('a store that cannot be opened is told, not replaced, where it was given', async () => {
  const { pim, storage } = await made();
  const reason = 'newer-version';
  storage.open = () => Promise.reject(new PimError('storage/unavailable', 'No.', { reason }));
  await refusal(pim.start(), 'storage/unavailable');
  assert.is(pim.state, 'stopped');
});

test('a damaged identity starts nothing and is left as it is', async () => {
  const { pim, storage } = await made();
  await storage.write([{ table: 'meta', key: 'identity', value: { version: 1 } }]);
  await refusal(pim.start(), 'identity/invalid');
  assert.equal(await storage.get('meta', 'identity'), { version: 1 });
});

test('starts on no page that others could change on its way, unless it is told to', async () => {
  const machine = new Machine();
  machine.isSecure = false;
  const { pim } = await made({}, { machine });
  const fault = await refusal(pim.start(), 'platform/insecure');
  assert.equal(fault.detail, { origin: 'node' });
  const allowed = await started({ allowInsecure: true }, { machine });
  assert.is(allowed.pim.state, 'started');
});

test('keeps in memory, and says why, where the browser keeps nothing', async () => {
  const { pim, of } = await made({ storage: 'indexeddb' });
  await pim.start();
  assert.is(pim.identity.isPersistent, false);
  assert.equal(
    of('ready').map(({ isPersistent }) => isPersistent),
    [false],
  );
  assert.equal(
    of('error').map(({ code }) => code),
    ['storage/unavailable'],
  );
  await pim.send(ANN, 'works all the same');
});

test('says nothing about memory where memory was asked for', async () => {
  const { pim, of } = await started({ storage: 'memory' });
  assert.equal(of('error'), []);
  assert.is(pim.identity.isPersistent, false);
});

test('is one page’s at a time: the second one is told, and may take it over', async () => {
  const machine = Object.assign(new Machine(), { indexedDB: new IDBFactory() });
  const first = await made({ storage: 'indexeddb' }, { machine });
  await first.pim.start();
  const second = await made({ storage: 'indexeddb' }, { machine });
  await refusal(second.pim.start(), 'pim/elsewhere');
  assert.is(second.pim.state, 'stopped');
  await second.pim.start({ takeOver: true });
  while (first.pim.state !== 'stopped') await settle();
  assert.equal(
    first.of('error').map(({ code }) => code),
    ['pim/elsewhere'],
  );
  assert.is(second.pim.state, 'started');
  assert.is(second.of('error').length, 0);
  await second.pim.stop();
  assert.is(machine.holder, null);
});

test('several people live on one machine under different profiles', async () => {
  const machine = Object.assign(new Machine(), { indexedDB: new IDBFactory() });
  assert.not.ok(await identityExists(machine, 'pim'));
  const addresses: string[] = [];
  for (const profile of ['pim', 'other']) {
    const { pim } = await made({ storage: 'indexeddb', profile }, { machine });
    await pim.start();
    addresses.push(pim.address);
    await pim.stop();
  }
  assert.is(new Set(addresses).size, 2);
  assert.ok(await identityExists(machine, 'pim'));
  assert.ok(await identityExists(machine, 'other'));
  assert.not.ok(await identityExists(machine, 'third'));
  const names = (await machine.indexedDB.databases()).map(({ name }) => name);
  assert.equal(names.sort(), ['pim', 'pim-other'], 'asking made no database');
});

test('a name given at the first start stays as the person changes it', async () => {
  const before = await started({ name: 'Ann' });
  assert.is(before.pim.identity.name, 'Ann');
  await before.pim.identity.setName('Bea');
  await before.pim.stop();
  const again = await started({ name: 'Ann' }, before);
  assert.is(again.pim.identity.name, 'Bea');
});

test('an event handler that throws stops neither the others nor the call', async () => {
  const { pim, logged } = await started();
  let heard = 0;
  pim.on('message', () => {
    throw new Error('mine');
  });
  pim.on('message', () => heard++);
  await pim.send(ANN, 'hello');
  assert.is(heard, 1);
  assert.ok(logged.some((line) => line.includes('an event handler threw')));
});

test('handlers end by their own undo, by off, and after the first for once', async () => {
  const { pim } = await started();
  const heard: string[] = [];
  const undo = pim.on('message', () => heard.push('on'));
  const off = () => heard.push('off');
  pim.on('message', off);
  pim.once('message', () => heard.push('once'));
  await pim.send(ANN, '1');
  undo();
  pim.off('message', off);
  await pim.send(ANN, '2');
  assert.equal(heard, ['on', 'off', 'once']);
});

test('leaves the relays when the page is left, and looks again when it is seen', async () => {
  const { pim, machine } = await started({ relays: ['wss://r.example'] });
  machine.socket.drop();
  await settle();
  assert.is(pim.relays.list()[0]?.state, 'waiting');
  machine.wake('visible');
  await settle();
  assert.is(machine.sockets.length, 2);
  machine.wake('leaving');
  await settle();
  assert.is(pim.state, 'started', 'the page may come back');
});

test('wipes everything of this person and is stopped after', async () => {
  const { pim, storage } = await started();
  await pim.send(ANN, 'hello');
  let isWiped = false;
  const wipe = storage.wipe.bind(storage);
  storage.wipe = async () => {
    isWiped = true;
    await wipe();
  };
  await pim.identity.wipe();
  assert.ok(isWiped);
  assert.is(pim.state, 'stopped');
});

test.run();
