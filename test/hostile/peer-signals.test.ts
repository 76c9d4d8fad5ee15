/**
 * Strangers, blocked people and odd contacts, before any channel: what they can make appear is one
 * request each, bounded; nobody is answered, and no connection exists, before there is consent.
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { record } from '../../relay/evil/envelopes.js';
import type { Envelope } from '../../relay/index.js';
import { type Bytes, concat, equal, utf8 } from '../../sdk/base/bytes.js';
import { seal } from '../../sdk/crypto/seal.js';
import { decodeAddress } from '../../sdk/protocol/address.js';
import { Writer } from '../../sdk/protocol/codec.js';
import type { Candidate, Description } from '../../sdk/protocol/description.js';
import { encodeSignal, NO_DEVICE, NO_SESSION, NO_TOKEN } from '../../sdk/protocol/signal.js';
import { EvilPeer, suite } from '../support/evil-peer.js';
import { outcome, printOutcomes, refusedWith } from '../support/evil-report.js';
import { EvilSession } from '../support/evil-session.js';
import { eventually, type LocalPerson, type World, withWorld } from '../support/people.js';
import { random } from '../support/relay-client.js';

test.after(() => printOutcomes('Strangers, blocked people and odd contacts:'));

/** One sender and one receiver may pass a thousand envelopes at once. */
const WIDE = {
  sendBurst: 20_000,
  sendBurstBytes: 50_000_000,
  sendBurstPerKey: 20_000,
  sendBurstBytesPerKey: 50_000_000,
  sendBurstPerIp: 20_000,
  sendBurstBytesPerIp: 50_000_000,
  deliveryBurst: 20_000,
};

interface Scene {
  readonly ann: LocalPerson;
  readonly evil: EvilPeer;
  /** What Ann has sent so far. */
  sent(): Envelope[];
}

async function scene(world: World, role: 'low' | 'high' | 'any' = 'any'): Promise<Scene> {
  const passed: Envelope[] = [];
  const relay = await world.relay({ tamper: record(passed), limits: WIDE });
  const ann = await world.person('Ann', { relays: [relay.url] });
  await ann.sees('relay', (event) => event.state === 'online');
  const evil = await (await EvilPeer.make(role, ann.address)).join(relay.url);
  const key = decodeAddress(ann.address);
  return { ann, evil, sent: () => passed.filter((each) => equal(each.from, key)) };
}

/** Everything said so far has reached Ann and been decided. */
async function heard(world: World, { evil }: Scene): Promise<void> {
  await evil.settle();
  await world.clock.pass(1_200);
}

const description = (setup: Description['setup'] = 'actpass'): Description => ({
  setup,
  ufrag: 'abcd',
  pwd: 'x'.repeat(24),
  fingerprint: random(32),
  sctpPort: 5000,
  maxMessageSize: 262_144,
});

test('a stranger’s KNOCK, OFFER and all the rest: no packet out, no connection, no trace', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    const { ann, evil, sent } = stage;
    const past = ann.log.length;
    await evil.say(ann.address, { kind: 'knock', nonce: random(32) });
    await evil.say(ann.address, { kind: 'hello', nonceLow: random(32), nonceHigh: random(32) });
    const session = random(16);
    const offer = {
      kind: 'offer',
      nonceLow: random(32),
      nonceHigh: random(32),
      description: description(),
    } as const;
    await evil.say(ann.address, offer, { session });
    await evil.say(
      ann.address,
      { kind: 'answer', offerHash: random(32), description: description('active') },
      { session },
    );
    await evil.say(ann.address, { kind: 'candidates', candidates: [] }, { session });
    await evil.say(ann.address, { kind: 'bye', reason: 0 }, { session });
    await evil.say(ann.address, { kind: 'accept' });
    await heard(world, stage);
    assert.equal(sent(), []);
    assert.is(await ann.connectionsMade(), 0);
    assert.equal(
      ann.log.slice(past).filter((seen) => seen.type !== 'relay'),
      [],
    );
    outcome('a stranger knocks, offers, answers and accepts', 'no packet out, no connection');
  }));

