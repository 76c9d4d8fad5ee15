/** People looking for each other: knocks, connections, losses, goodbyes, strangers, limits. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toHex } from '../../sdk/base/bytes.js';
import type { ChannelFrame } from '../../sdk/protocol/channel-frames.js';
import {
  CONNECT_TIMEOUT_MS,
  MAX_CONTACT_DEVICES,
  MAX_PEER_CONNECTIONS,
  TOKEN_BYTES,
} from '../../sdk/protocol/limits.js';
import { settle } from '../transport/hand-platform.js';
import { Meeting, type Person, RELAY, twoContacts } from './meeting.js';

/** Connections of theirs that are not closed. */
const open = (person: Person) => person.meeting.network.of(person.name).length;

async function connected() {
  const all = await twoContacts();
  all.low.peer(all.high).call();
  await all.meeting.rest();
  assert.is(all.low.peer(all.high).state, 'connected', all.low.logged.join('\n'));
  assert.is(all.high.peer(all.low).state, 'connected', all.high.logged.join('\n'));
  return all;
}

test('the lower key calls: knock, hello, offer, answer, and both are connected', async () => {
  const { meeting, low, high } = await connected();
  assert.equal(
    meeting.kinds().filter((kind) => kind !== 'candidates'),
    ['knock', 'hello', 'offer', 'answer'],
  );
  assert.equal(low.told, ['calling', 'connecting', 'connected']);
  assert.equal(high.told, ['connecting', 'connected']);
});

test('the higher key calls: one signal less', async () => {
  const { meeting, low, high } = await twoContacts();
  high.peer(low).call();
  await meeting.rest();
  assert.is(high.peer(low).state, 'connected');
  assert.equal(
    meeting.kinds().filter((kind) => kind !== 'candidates'),
    ['knock', 'offer', 'answer'],
  );
});

test('both call at once and come to one connection', async () => {
  const { meeting, low, high } = await twoContacts();
  low.peer(high).call();
  high.peer(low).call();
  await meeting.rest();
  assert.is(low.peer(high).state, 'connected');
  assert.is(high.peer(low).state, 'connected');
  assert.is(open(low), 1);
  assert.is(open(high), 1);
  assert.is(low.secured.length, 1);
});

test('what one says on the channel, the other hears', async () => {
  const { meeting, low, high } = await connected();
  const heard: ChannelFrame[] = [];
  high.channel(low).read((frame) => heard.push(frame));
  low.channel(high).send({ kind: 'have', clock: 0, heads: [] });
  await meeting.rest();
  assert.equal(heard, [{ kind: 'have', clock: 0, heads: [] }]);
  assert.ok((high.peer(low).lastHeard ?? 0) > 0);
});

test('signals of a session reach the one device they are for, and each has its number', async () => {
  const { meeting, low, high } = await connected();
  const inSession = meeting.seen.filter(({ signal }) => signal.session.some((byte) => byte !== 0));
  for (const { from, signal } of inSession) {
    const other = from === low ? high : low;
    assert.equal(signal.toDevice, other.identity.device);
  }
  const ofLow = inSession.filter(({ from }) => from === low).map(({ signal }) => signal.seq);
  assert.is(new Set(ofLow).size, ofLow.length);
});

test('the newest knock taken is remembered once the channel is proven', async () => {
  const { low, high } = await connected();
  const [device, time] = [...high.remembered][0] ?? [];
  assert.is(device, toHex(low.identity.device));
  assert.ok((time ?? 0) > 0);
});

test('knocks again after longer and longer waits, five times, and is quiet then', async () => {
  const meeting = new Meeting();
  const me = await meeting.person('me');
  const away = await meeting.person('away');
  me.knows(away);
  await me.join();
  const begin = meeting.clock.monotonic();
  const times: number[] = [];
  meeting.bend = (_, from) => {
    assert.is(from, me);
    times.push(meeting.clock.monotonic() - begin);
    return null;
  };
  me.peer(away).call();
  me.peer(away).call();
  await meeting.pass(600_000);
  assert.equal(times, [0, 1_000, 3_000, 7_000, 15_000]);
  assert.is(me.peer(away).state, 'offline');
  assert.is(me.peer(away).reason?.code, 'peer/offline');
  assert.ok(me.peer(away).reason?.retryable);
  assert.is(me.platform.sockets.length, 1);
});

test('a call after giving up begins anew', async () => {
  const meeting = new Meeting();
  const me = await meeting.person('me');
  const friend = await meeting.person('friend');
  me.knows(friend);
  friend.knows(me);
  await me.join();
  me.peer(friend).call();
  await meeting.pass(60_000);
  assert.is(me.peer(friend).state, 'offline');
  await friend.join();
  me.peer(friend).call();
  await meeting.rest();
  assert.is(me.peer(friend).state, 'connected');
});

