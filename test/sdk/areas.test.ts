/** The areas of a Pim: contacts, relays, connections, identity; what each call does and refuses. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toHex } from '../../sdk/base/bytes.js';
import { safetyNumber } from '../../sdk/crypto/safety-number.js';
import { decodeAddress } from '../../sdk/protocol/address.js';
import { parseLink } from '../../sdk/protocol/link.js';
import { refusal } from '../contracts/storage.js';
import { settle, suite } from '../transport/hand-platform.js';
import { type Alone, ANN, anAddress, BOB, soon, started } from './alone.js';

/** Somebody asks: as the chat keeps it once their INVITE was opened. */
async function asked(
  { storage, pim, machine }: Alone,
  address: string,
  change: object = {},
): Promise<Alone> {
  await pim.stop();
  const key = toHex(decodeAddress(address));
  const value = {
    key,
    name: 'Stranger',
    text: 'may I?',
    token: null,
    receivedAt: 5,
    time: 5,
    state: 'waiting',
    ...change,
  };
  await storage.write([{ table: 'requests', key, value }]);
  return started({}, { storage, machine });
}

test('adds somebody without asking them, and tells of it once it is stored', async () => {
  const { pim, of, machine } = await started();
  const contact = await pim.contacts.add(ANN, { name: 'Ann' });
  assert.equal(
    { ...contact, addedAt: 0, conversation: '' },
    {
      address: ANN,
      name: 'Ann',
      profileName: '',
      status: 'added',
      relays: [],
      conversation: '',
      addedAt: 0,
      invite: null,
      relayOnly: false,
      comparedAt: null,
    },
  );
  assert.equal(of('contact'), [contact]);
  assert.ok(Object.isFrozen(contact) && Object.isFrozen(contact.relays));
  assert.equal(pim.contacts.get(ANN), contact);
  assert.equal(pim.contacts.get(ANN.toUpperCase()), contact);
  assert.is(pim.contacts.get(BOB), null);
  assert.is(machine.sockets.length, 0);
  assert.is(pim.connections.status(ANN).state, 'idle');
});

test('adding again changes what is given and keeps the rest', async () => {
  const { pim } = await started();
  await pim.contacts.add(ANN, { name: 'Ann', relays: ['wss://r.example'] });
  const again = await pim.contacts.add(ANN.toUpperCase(), { name: 'Annie' });
  assert.is(again.name, 'Annie');
  assert.equal(again.relays, ['wss://r.example']);
  assert.is(pim.contacts.list().length, 1);
});

test('joins the relays somebody is likely to be at, up to five in all', async () => {
  const { pim, logged } = await started({ relays: ['wss://own.example'] });
  const relays = Array.from({ length: 5 }, (_, i) => `wss://r${i}.example`);
  await pim.contacts.add(ANN, { relays });
  assert.is(pim.relays.list().length, 5);
  assert.ok(logged.some((line) => line.includes('relay was left out')));
});

test('leaves the relays of somebody who is removed or blocked, but for those somebody else needs', async () => {
  const { pim } = await started({ relays: ['wss://own.example'] });
  const [shared, ann, bob] = ['wss://shared.example', 'wss://ann.example', 'wss://bob.example'];
  await pim.contacts.add(ANN, { relays: [shared, ann] });
  await pim.contacts.add(BOB, { relays: [shared, bob] });
  const urls = () => pim.relays.list().map(({ url }) => url);
  assert.equal(urls(), ['wss://own.example', shared, ann, bob]);
  await pim.contacts.remove(ANN);
  assert.equal(urls(), ['wss://own.example', shared, bob]);
  await pim.contacts.block(BOB);
  assert.equal(urls(), ['wss://own.example']);
  await pim.contacts.unblock(BOB);
  assert.equal(urls(), ['wss://own.example', shared, bob]);
});

test('refuses what is no address, no name, no relay and no token, and stores nothing', async () => {
  const { pim, storage } = await started();
  const writes = storage.writes;
  await refusal(pim.contacts.add(pim.address), 'address/own');
  await refusal(pim.contacts.add('pim1'), 'address/invalid');
  await refusal(pim.contacts.add(ANN, { name: 'x'.repeat(65) }), 'options/invalid');
  await refusal(pim.contacts.add(ANN, { relays: ['http://r.example'] }), 'options/invalid');
  await refusal(pim.contacts.add(ANN, { relays: ['ws://r.example'] }), 'relay/insecure');
  await refusal(pim.contacts.add(ANN, { invite: 'short' }), 'link/invalid');
  assert.is(storage.writes, writes);
  assert.equal(pim.contacts.list(), []);
});

