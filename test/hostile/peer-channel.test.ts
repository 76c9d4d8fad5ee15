/**
 * A contact who is not what they seem, up to the open channel: signs somebody else's fingerprint,
 * proves nothing, or proves it wrongly. Whatever they do, nothing of them is shown and nothing is
 * told them before they have proven to own their address.
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, equal } from '../../sdk/base/bytes.js';
import { encodeChannelFrame } from '../../sdk/protocol/channel-frames.js';
import { confirmBody, encodeConfirm, type Role } from '../../sdk/protocol/confirm.js';
import { encodeEntry } from '../../sdk/protocol/entry.js';
import { makeMisbinder, misbind } from '../support/evil-misbinding.js';
import { EvilPeer, suite } from '../support/evil-peer.js';
import { outcome, printOutcomes, refusedWith } from '../support/evil-report.js';
import { EvilSession } from '../support/evil-session.js';
import { type LocalPerson, type World, withWorld } from '../support/people.js';
import { random } from '../support/relay-client.js';

test.after(() => printOutcomes('A contact who is not what they seem:'));

/** Ann, and a contact of hers who is up to something. */
async function victim(world: World, role: Role): Promise<{ ann: LocalPerson; evil: EvilPeer }> {
  const relay = await world.relay();
  const ann = await world.person('Ann', { relays: [relay.url] });
  await ann.sees('relay', (event) => event.state === 'online');
  const evil = await (await EvilPeer.make(role, ann.address)).join(relay.url);
  await ann.ask('contacts.add', evil.address);
  return { ann, evil };
}

/** Ann closes the channel, was shown nothing, and sent nothing but C1 and C2. */
async function unmoved(world: World, ann: LocalPerson, session: EvilSession): Promise<void> {
  await world.hurry(session.closed);
  assert.equal(ann.all('presence'), []);
  assert.equal(ann.all('message'), []);
  for (const bytes of session.inbox.items) assert.ok(bytes[0] === 1 || bytes[0] === 2);
}

const isImpostor = (event: { reason: { code: string } | null }) =>
  event.reason?.code === 'peer/impostor';

const hasEnded = (event: { reason: { code: string } | null }) =>
  event.reason?.code === 'peer/impostor' || event.reason?.code === 'channel/closed';

const c1 = (value: Bytes) => encodeConfirm({ kind: 'c1', random: value });
const c2 = (signature: Bytes) => encodeConfirm({ kind: 'c2', signature });