test('whoever comes later finds who waits: the knock of the other side is enough', async () => {
  const meeting = new Meeting();
  const me = await meeting.person('me');
  const late = await meeting.person('late');
  me.knows(late);
  late.knows(me);
  await me.join();
  me.peer(late).call();
  await meeting.pass(120_000);
  assert.is(me.peer(late).state, 'offline');
  await late.join();
  late.peer(me).call();
  await meeting.rest();
  assert.is(me.peer(late).state, 'connected');
});

test('says that signals were altered on the way, and by which relay', async () => {
  const { meeting, low, high } = await twoContacts();
  meeting.bend = (sealed, _from, to) => {
    if (to !== low) return sealed;
    const altered = sealed.slice();
    altered[300] = (altered[300] as number) ^ 1;
    return altered;
  };
  low.peer(high).call();
  await meeting.pass(60_000);
  const { reason, state } = low.peer(high);
  assert.is(state, 'offline');
  assert.is(reason?.code, 'peer/altered');
  assert.equal(reason?.detail, { relays: [RELAY] });
  assert.ok(low.book.alteredFrames(RELAY) >= 5);
  assert.is(high.book.alteredFrames(RELAY), 0);
});

test('tells of altered frames at 1, 2, 4, 8, so that a flood of them is no flood of events', async () => {
  const { low } = await twoContacts();
  low.relays.length = 0;
  for (let i = 0; i < 20; i++) low.deliver(new Uint8Array(561).fill(1));
  await settle();
  assert.is(low.book.alteredFrames(RELAY), 20);
  assert.equal(low.relays, Array(5).fill(`${RELAY} online`));
});

test('a stranger’s signals open nothing, answer nothing and gather nothing', async () => {
  const meeting = new Meeting();
  const me = await meeting.person('me');
  const lower = await meeting.person('lower', 'low');
  const higher = await meeting.person('higher', 'high');
  for (const stranger of [lower, higher]) {
    stranger.knows(me);
    await stranger.join();
  }
  await me.join();
  for (const stranger of [lower, higher]) stranger.peer(me).call();
  await meeting.pass(120_000);
  assert.equal(meeting.kinds(me), []);
  assert.is(open(me), 0);
  assert.equal(me.told, []);
  assert.equal(me.book.peers, []);
});

test('requests and answers to requests go to whoever decides, and to no connection', async () => {
  const meeting = new Meeting();
  const [me, other] = [await meeting.person('me'), await meeting.person('other')];
  await me.join();
  await other.join();
  const invite = {
    kind: 'invite',
    token: new Uint8Array(TOKEN_BYTES),
    name: 'O',
    text: 'hi',
  } as const;
  await other.book.signaling.signAndSend({ to: me.key }, invite);
  await other.book.signaling.signAndSend({ to: me.key }, { kind: 'accept' });
  await meeting.rest();
  assert.is(me.invites.length, 1);
  assert.is(me.accepts.length, 0, 'nobody we asked');
  me.knows(other);
  await other.book.signaling.signAndSend({ to: me.key }, { kind: 'accept' });
  await meeting.rest();
  assert.is(me.accepts.length, 1);
  assert.equal(me.book.peers, []);
});

test('somebody blocked while their offer was being looked at gets no connection', async () => {
  for (const allowed of [1, 2]) {
    const { meeting, low, high } = await twoContacts();
    let lookups = 0;
    let isOffered = false;
    meeting.bend = (sealed, from) => {
      isOffered ||= from === low && meeting.seen.at(-1)?.signal.body.kind === 'offer';
      return sealed;
    };
    // Blocked between two steps of taking the offer, each of which ends in a turn of its own.
    high.standings.get = () => (isOffered && ++lookups > allowed ? 'blocked' : 'contact');
    low.peer(high).call();
    await meeting.pass(10_000);
    assert.ok(lookups > allowed, 'the offer came');
    assert.is(open(high), 0);
    assert.equal(high.secured, []);
  }
});

test('a goodbye leaves nobody looking: offline here, idle there, and no knock follows', async () => {
  const { meeting, low, high } = await connected();
  for (const [me, other] of [
    [low, high],
    [high, low],
  ] as const) {
    me.channel(other).read(() => undefined);
  }
  meeting.seen.length = 0;
  low.book.drop(high.key);
  await meeting.pass(60_000);
  assert.is(high.peer(low).state, 'offline');
  assert.is(high.peer(low).reason?.code, 'peer/offline');
  assert.equal(meeting.kinds(), []);
  assert.is(open(low) + open(high), 0);
});

