/**
 * A contact who is who they are, on a confirmed channel, and sends what no honest client sends:
 * nothing foreign, doubled, reordered or malformed is stored or shown, nothing grows without bound.
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, compare, concat } from '../../sdk/base/bytes.js';
import { decodeAddress } from '../../sdk/protocol/address.js';
import { encodeChannelFrame, type LogHead } from '../../sdk/protocol/channel-frames.js';
import { directConversationInput, type Entry, encodeEntry } from '../../sdk/protocol/entry.js';
import { arrived } from '../journeys/steps.js';
import { EvilPeer, suite } from '../support/evil-peer.js';
import { outcome, printOutcomes, refusedWith } from '../support/evil-report.js';
import { EvilSession } from '../support/evil-session.js';
import { eventually, type LocalPerson, type World, withWorld } from '../support/people.js';
import { random } from '../support/relay-client.js';

test.after(() => printOutcomes('A contact who sends odd entries:'));

interface Scene {
  readonly world: World;
  readonly ann: LocalPerson;
  readonly evil: EvilPeer;
  readonly session: EvilSession;
  readonly conversation: Bytes;
  /** An entry of theirs, the next of their log unless changed. */
  entry(text: string, change?: Partial<Entry>): Entry;
  send(...entries: readonly Entry[]): void;
}

async function scene(world: World): Promise<Scene> {
  const relay = await world.relay();
  const ann = await world.person('Ann', { relays: [relay.url] });
  await ann.sees('relay', (event) => event.state === 'online');
  const evil = await (await EvilPeer.make('low', ann.address)).join(relay.url);
  await ann.ask('contacts.add', evil.address);
  return reopened({ world, ann, evil });
}

async function reopened(
  { world, ann, evil }: Pick<Scene, 'world' | 'ann' | 'evil'>,
  from = 0,
): Promise<Scene> {
  const session = await EvilSession.open(evil, ann.address, world.network);
  await session.confirm();
  await session.frame('have');
  const keys = [evil.key, decodeAddress(ann.address)].sort(compare) as [Bytes, Bytes];
  const hash = await suite.sha256(directConversationInput(...keys));
  const conversation = hash.slice(0, 16) as Bytes;
  let seq = from;
  const entry = (text: string, change: Partial<Entry> = {}): Entry => ({
    conversation,
    author: evil.key,
    device: evil.device,
    seq: ++seq,
    after: seq,
    time: Date.now(),
    body: { kind: 'text', text, replyTo: null },
    tag: random(16),
    ...change,
  });
  const send = (...entries: readonly Entry[]) => {
    for (const each of entries) session.send({ kind: 'entry', bytes: encodeEntry(each) });
  };
  session.send({ kind: 'have', clock: 0, heads: [] });
  return { world, ann, evil, session, conversation, entry, send };
}

/** What Ann was told of and what she has, which must be the same. */
async function assertShown({ ann, evil }: Scene, texts: readonly string[]): Promise<void> {
  assert.equal(
    ann.all('message').map((message) => message.text),
    [...texts],
  );
  const { messages } = await ann.ask('conversations.history', evil.address);
  assert.equal(
    messages.map((message) => message.text),
    [...texts],
  );
}

/** Ann ends the channel because of what was sent. */
async function assertEnded(stage: Scene, attack: string): Promise<void> {
  const { ann, session } = stage;
  await session.closed;
  const isOver = (event: { reason: { code: string } | null }) =>
    event.reason?.code === 'peer/protocol';
  const { reason } = await ann.sees('connection', isOver);
  refusedWith(attack, reason, 'peer/protocol', 'the channel is closed');
}

test('honest entries are stored and acknowledged, so that the refusals mean something', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    const { ann, session, entry, send } = stage;
    send(entry('one'), entry('two'));
    await arrived(ann, 'two');
    await eventually(async () => (await session.frame('ack')).head.seq === 2, 'an ACK of 2');
    await assertShown(stage, ['one', 'two']);
  }));