test('a stranger’s INVITE: one request, no packet out, no connection', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    const { ann, evil, sent } = stage;
    const invite = { kind: 'invite', token: NO_TOKEN, name: 'Eve', text: 'hello' } as const;
    for (let n = 0; n < 20; n++) await evil.say(ann.address, { ...invite, text: `hello ${n}` });
    await ann.sees('request');
    await heard(world, stage);
    assert.is(ann.all('request').length, 1);
    assert.equal(sent(), []);
    assert.is(await ann.connectionsMade(), 0);
    // The words shown are those said last.
    assert.is((await ann.ask('contacts.requests'))[0]?.text, 'hello 19');
    outcome('a stranger asks twenty times', 'one request, no packet out, no connection');
  }));

test('a request repeated in the very moment it is answered is not shown again', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    const { ann } = stage;
    const to = decodeAddress(ann.address);
    const answers = ['contacts.accept', 'contacts.decline', 'contacts.block'] as const;
    for (let n = 0; n < 12; n++) {
      const eve = await EvilPeer.make();
      const words = { kind: 'invite', token: NO_TOKEN, name: 'Eve', text: `${n}` } as const;
      const sealed: Bytes[] = [];
      for (let m = 0; m < 20; m++) {
        sealed.push(await seal(suite, to, await eve.sign(to, words, { time: Date.now() + m })));
      }
      stage.evil.client.sendTo(to, sealed[0] as Bytes);
      await ann.sees('request', (event) => event.from === eve.address);
      // The others are read before the answer is stored, in that moment, and after.
      for (const each of sealed.slice(1)) {
        stage.evil.client.sendTo(to, each);
        await new Promise((next) => setImmediate(next));
      }
      await ann.ask(answers[n % 3] ?? 'contacts.accept', eve.address);
      await heard(world, stage);
      world.clock.jump(60_000);
    }
    assert.is(ann.all('request').length, 12);
    assert.equal(await ann.ask('contacts.requests'), []);
    outcome('a request repeated while it is being answered', 'shown once');
  }));

test('a blocked contact knocks, offers and asks: no packet out, no connection, no trace', () =>
  withWorld(async (world) => {
    const stage = await scene(world, 'low');
    const { ann, evil, sent } = stage;
    await ann.ask('contacts.block', evil.address);
    const before = sent().length;
    const past = ann.log.length;
    await evil.say(ann.address, { kind: 'knock', nonce: random(32) });
    const offer = { nonceLow: random(32), nonceHigh: random(32), description: description() };
    await evil.say(ann.address, { kind: 'offer', ...offer }, { session: random(16) });
    await evil.say(ann.address, { kind: 'invite', token: NO_TOKEN, name: 'Eve', text: 'please' });
    await evil.say(ann.address, { kind: 'accept' });
    await heard(world, stage);
    assert.is(sent().length, before);
    assert.is(await ann.connectionsMade(), 0);
    assert.equal(ann.log.slice(past), []);
    outcome('a blocked contact knocks, offers and asks', 'no packet out, no connection');
  }));

test('a thousand INVITEs from fresh keys: few are shown, the rest is dropped', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    const { ann, evil, sent } = stage;
    const to = decodeAddress(ann.address);
    const posts: Bytes[] = [];
    for (let n = 0; n < 1_000; n += 50) {
      const some = Array.from({ length: 50 }, async () => {
        const fresh = await EvilPeer.make();
        const invite = { kind: 'invite', token: NO_TOKEN, name: `E${n}`, text: 'spam' } as const;
        return seal(suite, to, await fresh.sign(to, invite));
      });
      posts.push(...(await Promise.all(some)));
    }
    const began = world.clock.monotonic();
    for (const sealed of posts) evil.client.sendTo(to, sealed);
    await heard(world, stage);
    const minutes = Math.ceil((world.clock.monotonic() - began) / 60_000);
    const shown = ann.all('request').length;
    assert.ok(shown > 0 && shown <= 60 * minutes, `${shown} requests`);
    const waiting = (await ann.ask('contacts.requests')).length;
    assert.ok(waiting <= 100, `${waiting} wait`);
    assert.equal(sent(), []);
    assert.is(await ann.connectionsMade(), 0);
    outcome('a thousand INVITEs from fresh keys in a second', `${shown} requests, no packet out`);
  }));