/** What an impostor does on the open channel. */
const PROOFS: readonly [what: string, prove: (session: EvilSession) => Promise<void>][] = [
  [
    'proves with another key',
    async (session) => {
      const mine = random(32);
      session.sendBytes(c1(mine));
      const hash = await session.transcript(mine, await session.theirC1());
      const other = await suite.keysFromSeed(random(32));
      session.sendBytes(c2(await other.sign('confirm', confirmBody(session.role, hash))));
    },
  ],
  [
    'proves in the role of the other side',
    async (session) => {
      const mine = random(32);
      session.sendBytes(c1(mine));
      const hash = await session.transcript(mine, await session.theirC1());
      const role = session.role === 'low' ? 'high' : 'low';
      session.sendBytes(c2(await session.peer.keys.sign('confirm', confirmBody(role, hash))));
    },
  ],
  [
    'proves under another label',
    async (session) => {
      const mine = random(32);
      session.sendBytes(c1(mine));
      const hash = await session.transcript(mine, await session.theirC1());
      session.sendBytes(
        c2(await session.peer.keys.sign('signal', confirmBody(session.role, hash))),
      );
    },
  ],
  [
    'reflects C1',
    async (session) => {
      const theirs = await session.theirC1();
      session.sendBytes(c1(theirs));
      const hash = await session.transcript(theirs, theirs);
      const body = confirmBody(session.role, hash);
      session.sendBytes(c2(await session.peer.keys.sign('confirm', body)));
    },
  ],
  [
    'reflects C1 and C2',
    async (session) => {
      const theirs = await session.theirC1();
      const mine = random(32);
      session.sendBytes(c1(mine));
      const back = await session.inbox.take((each) => each[0] === 2, 'C2');
      session.sendBytes(back);
      assert.not.ok(equal(theirs, mine));
    },
  ],
  [
    'sends C2 before C1',
    async (session) => {
      const hash = await session.transcript(random(32), await session.theirC1());
      const body = confirmBody(session.role, hash);
      session.sendBytes(c2(await session.peer.keys.sign('confirm', body)));
      session.sendBytes(c1(random(32)));
    },
  ],
  [
    'sends a second C1',
    async (session) => {
      const mine = random(32);
      session.sendBytes(c1(mine));
      session.sendBytes(c1(random(32)));
      const hash = await session.transcript(mine, await session.theirC1());
      const body = confirmBody(session.role, hash);
      session.sendBytes(c2(await session.peer.keys.sign('confirm', body)));
    },
  ],
  [
    'proves over a number it had used before',
    async (session) => {
      const mine = random(32);
      session.sendBytes(c1(mine));
      await session.theirC1();
      const hash = await session.transcript(mine, random(32));
      const body = confirmBody(session.role, hash);
      session.sendBytes(c2(await session.peer.keys.sign('confirm', body)));
    },
  ],
  [
    'proves over another session',
    async (session) => {
      const mine = random(32);
      session.sendBytes(c1(mine));
      const change = { session: random(16) };
      const hash = await session.transcript(mine, await session.theirC1(), change);
      const body = confirmBody(session.role, hash);
      session.sendBytes(c2(await session.peer.keys.sign('confirm', body)));
    },
  ],
  [
    'proves over another fingerprint',
    async (session) => {
      const mine = random(32);
      session.sendBytes(c1(mine));
      const change = { fingerprintLow: random(32) };
      const hash = await session.transcript(mine, await session.theirC1(), change);
      const body = confirmBody(session.role, hash);
      session.sendBytes(c2(await session.peer.keys.sign('confirm', body)));
    },
  ],
  [
    'says something before its proof',
    async (session) => {
      const mine = random(32);
      session.sendBytes(c1(mine));
      await session.theirC1();
      session.sendBytes(encodeChannelFrame({ kind: 'entry', bytes: await entryOf(session) }));
    },
  ],
  [
    'says something before anything else',
    async (session) => {
      session.sendBytes(encodeChannelFrame({ kind: 'entry', bytes: await entryOf(session) }));
    },
  ],
  ['sends noise', async (session) => session.sendBytes(random(500))],
  ['sends an empty message', async (session) => session.sendBytes(new Uint8Array(0))],
  [
    'sends a C1 with one byte too many',
    async (session) => session.sendBytes(Uint8Array.from([...c1(random(32)), 0])),
  ],
];

async function entryOf(session: EvilSession): Promise<Bytes> {
  return encodeEntry({
    conversation: random(16),
    author: session.peer.key,
    device: session.peer.device,
    seq: 1,
    after: 1,
    time: Date.now(),
    body: { kind: 'text', text: 'believe me', replyTo: null },
    tag: random(16),
  });
}

for (const [what, prove] of PROOFS) {
  for (const role of ['low', 'high'] as const) {
    test(`a contact (the ${role} key) who ${what} is an impostor`, () =>
      withWorld(async (world) => {
        const { ann, evil } = await victim(world, role);
        const session = await EvilSession.open(evil, ann.address, world.network);
        await prove(session);
        await unmoved(world, ann, session);
        const { reason } = await ann.sees('connection', isImpostor);
        if (role === 'low') refusedWith(`a contact who ${what}`, reason, 'peer/impostor');
      }));
  }
}