/** What is sent between `one` and `last`; `last` continues the log, and only these two are shown. */
const LEFT_OUT: readonly [attack: string, entries: (stage: Scene) => readonly Entry[]][] = [
  [
    'an entry sent twice',
    ({ entry }) => {
      const twice = entry('one', { seq: 1, after: 1 });
      return [twice, twice];
    },
  ],
  [
    'an entry with the seq of an earlier one and other words',
    ({ entry }) => [entry('changed', { seq: 1, after: 7 })],
  ],
  [
    'an entry in the name of somebody else',
    ({ entry }) => [entry('forged', { author: random(32), seq: 1 })],
  ],
  [
    'an entry in my own name',
    ({ entry, ann }) => [entry('mine?', { author: decodeAddress(ann.address), seq: 1 })],
  ],
  [
    'an entry in my own name and device log',
    ({ entry, ann }) => [
      entry('mine?', { author: decodeAddress(ann.address), device: random(8), seq: 1 }),
    ],
  ],
  [
    'an entry of another conversation',
    ({ entry }) => [entry('elsewhere', { conversation: random(16), seq: 2 })],
  ],
  [
    'an entry whose clock leaps ahead',
    ({ entry }) => [entry('the end of time', { seq: 2, after: Number.MAX_SAFE_INTEGER })],
  ],
  [
    'an entry whose clock leaps by a million and more',
    ({ entry }) => [entry('far ahead', { seq: 2, after: 1_000_100 })],
  ],
  ['an entry that leaves a gap', ({ entry }) => [entry('gap', { seq: 3 })]],
  ['the highest seq there is', ({ entry }) => [entry('max', { seq: 2 ** 32 - 1 })]],
];

for (const [attack, entries] of LEFT_OUT) {
  test(`${attack} is left out, and the log goes on`, () =>
    withWorld(async (world) => {
      const stage = await scene(world);
      const { ann, entry, send } = stage;
      send(entry('one', { seq: 1, after: 1 }));
      await arrived(ann, 'one');
      send(...entries(stage));
      await stage.session.settle();
      send(entry('last', { seq: 2, after: 2 }));
      await arrived(ann, 'last');
      await assertShown(stage, ['one', 'last']);
      assert.equal(ann.all('error'), []);
      // And what was stored is what is read after a reload.
      await ann.reload();
      const { messages } = await ann.ask('conversations.history', stage.evil.address);
      assert.equal(
        messages.map((message) => message.text),
        ['one', 'last'],
      );
      outcome(attack, 'left out; the log goes on');
    }));
}

test('an author year of 9999 or of 1970 is shown no later than the entry was stored', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    const { ann, entry, send } = stage;
    send(entry('future', { time: Number.MAX_SAFE_INTEGER }), entry('past', { time: 0 }));
    await arrived(ann, 'past');
    const [future, past] = ann.all('message');
    assert.ok((future?.time ?? 0) <= Date.now());
    assert.is(past?.time, 0);
  }));

test('kinds of a newer version are kept and passed over, and the log goes on', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    const { ann, entry, send, session } = stage;
    send(entry('before'));
    for (const code of [8, 9, 10, 11, 63, 64, 255]) {
      send(entry('', { body: { kind: 'unknown', code, bytes: random(200) } }));
    }
    send(entry('after'));
    await arrived(ann, 'after');
    await assertShown(stage, ['before', 'after']);
    await eventually(async () => (await session.frame('ack')).head.seq === 9, 'an ACK of 9');
    // Unread counts what can be read.
    assert.is((await ann.ask('conversations.list'))[0]?.unread, 2);
    outcome('entries of unknown kinds', 'kept, not shown');
  }));