test('more requests than are kept: the oldest give way, and the store does not grow', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    const { ann, evil } = stage;
    const to = decodeAddress(ann.address);
    for (let round = 0; round < 4; round++) {
      for (let n = 0; n < 40; n++) {
        const fresh = await EvilPeer.make();
        const text = `${round}/${n}`;
        const invite = { kind: 'invite', token: NO_TOKEN, name: 'E', text } as const;
        evil.client.sendTo(to, await seal(suite, to, await fresh.sign(to, invite)));
      }
      await heard(world, stage);
      world.clock.jump(61_000);
    }
    const requests = await ann.ask('contacts.requests');
    assert.is(requests.length, 100);
    assert.ok(requests.some((request) => request.text.startsWith('3/')));
    assert.not.ok(requests.some((request) => request.text === '0/0'));
    await ann.reload();
    assert.is((await ann.ask('contacts.requests')).length, 100);
  }));

/** An INVITE written by hand, whose fields may be anything. */
async function rawInvite(evil: EvilPeer, to: Bytes, name: Uint8Array, text: Uint8Array) {
  const signal = encodeSignal({
    from: evil.key,
    to,
    fromDevice: evil.device,
    toDevice: NO_DEVICE,
    session: NO_SESSION,
    seq: 0,
    time: Date.now() + 1,
    body: { kind: 'invite', token: NO_TOKEN, name: '', text: '' },
  });
  const body = new Writer()
    .bytes(NO_TOKEN)
    .u8(name.length & 255)
    .bytes(name);
  body.u16(text.length & 0xffff).bytes(text);
  const whole = new Writer().bytes(signal.subarray(0, 110)).bytes16(body.done()).done();
  return concat(whole, await evil.keys.sign('signal', whole));
}

test('an INVITE with a name or text too long, or not UTF-8, is not shown', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    const { ann, evil, sent } = stage;
    const to = decodeAddress(ann.address);
    const odd: [Uint8Array, Uint8Array][] = [
      [utf8('x'.repeat(65)), utf8('a name too long')],
      [utf8('Eve'), utf8('x'.repeat(281))],
      [utf8('Eve'), utf8('x'.repeat(7_000))],
      [Uint8Array.of(0xff, 0xfe), utf8('not UTF-8')],
      [utf8('Eve'), Uint8Array.of(0xed, 0xa0, 0x80)],
      [utf8('Eve'), Uint8Array.of(0xc0, 0xaf)],
    ];
    for (const [name, text] of odd) await evil.post(to, await rawInvite(evil, to, name, text));
    await heard(world, stage);
    assert.equal(ann.all('request'), []);
    assert.equal(sent(), []);
    // A megabyte does not even fit an envelope, nor a frame of the relay.
    assert.throws(() => evil.client.sendTo(to, new Uint8Array(1_000_000)));
    await evil.post(to, await rawInvite(evil, to, utf8('Eve'), utf8('just right')));
    assert.is((await ann.sees('request')).text, 'just right');
    outcome('INVITEs too long or not UTF-8', 'not shown');
  }));