test('renames somebody, and back to the name they go by', async () => {
  const { pim } = await started();
  await pim.contacts.add(ANN, { name: 'Ann' });
  assert.is((await pim.contacts.rename(ANN, '  Annie ')).name, 'Annie');
  assert.is((await pim.contacts.rename(ANN, '')).name, '');
  await refusal(pim.contacts.rename(BOB, 'Bob'), 'contact/unknown');
});

test('blocks anybody, and takes it back for whoever is known', async () => {
  const { pim } = await started();
  assert.is((await pim.contacts.block(ANN)).status, 'blocked');
  await refusal(pim.send(ANN, 'hello'), 'contact/blocked');
  assert.is((await pim.contacts.unblock(ANN)).status, 'added');
  await pim.send(ANN, 'hello');
  await refusal(pim.contacts.unblock(BOB), 'contact/unknown');
  assert.is(pim.contacts.get(BOB), null);
});

test('hides from one person what goes straight, where there is a server to hide behind', async () => {
  const iceServers = [
    { urls: ['stun:s.example', 'TURNS:t.example'], username: 'a', credential: 'b' },
  ];
  const { pim, storage, machine, of } = await started({ iceServers });
  await pim.contacts.add(ANN);
  await pim.contacts.add(BOB);
  const hidden = await pim.contacts.setRelayOnly(ANN, true);
  assert.ok(hidden.relayOnly);
  assert.equal(of('contact').at(-1), { ...hidden });
  assert.not.ok(pim.contacts.get(BOB)?.relayOnly);
  await pim.stop();
  const again = await started({ iceServers }, { storage, machine });
  assert.ok(again.pim.contacts.get(ANN)?.relayOnly);
  assert.not.ok((await again.pim.contacts.setRelayOnly(ANN, false)).relayOnly);
});

test('does not promise to hide what it cannot', async () => {
  const { pim } = await started({ iceServers: [{ urls: 'stun:turn.example' }] });
  await pim.contacts.add(ANN);
  await refusal(pim.contacts.setRelayOnly(ANN, true), 'peer/no-turn');
  assert.not.ok(pim.contacts.get(ANN)?.relayOnly);
  assert.not.ok((await pim.contacts.setRelayOnly(ANN, false)).relayOnly);
  await refusal(pim.contacts.setRelayOnly(BOB, true), 'contact/unknown');
});

test('keeps that a safety number was compared, until that is taken back or the person removed', async () => {
  const { pim, storage, machine } = await started();
  await pim.contacts.add(ANN);
  assert.is(pim.contacts.get(ANN)?.comparedAt, null);
  const { comparedAt } = await pim.contacts.verify(ANN);
  assert.is(comparedAt, machine.now());
  await pim.contacts.rename(ANN, 'Ann');
  await pim.stop();
  const again = await started({}, { storage, machine });
  assert.is(again.pim.contacts.get(ANN)?.comparedAt, comparedAt);
  assert.is((await again.pim.contacts.verify(ANN, false)).comparedAt, null);
  await again.pim.contacts.verify(ANN);
  await again.pim.contacts.remove(ANN);
  assert.is((await again.pim.contacts.add(ANN)).comparedAt, null);
  await refusal(again.pim.contacts.verify(BOB), 'contact/unknown');
});

test('what is kept of whoever is blocked does not unblock them', async () => {
  const { pim } = await started({ iceServers: [{ urls: 'turn:t.example' }] });
  await pim.contacts.block(ANN);
  await refusal(pim.contacts.verify(ANN), 'contact/blocked');
  await refusal(pim.contacts.setRelayOnly(ANN, true), 'contact/blocked');
  assert.is(pim.contacts.get(ANN)?.status, 'blocked');
});

test('removes somebody with the whole conversation, and tells of it', async () => {
  const { pim, storage, of } = await started();
  await pim.send(ANN, 'hello');
  await pim.contacts.remove(ANN);
  assert.is(of('contact').at(-1)?.removed, true);
  for (const table of ['contacts', 'conversations', 'entries', 'logs', 'files'] as const) {
    assert.equal(await storage.list(table), [], table);
  }
  await refusal(pim.contacts.remove(ANN), 'contact/unknown');
  await refusal(pim.conversations.history(ANN), 'conversation/unknown');
  const again = await pim.send(ANN, 'anew');
  assert.equal((await pim.conversations.history(ANN)).messages, [again]);
});