test('a line that broke is mended without anybody asking', async () => {
  const { meeting, low, high } = await connected();
  meeting.network.fail('low');
  await meeting.pass(5_000);
  assert.is(low.peer(high).state, 'connected');
  assert.is(high.peer(low).state, 'connected');
  assert.is(low.secured.length, 2);
  assert.is(open(low), 1);
  assert.is(open(high), 1);
});

test('a page opened anew takes the place of the old one, which is kept until it is proven', async () => {
  const { meeting, low, high } = await connected();
  const before = high.channel(low);
  before.read(() => undefined);
  await low.reload();
  low.peer(high).call();
  await meeting.rest();
  assert.is(low.peer(high).state, 'connected');
  assert.is(high.secured.length, 2);
  assert.is.not(high.channel(low), before);
  assert.equal(high.peer(low).channels.length, 1);
  assert.not.ok(high.told.includes('offline'), high.told.join());
  assert.is(open(high), 1);
});

test('a signal from before a connection, repeated after it, disturbs nothing', async () => {
  const { meeting, low, high } = await twoContacts();
  const kept: [Person, Uint8Array<ArrayBuffer>][] = [];
  meeting.bend = (sealed, _from, to) => {
    kept.push([to, sealed]);
    return sealed;
  };
  low.peer(high).call();
  await meeting.rest();
  const [told, seen] = [[...low.told, ...high.told], meeting.seen.length];
  for (const [to, sealed] of kept) to.deliver(sealed);
  await meeting.pass(60_000);
  assert.equal([...low.told, ...high.told], told);
  assert.is(low.secured.length + high.secured.length, 2);
  const answers = meeting
    .kinds()
    .slice(seen)
    .filter((kind) => kind !== 'candidates');
  assert.equal(answers, []);
});

test('every signal delivered three times makes one connection', async () => {
  const { meeting, low, high } = await twoContacts();
  meeting.bend = (sealed) => [sealed, sealed, sealed];
  low.peer(high).call();
  high.peer(low).call();
  await meeting.rest();
  assert.is(low.peer(high).state, 'connected');
  assert.is(high.peer(low).state, 'connected');
  await meeting.pass(60_000);
  assert.is(low.secured.length, 1);
  assert.is(open(low) + open(high), 2);
});

test('an answer that is lost is asked for again, and comes', async () => {
  const { meeting, low, high } = await twoContacts();
  let lost = 0;
  meeting.bend = (sealed) => {
    const isAnswer = meeting.seen.at(-1)?.signal.body.kind === 'answer';
    return isAnswer && lost++ === 0 ? null : sealed;
  };
  low.peer(high).call();
  await meeting.pass(2 * CONNECT_TIMEOUT_MS);
  assert.is(lost > 0, true);
  assert.is(low.peer(high).state, 'connected');
  assert.is(high.peer(low).state, 'connected');
});

test('says that the networks let nothing through, and keeps knocking first', async () => {
  const { meeting, low, high } = await twoContacts();
  meeting.network.isOpen = () => false;
  low.peer(high).call();
  await meeting.pass(120_000);
  assert.is(low.peer(high).state, 'offline');
  assert.is(low.peer(high).reason?.code, 'peer/no-route');
  assert.ok(meeting.kinds(low).filter((kind) => kind === 'offer').length > 1);
  assert.is(open(low) + open(high), 0);
});

test('says that this browser has no WebRTC', async () => {
  const { meeting, low, high } = await twoContacts();
  low.platform.openPeerConnection = null;
  low.peer(high).call();
  await meeting.pass(120_000);
  assert.is(low.peer(high).reason?.code, 'platform/unsupported');
  assert.is(low.peer(high).state, 'offline');
});

test('connections are made with the servers and the policy that were asked for', async () => {
  const { meeting, low, high } = await twoContacts();
  const config: RTCConfiguration = {
    iceServers: [{ urls: 'stun:stun.example' }],
    iceTransportPolicy: 'relay',
  };
  high.rtcConfig = async () => config;
  low.peer(high).call();
  await meeting.rest();
  assert.equal(
    meeting.network.of('high').map((connection) => connection.config),
    [config],
  );
});

test('servers that cannot be had end the attempt in words, not in a throw', async () => {
  const { meeting, low, high } = await twoContacts();
  high.rtcConfig = () => Promise.reject(new Error('no'));
  low.peer(high).call();
  await meeting.pass(120_000);
  assert.is(high.peer(low).reason?.code, 'peer/protocol');
  assert.is(open(high), 0);
});