test('a name that reorders, hides or breaks lines is cleaned; one like a built-in is a name', () =>
  withWorld(async (world) => {
    const stage = await scene(world);
    const { ann } = stage;
    const names: [given: string, shown: string][] = [
      ['\u202egnp.exe', 'gnp.exe'],
      ['Ann\u2066\u200f\u0000\u001b[31m', 'Ann [31m'],
      ['two\nlines\r\nhere', 'two lines here'],
      ['__proto__', '__proto__'],
      ['constructor', 'constructor'],
      ['toString', 'toString'],
      ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
      ['\u202e\u202e\u202e', ''],
    ];
    for (const [given, shown] of names) {
      const evil = await EvilPeer.make();
      const invite = { kind: 'invite', token: NO_TOKEN, name: given, text: given } as const;
      await stage.evil.post(ann.address, await evil.sign(ann.address, invite));
      const request = await ann.sees('request', (event) => event.from === evil.address);
      assert.is(request.name, shown);
      assert.is((await ann.ask('contacts.accept', evil.address)).name, shown);
    }
    assert.is(({} as { polluted?: unknown }).polluted, undefined);
    await ann.reload();
    assert.is((await ann.ask('contacts.list')).length, names.length);
    outcome('names with bidi controls, line breaks, `__proto__`', 'cleaned; nothing polluted');
  }));

/** A body written by hand, signed and sealed rightly. */
async function rawBody(stage: Scene, type: number, session: Bytes, body: Bytes): Promise<void> {
  const { ann, evil } = stage;
  const to = decodeAddress(ann.address);
  const head = new Writer()
    .u8(1)
    .u8(type)
    .bytes(evil.key)
    .bytes(to)
    .bytes(evil.device)
    .bytes(NO_DEVICE)
    .bytes(session)
    .u32(0)
    .u64(Date.now() + 1_000)
    .bytes16(body)
    .done();
  await evil.post(to, concat(head, await evil.keys.sign('signal', head)));
}

const ice = (text: string) => new Writer().bytes8(utf8(text)).done();

/** Descriptions no browser would make. */
const DESCRIPTIONS: readonly [what: string, body: Bytes][] = [
  ['a ufrag of three characters', describing({ ufrag: ice('abc') })],
  ['a ufrag of 33 characters', describing({ ufrag: ice('a'.repeat(33)) })],
  ['a pwd of 21 characters', describing({ pwd: ice('a'.repeat(21)) })],
  ['a line break in the pwd', describing({ pwd: ice(`${'a'.repeat(22)}\r\na=x:1`) })],
  ['a NUL in the ufrag', describing({ ufrag: ice('ab\0cd') })],
  ['a space in the ufrag', describing({ ufrag: ice('ab cd') })],
  ['an umlaut in the pwd', describing({ pwd: ice(`${'a'.repeat(22)}ü`) })],
  ['a fingerprint of 64 bytes', describing({ fingerprint: random(64) })],
  ['a fingerprint of 20 bytes', describing({ fingerprint: random(20) })],
  ['SCTP port 0', describing({ port: 0 })],
  ['a setup of its own', describing({ setup: 7 })],
  ['the setup of an answer', describing({ setup: 1 })],
];

function describing(change: {
  setup?: number;
  ufrag?: Bytes;
  pwd?: Bytes;
  fingerprint?: Bytes;
  port?: number;
}): Bytes {
  return new Writer()
    .u8(change.setup ?? 0)
    .bytes(change.ufrag ?? ice('abcd'))
    .bytes(change.pwd ?? ice('x'.repeat(24)))
    .bytes(change.fingerprint ?? random(32))
    .u16(change.port ?? 5000)
    .u32(262_144)
    .done();
}