test('shows who asks, with the label of the invitation they came by', async () => {
  const first = await started();
  const { id } = await first.pim.invitations.create({ label: 'my site' });
  const { pim } = await asked(first, ANN, { invite: 'my site', invitation: id });
  const said = { from: ANN, name: 'Stranger', text: 'may I?', receivedAt: 5 };
  assert.equal(pim.contacts.requests(), [{ ...said, invite: 'my site', invitation: id }]);
  assert.equal(pim.contacts.list(), []);
});

test('who came without an invitation of mine shows none', async () => {
  const { pim } = await asked(await started(), ANN);
  assert.is(pim.contacts.requests()[0]?.invite, null);
});

test('accepts a request once', async () => {
  const { pim } = await asked(await started(), ANN);
  const contact = await pim.contacts.accept(ANN);
  assert.equal([contact.status, contact.name], ['accepted', 'Stranger']);
  assert.equal(pim.contacts.requests(), []);
  await refusal(pim.contacts.accept(ANN), 'request/unknown');
  await refusal(pim.contacts.accept(BOB), 'request/unknown');
});

test('declines a request once, tells of it, and the next page knows', async () => {
  const { pim, storage, machine, of } = await asked(await started(), ANN);
  await pim.contacts.decline(ANN.toUpperCase());
  assert.equal(of('request:declined'), [{ from: ANN }]);
  assert.equal(pim.contacts.requests(), []);
  await refusal(pim.contacts.decline(ANN), 'request/unknown');
  await refusal(pim.contacts.accept(ANN), 'request/unknown');
  assert.is(of('request:declined').length, 1);
  await pim.stop();
  const again = await started({}, { storage, machine });
  assert.equal(again.pim.contacts.requests(), []);
});

test('writing to somebody who asks accepts them', async () => {
  const { pim } = await asked(await started(), ANN);
  await pim.send(ANN, 'welcome');
  assert.equal(pim.contacts.requests(), []);
  assert.is(pim.contacts.get(ANN)?.status, 'accepted');
});

test('lists relays as they stand, joins and leaves them', async () => {
  const { pim, machine, of } = await started({ relays: ['wss://a.example'] });
  await pim.relays.add('wss://B.example/');
  assert.equal(
    pim.relays.list().map(({ url, state }) => [url, state]),
    [
      ['wss://a.example', 'connecting'],
      ['wss://b.example', 'connecting'],
    ],
  );
  await machine.sockets[0]?.welcome();
  await soon(() => of('relay').at(-1)?.state === 'online');
  assert.equal(of('relay').at(-1), {
    url: 'wss://a.example',
    state: 'online',
    reason: null,
    alteredFrames: 0,
  });
  await pim.relays.remove('wss://a.example/');
  assert.is(of('relay').at(-1)?.state, 'closed');
  assert.is(pim.relays.list().length, 1);
  await refusal(pim.relays.add('ws://a.example'), 'relay/insecure');
  await refusal(pim.relays.add('a.example'), 'options/invalid');
  for (let i = 0; i < 4; i++) await pim.relays.add(`wss://r${i}.example`);
  await refusal(pim.relays.add('wss://sixth.example'), 'relay/too-many');
});

test('asks for who is asked only when a relay is there, and again by hand', async () => {
  const { pim, machine } = await started({ relays: ['wss://a.example'] });
  await pim.send(ANN, 'hello');
  const asks = () => machine.socket.of('send').length;
  assert.is(asks(), 0);
  await machine.socket.welcome();
  await soon(() => asks() === 1);
  pim.connections.retry(ANN);
  await soon(() => asks() === 2);
  pim.connections.retry(BOB);
});

test('a relay that finds us too busy, or alters frames, does not make us send more', async () => {
  const { pim, machine, of } = await started({ relays: ['wss://a.example'] });
  await pim.send(ANN, 'hello');
  await machine.socket.welcome();
  const asks = () => machine.socket.of('send').length;
  await soon(() => asks() === 1);
  machine.socket.deliver({ kind: 'result', id: 1, result: 'rate-limited' });
  for (let i = 0; i < 8; i++) {
    machine.socket.deliver({ kind: 'receive', sealed: new Uint8Array(561).fill(1) });
  }
  await soon(() => of('relay').at(-1)?.alteredFrames === 8);
  assert.ok(of('relay').some(({ reason }) => reason?.code === 'relay/rate-limited'));
  // Whatever those had made us send would be out before this.
  pim.connections.retry(ANN);
  await soon(() => asks() > 1);
  await settle(20);
  assert.is(asks(), 2);
  machine.socket.drop();
  await machine.pass(1_000);
  await machine.socket.welcome();
  await soon(() => asks() === 1);
});