test('a contact who proves nothing is an impostor after ten seconds', () =>
  withWorld(async (world) => {
    const { ann, evil } = await victim(world, 'low');
    const session = await EvilSession.open(evil, ann.address, world.network);
    session.sendBytes(c1(random(32)));
    const began = world.clock.monotonic();
    await unmoved(world, ann, session);
    assert.ok(world.clock.monotonic() - began >= 9_000);
    const { reason } = await ann.sees('connection', isImpostor);
    refusedWith('a contact who proves nothing', reason, 'peer/impostor');
  }));

test('an honest proof is accepted, so that the refusals above mean something', () =>
  withWorld(async (world) => {
    for (const role of ['low', 'high'] as const) {
      const { ann, evil } = await victim(world, role);
      const session = await EvilSession.open(evil, ann.address, world.network);
      await session.confirm();
      await ann.sees('presence', (event) => event.online);
      await session.frame('have');
    }
  }));

test('a fingerprint that is not of the certificate shown ends before the channel opens', () =>
  withWorld(async (world) => {
    const { ann, evil } = await victim(world, 'low');
    const lies = { describe: (own: object) => ({ ...own, fingerprint: random(32) }) as never };
    const session = await EvilSession.describe(evil, ann.address, world.network, lies);
    const { reason } = await world.hurry(ann.sees('connection', isImpostor));
    refusedWith('a contact who signs a fingerprint of nobody', reason, 'peer/impostor');
    assert.equal(reason?.detail, { reason: 'certificates do not match' });
    assert.is.not(session.channel.readyState, 'open');
    assert.equal(ann.all('presence'), []);
  }));

test('a friend who passes off another friend’s connection as their own gets nowhere', () =>
  withWorld(async (world) => {
    const relay = await world.relay();
    const make = (name: string) => world.person(name, { relays: [relay.url] });
    const { ann, bob, mallory } = await misbinding(make);
    await mallory.join(relay.url);
    for (const person of [ann, bob]) {
      await person.sees('relay', (event) => event.state === 'online');
      await person.ask('contacts.add', mallory.address);
    }
    await misbind(mallory, ann.address, bob.address);
    // Whoever finds out first hangs up, and the other may not get to see the false proof.
    const found = Promise.any([ann, bob].map((person) => person.sees('connection', isImpostor)));
    const { reason } = await world.hurry(found);
    for (const person of [ann, bob]) await person.sees('connection', hasEnded);
    // Their browsers did connect to each other, with the fingerprints that were signed.
    assert.equal(world.network.met, [[ann.owner, bob.owner].sort()]);
    for (const person of [ann, bob]) {
      assert.equal(person.all('presence'), []);
      assert.equal(person.texts, []);
    }
    refusedWith('a friend who passes off another’s connection', reason, 'peer/impostor');
  }));

/** Ann, Bob, and a key between theirs. */
async function misbinding(make: (name: string) => Promise<LocalPerson>) {
  for (;;) {
    const [ann, bob] = await Promise.all([make('Ann'), make('Bob')]);
    const mallory = await makeMisbinder(ann.address, bob.address);
    if (mallory !== null) return { ann, bob, mallory };
  }
}

test('channels the other side opens beside the agreed one are closed unread', () =>
  withWorld(async (world) => {
    const { ann, evil } = await victim(world, 'low');
    const session = await (await EvilSession.open(evil, ann.address, world.network)).confirm();
    await ann.sees('presence', (event) => event.online);
    const extra = Array.from({ length: 100 }, (_, n) => {
      const channel = session.connection.createDataChannel(`extra ${n}`);
      channel.send('hello');
      return new Promise<void>((resolve) => {
        channel.onclose = () => resolve();
      });
    });
    await Promise.all(extra);
    assert.is((await ann.ask('connections.status', evil.address)).state, 'connected');
    assert.equal(ann.texts, []);
    outcome('a contact who opens a hundred channels', 'each closed unread; the agreed one goes on');
  }));

test.run();