/** Bytes on the channel that are no frame of this protocol. */
const MALFORMED: readonly [attack: string, bytes: (stage: Scene) => Bytes][] = [
  ['an entry with a text of 16,001 bytes', (stage) => raw(stage, 'x'.repeat(16_001))],
  [
    'a text that is not UTF-8',
    (stage) => {
      const bytes = raw(stage, 'abc');
      // Before the tag, which is any 16 bytes.
      bytes[bytes.length - 18] = 0xff;
      return bytes;
    },
  ],
  [
    'a text with half a surrogate pair',
    (stage) => {
      const bytes = raw(stage, 'abc');
      bytes.set([0xed, 0xa0, 0x80], bytes.length - 19);
      return bytes;
    },
  ],
  ['an entry with one byte too many', (stage) => concat(raw(stage, 'abc'), Uint8Array.of(0))],
  ['an entry cut short', (stage) => raw(stage, 'abc').slice(0, -1) as Bytes],
  ['an entry of version 2', (stage) => changed(raw(stage, 'abc'), 1, 2)],
  ['an entry with seq 0', (stage) => changed(raw(stage, 'abc'), 62, 0)],
  ['a length that lies', (stage) => changed(raw(stage, 'abc'), 79, 0xff)],
  ['a frame of no known type', () => Uint8Array.of(0x55, 1, 2, 3)],
  ['an empty frame', () => new Uint8Array(0)],
  ['a C1 once more', () => concat(Uint8Array.of(1, 1), random(32))],
  ['a C2 once more', () => concat(Uint8Array.of(2), random(64))],
  ['a frame of 65,537 bytes', () => concat(Uint8Array.of(0x11), new Uint8Array(65_536))],
  [
    'a HAVE of 513 logs',
    () => concat(Uint8Array.of(0x10, ...new Uint8Array(8), 2, 1), new Uint8Array(513 * 68)),
  ],
  ['a PING that is too long', () => concat(Uint8Array.of(0x20), random(9))],
];

function raw({ entry }: Scene, text: string): Bytes {
  return encodeChannelFrame({
    kind: 'entry',
    bytes: encodeEntry(entry(text, { seq: 1, after: 1 })),
  });
}

function changed(bytes: Bytes, at: number, value: number): Bytes {
  bytes[at] = value;
  return bytes;
}

for (const [attack, bytes] of MALFORMED) {
  test(`${attack} closes the channel and is not stored`, () =>
    withWorld(async (world) => {
      const stage = await scene(world);
      stage.session.sendBytes(bytes(stage));
      await assertEnded(stage, attack);
      await assertShown(stage, []);
    }));
}

test('a text message in the place of bytes closes the channel', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    stage.session.channel.send('{"kind":"entry"}');
    await assertEnded(stage, 'a text message on the channel');
  }));

test('a second HAVE closes the channel', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    stage.session.send({ kind: 'have', clock: 0, heads: [] });
    await assertEnded(stage, 'a second HAVE');
  }));

test('absurd heads in HAVE and ACK for what was never sent deliver nothing', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    const { ann, evil, session, conversation } = stage;
    const { device } = await ownLog(stage);
    const head = (seq: number, change: Partial<LogHead> = {}): LogHead => ({
      conversation,
      author: decodeAddress(ann.address),
      device,
      seq,
      ...change,
    });
    const { id } = await ann.ask('send', evil.address, 'are you honest?');
    await session.frame('entry');
    session.send({ kind: 'ack', head: head(2 ** 32 - 1) });
    session.send({ kind: 'ack', head: head(1_000) });
    session.send({ kind: 'ack', head: head(2, { device: random(8) }) });
    session.send({ kind: 'ack', head: head(2, { author: evil.key }) });
    session.send({ kind: 'ack', head: head(2, { conversation: random(16) }) });
    await session.settle();
    const { messages } = await ann.ask('conversations.history', evil.address);
    assert.is.not(messages[0]?.status, 'delivered');
    assert.equal(ann.all('receipt'), []);
    session.send({ kind: 'ack', head: head(2) });
    session.send({ kind: 'ack', head: head(2) });
    await ann.sees('receipt', (event) => event.ids.includes(id));
    session.send({ kind: 'ack', head: head(1) });
    await session.settle();
    assert.is(ann.all('receipt').length, 1);
    const after = await ann.ask('conversations.history', evil.address);
    assert.is(after.messages[0]?.status, 'delivered');
    assert.equal(ann.all('error'), []);
    outcome('ACK for what was never sent, for others, twice', 'believed only where it is true');

    // In the HAVE of the next channel.
    session.connection.close();
    await ann.sees('presence', (event) => !event.online);
    const next = await EvilSession.open(evil, ann.address, world.network);
    await next.confirm();
    await next.frame('have');
    const absurd = Array.from({ length: 500 }, () => head(2 ** 32 - 1, { device: random(8) }));
    next.send({
      kind: 'have',
      clock: Number.MAX_SAFE_INTEGER,
      heads: [...absurd, head(2 ** 32 - 1)].map((each) => ({ ...each, time: 0 })),
    });
    await ann.ask('send', evil.address, 'second');
    await next.settle();
    assert.equal(ann.all('error'), []);
    const last = (await ann.ask('conversations.history', evil.address)).messages.at(-1);
    assert.is.not(last?.status, 'delivered');
    outcome('a HAVE with 501 logs of absurd heights', 'delivers nothing');
  }));