test('a description no browser makes reaches no browser', () =>
  withWorld(async (world) => {
    const stage = await scene(world, 'low');
    const { ann, evil } = stage;
    await ann.ask('contacts.add', evil.address);
    for (const [what, body] of DESCRIPTIONS) {
      const nonce = random(32);
      await evil.say(ann.address, { kind: 'knock', nonce });
      const hello = await evil.inbox.take(
        ({ signal }) => signal.body.kind === 'hello' && equal(signal.body.nonceLow, nonce),
        'hello',
      );
      const theirs = hello.signal.body.kind === 'hello' ? hello.signal.body.nonceHigh : nonce;
      await rawBody(stage, 3, random(16), concat(nonce, theirs, body));
      await heard(world, stage);
      assert.is(await ann.connectionsMade(), 0, what);
    }
    const [status] = await ann.ask('relays.list');
    assert.ok((status?.alteredFrames ?? 0) >= DESCRIPTIONS.length);
    outcome('descriptions with CRLF, NUL, wrong lengths, port 0', 'never reach the browser');
  }));

test('an OFFER of the higher key, with foreign nonces, or of another session is not taken', () =>
  withWorld(async (world) => {
    const stage = await scene(world, 'high');
    const { ann, evil } = stage;
    await ann.ask('contacts.add', evil.address);
    const offer = {
      kind: 'offer',
      nonceLow: random(32),
      nonceHigh: random(32),
      description: description(),
    } as const;
    await evil.say(ann.address, offer, { session: random(16) });
    await heard(world, stage);
    assert.is(await ann.connectionsMade(), 0);

    const low = await (await EvilPeer.make('low', ann.address)).join(
      (await ann.ask('relays.list'))[0]?.url ?? '',
    );
    await ann.ask('contacts.add', low.address);
    await low.say(ann.address, offer, { session: random(16) });
    const nonce = random(32);
    await low.say(ann.address, { kind: 'knock', nonce });
    const hello = await low.inbox.take(
      ({ signal }) => signal.body.kind === 'hello' && equal(signal.body.nonceLow, nonce),
      'hello',
    );
    const theirs = hello.signal.body.kind === 'hello' ? hello.signal.body.nonceHigh : nonce;
    // The right nonces in a session of another name.
    const own = { ...offer, nonceLow: nonce, nonceHigh: theirs };
    await low.say(ann.address, own, { session: random(16) });
    await heard(world, stage);
    assert.is(await ann.connectionsMade(), 0);
    outcome('an OFFER by the higher key, with old nonces, of another session', 'no connection');
  }));

const candidate = (address: readonly number[], change: Partial<Candidate> = {}): Candidate => ({
  type: 'host',
  protocol: 'udp',
  priority: 2_122_260_223,
  kind: address.length === 4 ? 'ipv4' : 'ipv6',
  address: Uint8Array.from(address),
  port: 4_444,
  foundation: '1',
  ...change,
});

const v6 = (...tail: number[]) => [...Array<number>(16 - tail.length).fill(0), ...tail];

/** Places a friend must not point a browser at. */
const PLACES: readonly [what: string, candidate: Candidate][] = [
  ['127.0.0.1', candidate([127, 0, 0, 1])],
  ['0.0.0.0', candidate([0, 0, 0, 0])],
  ['224.0.0.1', candidate([224, 0, 0, 1])],
  ['255.255.255.255', candidate([255, 255, 255, 255])],
  ['::', candidate(v6())],
  ['::1', candidate(v6(1))],
  ['ff02::1', candidate([0xff, 2, ...Array<number>(13).fill(0), 1])],
  ['::ffff:127.0.0.1', candidate(v6(0xff, 0xff, 127, 0, 0, 1))],
  ['port 0', candidate([10, 1, 2, 3], { port: 0 })],
];

test('candidates at loopback, multicast, broadcast or port 0 never reach the browser', () =>
  withWorld(async (world) => {
    const stage = await scene(world, 'low');
    const { ann, evil } = stage;
    await ann.ask('contacts.add', evil.address);
    const session = await EvilSession.describe(evil, ann.address, world.network);
    const [connection] = ann.machine.connections;
    const before = connection?.places.length ?? 0;
    for (const [, each] of PLACES) await session.say({ kind: 'candidates', candidates: [each] });
    await session.say({ kind: 'candidates', candidates: [candidate([10, 9, 8, 7])] });
    await eventually(() => connection?.places.includes('10.9.8.7:4444') === true, 'a good one');
    const known = connection?.places.slice(before) ?? [];
    for (const [what] of PLACES)
      assert.not.ok(
        known.some((place) => place.includes(what)),
        what,
      );
    outcome('candidates at loopback, multicast, broadcast, port 0', 'never reach the browser');
  }));