test('says how the connection to somebody stands, and to whom there is none', async () => {
  const { pim, of, machine } = await started({ relays: ['wss://a.example'] });
  await machine.socket.welcome();
  await soon(() => of('relay').at(-1)?.state === 'online');
  await pim.contacts.add(ANN);
  assert.is(pim.connections.status(ANN).state, 'calling');
  assert.equal(of('connection').at(-1), pim.connections.status(ANN));
  assert.equal(pim.connections.status(ANN), {
    address: ANN,
    state: 'calling',
    route: null,
    reason: null,
    lastHeard: null,
  });
  for (const [address, code] of [
    [BOB, 'contact/unknown'],
    [pim.address, 'address/own'],
    ['x', 'address/invalid'],
  ] as const) {
    await refusal((async () => pim.connections.status(address))(), code);
  }
});

test('has a name that others learn, one line of it', async () => {
  const { pim } = await started();
  assert.is(pim.identity.name, '');
  await pim.identity.setName(' Ann\n');
  assert.is(pim.identity.name, 'Ann');
  await refusal(pim.identity.setName('ü'.repeat(33)), 'options/invalid');
  assert.is(pim.identity.name, 'Ann');
});

test('makes a link with a token of its own each time, and its relays', async () => {
  const { pim } = await started({ relays: ['wss://a.example', 'wss://b.example'] });
  const first = await pim.identity.invitation({
    page: 'https://site.example/chat?x=1',
    label: 'L',
  });
  const second = await pim.identity.invitation();
  assert.ok(first.link.startsWith('https://site.example/chat?x=1#pim1'));
  assert.ok(second.link.startsWith('#pim1'));
  const parsed = parseLink(new URL(first.link).hash);
  assert.equal(parsed, {
    address: pim.address,
    token: first.token,
    relays: ['wss://a.example', 'wss://b.example'],
  });
  assert.is.not(first.token, second.token);
  await refusal(pim.identity.invitation({ label: 'x'.repeat(65) }), 'options/invalid');
});

test('gives the safety number both sides have, whoever asks', async () => {
  const [one, other] = [await started(), await started()];
  const [mine, theirs] = [
    await one.pim.identity.safetyNumber(other.pim.address),
    await other.pim.identity.safetyNumber(one.pim.address),
  ];
  assert.is(mine, theirs);
  const keys = [one, other]
    .map(({ pim }) => decodeAddress(pim.address))
    .sort((a, b) => (toHex(a) < toHex(b) ? -1 : 1));
  assert.is(mine, await safetyNumber(suite, keys[0]!, keys[1]!));
  await refusal(one.pim.identity.safetyNumber(one.pim.address), 'address/own');
});

test('policies: whom requests are shown of is a matter of the chat, not of what is stored', async () => {
  const first = await asked(await started(), ANN);
  await first.pim.stop();
  const { pim } = await started({ policy: 'contacts' }, first);
  assert.is(pim.contacts.requests().length, 1, 'what waited before still waits');
});

test('everything given out is frozen, so that nobody changes what others read', async () => {
  const { pim } = await started({ relays: ['wss://a.example'] });
  const message = await pim.send(await anAddress(3), 'hello');
  const snapshots: object[] = [
    message,
    pim.contacts.list()[0]!,
    pim.relays.list()[0]!,
    pim.connections.status(message.to),
    (await pim.conversations.list())[0]!,
    (await pim.conversations.history(message.to)).messages[0]!,
  ];
  for (const each of snapshots) assert.ok(Object.isFrozen(each), JSON.stringify(each));
});

test('a conversation in which nothing was said yet is there after a restart', async () => {
  const before = await started();
  const { conversation } = await before.pim.contacts.add(ANN);
  await before.pim.stop();
  const after = await started({}, before);
  assert.is(after.pim.contacts.get(ANN)?.conversation, conversation);
  assert.equal((await after.pim.conversations.history(ANN)).messages, []);
  assert.is((await after.pim.conversations.list()).length, 1);
});

test.run();