test('the connection that was silent for longest gives way to the one too many', async () => {
  const meeting = new Meeting();
  const me = await meeting.person('me');
  await me.join();
  const friends: Person[] = [];
  for (let i = 0; i <= MAX_PEER_CONNECTIONS; i++) {
    const friend = await meeting.person(`friend ${i}`);
    friends.push(friend.knows(me));
    me.knows(friend);
    await friend.join();
    friend.peer(me).call();
    await meeting.pass(2_000);
    assert.is(me.peer(friend).state, 'connected', friend.name);
    // Whoever reads is told goodbye, and does not come back at once.
    friend.channel(me).read(() => undefined);
    me.channel(friend).read(() => undefined);
    for (const each of friends.slice(1)) me.channel(each).lastHeard = meeting.clock.monotonic();
  }
  assert.is(open(me), MAX_PEER_CONNECTIONS);
  assert.is(me.peer(friends[0] as Person).channels.length, 0);
  assert.is(me.peer(friends.at(-1) as Person).state, 'connected');
});

test('remembers so many devices of one person, and forgets one without a connection first', async () => {
  const meeting = new Meeting();
  const me = await meeting.person('me');
  const friend = await meeting.person('friend', 'low');
  me.knows(friend);
  friend.knows(me);
  await me.join();
  await friend.join();
  friend.peer(me).call();
  await meeting.rest();
  const channel = me.channel(friend);
  meeting.seen.length = 0;
  for (let i = 1; i <= MAX_CONTACT_DEVICES + 4; i++) {
    // Another store of the same person: another device, and no connection behind its knock.
    Object.assign(friend.identity, { device: new Uint8Array(8).fill(i) });
    const knock = { kind: 'knock', nonce: friend.platform.random(32) } as const;
    await friend.book.signaling.signAndSend({ to: me.key }, knock);
    await meeting.pass(1_000);
  }
  assert.is(meeting.kinds(me).filter((kind) => kind === 'hello').length, MAX_CONTACT_DEVICES + 4);
  assert.is(me.channel(friend), channel);
});

test('a stopped book opens and answers nothing any more', async () => {
  const { meeting, low, high } = await twoContacts();
  high.book.stop();
  high.platform.sockets.length = 0;
  meeting.seen.length = 0;
  low.peer(high).call();
  await meeting.pass(5_000);
  assert.equal(meeting.kinds(high), []);
  assert.is(open(high), 0);
  assert.equal(high.book.peers, []);
});

test('hanging up ends the knocks as well', async () => {
  const meeting = new Meeting();
  const me = await meeting.person('me');
  const away = await meeting.person('away');
  me.knows(away);
  await me.join();
  me.peer(away).call();
  await meeting.pass(1_500);
  const knocks = meeting.kinds(me).length;
  me.book.drop(away.key);
  await meeting.pass(120_000);
  assert.is(meeting.kinds(me).length, knocks);
  assert.equal(me.told.at(-1), 'idle');
});

test('an attempt that others began says that signals were altered, too', async () => {
  const { meeting, low, high } = await twoContacts();
  let knocks = 0;
  meeting.bend = (sealed) => {
    const kind = meeting.seen.at(-1)?.signal.body.kind;
    if (kind === 'knock' && knocks++ > 0) return null;
    return kind === 'answer' ? sealed.slice(1) : sealed;
  };
  // Low does not call: it only answers high's first knock.
  high.peer(low).call();
  await meeting.pass(CONNECT_TIMEOUT_MS + 1);
  assert.equal(low.told.slice(0, 2), ['connecting', 'offline peer/altered']);
});

test('a false proof is told as one, whatever a relay altered meanwhile', async () => {
  const { meeting, low, high } = await twoContacts();
  meeting.bend = (sealed, _from, to) => (to === low ? [sealed, sealed.slice(1)] : sealed);
  const real = low.platform.openPeerConnection;
  low.platform.openPeerConnection = (config) => {
    const connection = real?.(config) as RTCPeerConnection;
    const sctp = { transport: { getRemoteCertificates: () => [new ArrayBuffer(300)] } };
    Object.defineProperty(connection, 'sctp', { get: () => sctp });
    return connection;
  };
  high.peer(low).call();
  await meeting.rest();
  assert.ok(low.book.alteredFrames(RELAY) > 0);
  assert.is(low.peer(high).reason?.code, 'peer/impostor');
});

test('what was altered before an attempt does not explain its end', async () => {
  const { meeting, low, high } = await twoContacts();
  meeting.network.isOpen = () => false;
  meeting.bend = (sealed, _from, to) => (to === low ? [sealed.slice(1)] : sealed);
  high.peer(low).call();
  await meeting.rest();
  assert.ok(low.book.alteredFrames(RELAY) > 0);
  meeting.bend = (sealed) => sealed;
  await meeting.pass(10_000);
  await meeting.pass(CONNECT_TIMEOUT_MS);
  assert.is(low.peer(high).reason?.code, 'peer/no-route');
});

test.run();