test('of a flood of candidates no more than 64 reach the browser', () =>
  withWorld(async (world) => {
    const stage = await scene(world, 'low');
    const { ann, evil } = stage;
    await ann.ask('contacts.add', evil.address);
    world.network.isOpen = () => false;
    const session = await EvilSession.describe(evil, ann.address, world.network);
    for (let n = 0; n < 30; n++) {
      const candidates = Array.from({ length: 16 }, (_, m) => candidate([10, 7, n, m]));
      await session.say({ kind: 'candidates', candidates });
      if (n % 10 === 9) await heard(world, stage);
    }
    const [connection] = ann.machine.connections;
    const places = new Set(connection?.places.filter((place) => place.startsWith('10.7.')));
    assert.ok(places.size > 0 && places.size <= 64, `${places.size}`);
    outcome('480 candidates', `${places.size} reach the browser`);
  }));

test('a contact who knocks as forty devices gets sixteen connections at most', () =>
  withWorld(async (world) => {
    const stage = await scene(world, 'high');
    const { ann, evil } = stage;
    await ann.ask('contacts.add', evil.address);
    for (let n = 0; n < 40; n++) {
      await evil.say(ann.address, { kind: 'knock', nonce: random(32) }, { fromDevice: random(8) });
    }
    await heard(world, stage);
    const open = ann.machine.connections.filter((each) => each.connectionState !== 'closed');
    assert.ok(open.length > 0 && open.length <= 16, `${open.length}`);
    outcome('a contact who knocks as forty devices', `${open.length} connections`);
  }));

test('a contact who knocks a hundred times has one connection at a time', () =>
  withWorld(async (world) => {
    const stage = await scene(world, 'high');
    const { ann, evil } = stage;
    await ann.ask('contacts.add', evil.address);
    for (let n = 0; n < 100; n++) await evil.say(ann.address, { kind: 'knock', nonce: random(32) });
    await heard(world, stage);
    const open = ann.machine.connections.filter((each) => each.connectionState !== 'closed');
    assert.is(open.length, 1);
    outcome('a contact who knocks a hundred times', 'one connection');
  }));

test('a contact who is found but never goes on is given up after twenty seconds', () =>
  withWorld(async (world) => {
    const stage = await scene(world, 'high');
    const { ann, evil } = stage;
    await ann.ask('contacts.add', evil.address);
    await evil.say(ann.address, { kind: 'knock', nonce: random(32) });
    await evil.next('offer');
    const isOver = (event: { reason: { code: string } | null }) =>
      event.reason?.code === 'peer/unanswered';
    const { reason } = await world.hurry(ann.sees('connection', isOver, { limitMs: 20_000 }));
    refusedWith('a contact who never answers an OFFER', reason, 'peer/unanswered');
    const open = ann.machine.connections.filter((each) => each.connectionState !== 'closed');
    assert.ok(open.length <= 1);
  }));

test('an ANSWER to another OFFER, or a second one, changes nothing', () =>
  withWorld(async (world) => {
    const stage = await scene(world, 'high');
    const { ann, evil } = stage;
    await ann.ask('contacts.add', evil.address);
    const session = await EvilSession.describe(evil, ann.address, world.network);
    await session.say({
      kind: 'answer',
      offerHash: random(32),
      description: description('active'),
    });
    await session.say({
      kind: 'answer',
      offerHash: session.offerHash,
      description: description('active'),
    });
    await session.opened();
    await session.confirm();
    await ann.sees('presence', (event) => event.online);
    outcome('an ANSWER to another OFFER, and a second ANSWER', 'left alone');
  }));

test.run();