/** The log of Ann's device, from the first entry she sends. */
async function ownLog({ session }: Scene): Promise<{ device: Bytes }> {
  const { bytes } = await session.frame('entry');
  return { device: bytes.slice(50, 58) as Bytes };
}

test('who acknowledges nothing is sent 512 entries and no more', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    const { ann, evil, session } = stage;
    const texts = Array.from({ length: 560 }, (_, n) => `${n}`);
    for (const text of texts) await ann.ask('send', evil.address, text);
    const entries = () => session.inbox.items.filter((bytes) => bytes[0] === 0x11).length;
    await eventually(() => entries() >= 512, '512 entries');
    await session.settle();
    assert.is(entries(), 512);
    outcome('a contact who acknowledges nothing', 'is sent 512 entries');
  }));

test('who sends thousands of entries without a pause is stored in order, or cut off', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    const { ann, entry, send, session } = stage;
    for (let n = 0; n < 2_000; n++) send(entry(`${n}`));
    const isCut = () => session.channel.readyState !== 'open';
    await eventually(() => isCut() || ann.texts.includes('1999'), 'the last one or the end');
    // What had arrived before the end is stored still.
    const shown = () => ann.all('message').map((message) => message.text);
    const kept = async () => {
      const page = await ann.ask('conversations.history', stage.evil.address, { limit: 500 });
      return page.messages.map((message) => message.text);
    };
    const isAllKept = async () => {
      const [stored, told] = [await kept(), shown().slice(-500)];
      return told.length > 0 && stored.join() === told.join();
    };
    await eventually(isAllKept, 'all that came is stored');
    assert.equal(
      shown(),
      shown().map((_, n) => `${n}`),
    );
    outcome(
      'two thousand entries without waiting for an ACK',
      isCut() ? 'the channel is closed' : 'stored in order',
    );
  }));

test('a profile with markup, bidi controls or `__proto__` is a clean name', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    const { ann, evil, entry, send } = stage;
    const names = [
      ['\u202eevil\u0007', 'evil'],
      ['__proto__', '__proto__'],
      ['<b>x</b>', '<b>x</b>'],
    ] as const;
    for (const [name, shown] of names) {
      send(entry('', { body: { kind: 'profile', name, relays: ['wss://evil.example'] } }));
      await ann.sees('contact', (contact) => contact.profileName === shown);
    }
    // Where a contact says to be is a hint, and causes no connection (I3).
    assert.not.ok(ann.machine.dialled.some((url) => url.includes('evil')));
    assert.equal((await ann.ask('contacts.get', evil.address))?.relays, []);
    outcome('profiles with bidi controls and relays of their own', 'cleaned; no relay dialled');
  }));

test('a conversation goes on after all of this, on a new channel', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    stage.send(stage.entry('one'));
    await arrived(stage.ann, 'one');
    stage.session.sendBytes(Uint8Array.of(0x55));
    await stage.session.closed;
    const again = await reopened(stage, 1);
    again.send(again.entry('two', { seq: 2, after: 9 }));
    await arrived(stage.ann, 'two');
    await assertShown(stage, ['one', 'two']);
  }));

test.run();
