/** Several relays as one: joined once each, sealed anew for each, one that is online is enough. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, toHex, utf8 } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import { open, seal } from '../../sdk/crypto/seal.js';
import { MAX_RELAYS } from '../../sdk/protocol/limits.js';
import { RelayPool } from '../../sdk/transport/relay-pool.js';
import { HandPlatform, type HandSocket, settle, somebody, suite } from './hand-platform.js';

const url = (n: number): string => `wss://relay${n}.example`;

async function made() {
  const platform = new HandPlatform();
  const me = await somebody(platform);
  const arrived: [string, number][] = [];
  const states = new Map<string, string>();
  const pool = new RelayPool({
    identity: me,
    platform,
    logger: () => undefined,
    onSealed: (sealed, from) => arrived.push([from, sealed[0] as number]),
    onReady: () => undefined,
    onState: (of, state) => states.set(of, state),
  });
  return { platform, pool, me, arrived, states };
}

async function withRelays(count: number) {
  const all = await made();
  for (let i = 0; i < count; i++) all.pool.add(url(i));
  for (const socket of all.platform.sockets) await socket.welcome();
  return all;
}

test('joins each relay once and tells them apart', async () => {
  const { platform, pool, states, arrived } = await withRelays(2);
  pool.add(url(1));
  assert.is(platform.sockets.length, 2);
  assert.equal(
    pool.links.map((link) => link.url),
    [url(0), url(1)],
  );
  assert.equal([...states.values()], ['online', 'online']);
  for (const [i, socket] of platform.sockets.entries()) {
    socket.deliver({ kind: 'receive', sealed: new Uint8Array(561).fill(i + 1) });
  }
  await settle();
  assert.equal(arrived, [
    [url(0), 1],
    [url(1), 2],
  ]);
});

test('keeps to five relays, and says so at the sixth', async () => {
  const { pool, platform } = await withRelays(MAX_RELAYS);
  assert.throws(
    () => pool.add(url(9)),
    (fault: unknown) => isPimError(fault, 'relay/too-many') && fault.detail.max === MAX_RELAYS,
  );
  pool.add(url(0));
  pool.remove(url(0));
  pool.add(url(9));
  assert.is(pool.links.length, MAX_RELAYS);
  assert.is(platform.sockets.length, MAX_RELAYS + 1);
});

test('seals anew for every relay, so that two of them cannot match their copies', async () => {
  const { platform, pool } = await withRelays(3);
  const friend = await somebody(platform);
  const to = friend.keys.publicKey;
  const words = utf8('the same words');
  await pool.send(to, () => seal(suite, to, words));
  const copies = platform.sockets.map((socket) => socket.of('send')[0]?.sealed as Bytes);
  for (const copy of copies) assert.equal(await open(suite, friend.keys, copy), words);
  for (const [part, [from, end]] of Object.entries({
    share: [1, 33],
    body: [33, 65],
    tag: [-16],
  })) {
    const parts = new Set(copies.map((copy) => toHex(copy.subarray(from, end))));
    assert.is(parts.size, 3, part);
  }
  assert.is(new Set(copies.map((copy) => copy.length)).size, 1);
});

test('one relay that is ready is enough, and the others are not waited for', async () => {
  const { platform, pool } = await made();
  pool.add(url(0));
  pool.add(url(1));
  assert.not.ok(pool.isReady);
  const had = new Set<string>();
  await pool.send(new Uint8Array(32), async () => new Uint8Array(561), had);
  assert.is(had.size, 0);
  await platform.sockets[1]?.welcome();
  assert.ok(pool.isReady);
  let seals = 0;
  const envelope = async () => {
    seals++;
    return new Uint8Array(561);
  };
  await pool.send(new Uint8Array(32).fill(1), envelope, had);
  assert.equal([...had], [url(1)]);
  assert.is(seals, 1, 'nothing is sealed for a relay that gets nothing');
});

test('goes once to each relay, and again only to those that did not take it', async () => {
  const { platform, pool } = await withRelays(2);
  const [slow, quick] = platform.sockets as [HandSocket, HandSocket];
  slow.bufferedAmount = 1_000_000;
  const had = new Set<string>();
  const send = () => pool.send(new Uint8Array(32), async () => new Uint8Array(561), had);
  await Promise.all([send(), send()]);
  assert.equal([...had], [url(1)]);
  slow.bufferedAmount = 0;
  await send();
  assert.equal([...had].sort(), [url(0), url(1)]);
  assert.equal(
    [slow, quick].map((socket) => socket.of('send').length),
    [1, 1],
  );
});

test('a hurry ends the waits of all links', async () => {
  const { platform, pool } = await made();
  pool.add(url(0));
  pool.add(url(1));
  for (const socket of [...platform.sockets]) socket.drop();
  await settle();
  pool.hurry();
  await settle();
  assert.is(platform.sockets.length, 4);
});

const note = (value: number) => ({ kind: 'note', type: 0x40, body: Uint8Array.of(value) }) as const;

test('tells what its relays said of TURN, and nothing of one it has left', async () => {
  const { pool, platform } = await withRelays(MAX_RELAYS);
  const told = () => pool.turnNotes.map(({ body }) => body[0]);
  for (const [i, socket] of platform.sockets.entries()) if (i !== 2) socket.deliver(note(i));
  platform.sockets[4]?.deliver(note(9));
  await settle();
  assert.equal(told(), [0, 1, 3, 9]);
  pool.remove(url(0));
  assert.equal(told(), [1, 3, 9]);
  pool.stop();
  assert.equal(told(), []);
});

test('takes TURN servers from no relay that somebody else has named', async () => {
  const { pool, platform } = await made();
  pool.add(url(0), false);
  await platform.socket.welcome();
  platform.socket.deliver(note(1));
  await settle();
  assert.equal(pool.turnNotes, []);
  pool.add(url(0));
  assert.is(pool.turnNotes.length, 1, 'it is my own now');
  pool.add(url(0), false);
  assert.is(pool.turnNotes.length, 1, 'and stays so');
  pool.remove(url(0));
  pool.add(url(0), false);
  await platform.socket.welcome();
  platform.socket.deliver(note(1));
  await settle();
  assert.equal(pool.turnNotes, []);
});

test('leaves what nobody needs any longer, but for the relays the person named', async () => {
  const { pool } = await made();
  pool.add(url(0));
  pool.add(url(1), false);
  pool.add(url(2), false);
  pool.keep(new Set([url(2)]));
  assert.equal(
    pool.links.map((link) => link.url),
    [url(0), url(2)],
  );
});

test('leaves a relay that is removed, and all at the stop', async () => {
  const { platform, pool, states } = await withRelays(3);
  pool.remove(url(0));
  pool.remove('wss://never.example');
  await settle();
  assert.is(states.get(url(0)), 'closed');
  assert.equal(
    pool.links.map((link) => link.url),
    [url(1), url(2)],
  );
  pool.stop();
  await settle();
  assert.equal(pool.links, []);
  assert.not.ok(pool.isReady);
  assert.equal([...states.values()], ['closed', 'closed', 'closed']);
  for (const socket of platform.sockets) assert.is(socket.of('bye').length, 1);
  assert.is(platform.waiting, 0);
});

test.run();
