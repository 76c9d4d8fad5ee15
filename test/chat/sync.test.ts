/** Two stores of one conversation brought level: what goes out when, and any course it can take. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Bytes } from '../../sdk/base/bytes.js';
import {
  type ChannelFrame,
  type DatedHead,
  decodeChannelFrame,
  encodeChannelFrame,
} from '../../sdk/protocol/channel-frames.js';
import { encodeEntry } from '../../sdk/protocol/entry.js';
import { CHANNEL_HIGH_WATER_BYTES, MAX_UNACKNOWLEDGED } from '../../sdk/protocol/limits.js';
import { settle } from '../transport/hand-platform.js';
import { alone, areLevel, entryFrame, join, twoPages } from './pages.js';
import { keyOf, logOf, text } from './stores.js';

test('both say what they have first, then send what the other one lacks', async () => {
  const pages = await twoPages();
  const [a, b] = pages;
  await a.write('a1', 'a2');
  await b.write('b1');
  const line = join(pages);
  assert.equal(
    line.raw.map((raw) => decodeChannelFrame(raw.sent[0] as Bytes).kind),
    ['have', 'have'],
  );
  await line.drain();
  await areLevel(pages);
  assert.is(a.told.length, 1);
  assert.is(b.told.length, 2);
});

test('sends nothing before the other side has said what it has', async () => {
  const { page, channel, frames, deliver, sentEntries } = await alone();
  await page.write('a', 'b');
  page.attach(channel);
  await page.write('c');
  await settle();
  assert.equal(
    frames().map(({ kind }) => kind),
    ['have'],
  );
  await deliver({ kind: 'have', clock: 0, heads: [] });
  assert.equal(sentEntries(), [1, 2, 3]);
});

test('what is written while connected goes out at once', async () => {
  const pages = await twoPages();
  const [a, b] = pages;
  const line = join(pages);
  await line.drain();
  await a.write('live');
  await line.drain();
  assert.is(b.told.length, 1);
  assert.equal(a.sent, [[0, 1]]);
  assert.equal(a.delivered, [[0, 1]]);
});

test('that something arrived is told after it was told that it went out', async () => {
  const pages = await twoPages();
  const [a, b] = pages;
  const line = join(pages);
  await line.drain();
  let isTold: () => void = () => undefined;
  a.telling = new Promise((resolve) => {
    isTold = resolve;
  });
  await a.write('live');
  await line.drain();
  assert.is(b.told.length, 1);
  assert.equal([a.sent, a.delivered], [[[0, 1]], []]);
  isTold();
  await line.drain();
  assert.equal(a.delivered, [[0, 1]]);
});

test('acknowledgements that come at once are told each for what is new in it', async () => {
  const { page, channel, deliver } = await alone();
  await page.write('1', '2', '3');
  page.attach(channel);
  await deliver({ kind: 'have', clock: 0, heads: [] });
  const ack = (seq: number): ChannelFrame => {
    const { id: conversation, log: device } = page.conversation;
    return { kind: 'ack', head: { conversation, author: page.store.key, device, seq } };
  };
  await Promise.all([1, 3, 2].map((seq) => deliver(ack(seq))));
  assert.equal(page.delivered, [
    [0, 1],
    [1, 3],
  ]);
});

test('sends only what is lacking, from where the other side says it is', async () => {
  const { page, channel, deliver, sentEntries } = await alone();
  await page.write('1', '2', '3', '4', '5');
  page.attach(channel);
  const head = {
    conversation: page.conversation.id,
    author: page.store.key,
    device: page.conversation.log,
    seq: 3,
  };
  await deliver({ kind: 'have', clock: 0, heads: [{ ...head, time: 0 }] });
  assert.equal(sentEntries(), [4, 5]);
  assert.equal(page.delivered, [[0, 3]]);
});

test('heads of other logs, other people and other conversations mean nothing to mine', async () => {
  const { page, channel, deliver, sentEntries } = await alone();
  await page.write('1', '2');
  page.attach(channel);
  const mine = {
    conversation: page.conversation.id,
    author: page.store.key,
    device: page.conversation.log,
    seq: 2,
    time: 0,
  };
  const heads: DatedHead[] = [
    { ...mine, conversation: new Uint8Array(16) },
    { ...mine, author: keyOf(9) },
    { ...mine, device: new Uint8Array(8).fill(200) },
  ];
  await deliver({ kind: 'have', clock: 0, heads });
  for (const head of heads) await deliver({ kind: 'ack', head });
  assert.equal(sentEntries(), [1, 2]);
  assert.equal(page.delivered, []);
});

test('acknowledges only what is stored, log by log', async () => {
  const { page, other, channel, deliver, frames } = await alone();
  page.attach(channel);
  const entries = logOf(page.conversation, other.store.key, 7, 3);
  page.store.storage.failAt(1, 'full');
  await deliver(entryFrame(encodeEntry(entries[0]!)));
  assert.not.ok(frames().some(({ kind }) => kind === 'ack'));
  assert.is(page.told.length, 0);
});

test('tells of entries after they are stored and acknowledges after that', async () => {
  const { page, other, channel, deliver, frames } = await alone();
  const order: string[] = [];
  page.attach(channel);
  const write = page.store.storage.write.bind(page.store.storage);
  page.store.storage.write = async (writes) => {
    await write(writes);
    order.push('stored');
  };
  page.told.push = (...each) => {
    order.push('told');
    return each.length;
  };
  const sent = frames().length;
  const [entry] = logOf(page.conversation, other.store.key, 7, 1);
  await deliver(entryFrame(encodeEntry(entry!)));
  assert.equal(order, ['stored', 'told']);
  assert.equal(
    frames()
      .slice(sent)
      .map((frame) => frame.kind === 'ack' && frame.head.seq),
    [1],
  );
});

test('acknowledges repetitions too: the other side may not have heard it', async () => {
  const { page, other, channel, deliver, frames } = await alone();
  page.attach(channel);
  const [entry] = logOf(page.conversation, other.store.key, 7, 1);
  await deliver(entryFrame(encodeEntry(entry!)));
  await deliver(entryFrame(encodeEntry(entry!)));
  assert.is(frames().filter(({ kind }) => kind === 'ack').length, 2);
  assert.is(page.told.length, 1);
});

test('what a full disk does not take is told once, and stored and acknowledged when there is room', async () => {
  const pages = await twoPages();
  const [a, b] = pages;
  const line = join(pages);
  await line.drain();
  b.store.storage.failAt(1, 'full');
  await a.write('one', 'two');
  await line.drain();
  await b.platform.pass(600_000);
  await line.drain();
  assert.is(b.faults.length, 1, 'told once, however often it is tried');
  assert.equal([a.delivered, b.told], [[], []]);
  assert.is(line.raw[1].readyState, 'open', 'and no new line for it');
  const tries = b.store.storage.writes;
  assert.ok(tries < 30, `${tries} tries in ten minutes`);
  b.store.storage.heal();
  await b.platform.pass(60_000);
  await line.drain();
  await areLevel(pages);
  assert.is(b.told.length, 2);
  assert.equal(a.delivered.at(-1)?.[1], 2);
});

test('what waits for room is let go with its channel, and comes again on the next one', async () => {
  const pages = await twoPages();
  const [a, b] = pages;
  const line = join(pages);
  await line.drain();
  b.store.storage.failAt(1, 'full');
  await a.write('one', 'two');
  await line.drain();
  await line.cut();
  b.sync?.stop();
  await settle();
  assert.is(b.platform.waiting, 0, 'nothing is tried any longer');
  assert.is(b.faults.length, 1);
  b.store.storage.heal();
  const next = join(pages);
  await next.drain();
  await areLevel(pages);
  assert.is(b.told.length, 2);
});

test('a disk that breaks down for good ends the channel', async () => {
  const pages = await twoPages();
  const [a, b] = pages;
  const line = join(pages);
  await line.drain();
  b.store.storage.failAt(1, 'crash-before');
  await a.write('one');
  await line.drain();
  assert.equal([b.faults.length, line.raw[1].readyState], [1, 'closed']);
});

test('what a full disk does not note as delivered is noted when there is room', async () => {
  const pages = await twoPages();
  const [a] = pages;
  const line = join(pages);
  await a.write('one');
  a.store.storage.failAt(1, 'full');
  await line.drain();
  assert.is(a.faults.length, 1);
  assert.equal(a.delivered, []);
  a.store.storage.heal();
  await a.platform.pass(60_000);
  assert.equal(a.delivered, [[0, 1]]);
  assert.is(a.faults.length, 1, 'told once');
  await a.write('two');
  await line.drain();
  await areLevel(pages);
  assert.equal(a.delivered.at(-1), [1, 2]);
});

test('has at most so many entries out that were not acknowledged, and goes on as they are', async () => {
  const { page, channel, deliver, sentEntries } = await alone();
  const count = MAX_UNACKNOWLEDGED + 300;
  await page.conversation.append(Array.from({ length: count }, (_, i) => text(`m${i}`)));
  page.attach(channel);
  await deliver({ kind: 'have', clock: 0, heads: [] });
  await settle(10);
  assert.is(sentEntries().length, MAX_UNACKNOWLEDGED);
  const head = {
    conversation: page.conversation.id,
    author: page.store.key,
    device: page.conversation.log,
    seq: 100,
  };
  await deliver({ kind: 'ack', head });
  await settle(10);
  assert.is(sentEntries().length, MAX_UNACKNOWLEDGED + 100);
  await deliver({ kind: 'ack', head: { ...head, seq: 512 } });
  await settle(10);
  assert.equal(
    sentEntries(),
    Array.from({ length: count }, (_, i) => i + 1),
  );
});

test('an acknowledgement of what never went out moves nothing', async () => {
  const { page, channel, deliver, sentEntries } = await alone();
  await page.write('1', '2');
  page.attach(channel);
  const head = {
    conversation: page.conversation.id,
    author: page.store.key,
    device: page.conversation.log,
    seq: 9,
  };
  await deliver({ kind: 'ack', head });
  assert.equal(page.delivered, []);
  await deliver({ kind: 'have', clock: 0, heads: [] });
  assert.equal(sentEntries(), [1, 2]);
  await deliver({ kind: 'ack', head: { ...head, seq: 1 } });
  await deliver({ kind: 'ack', head: { ...head, seq: 1 } });
  assert.equal(page.delivered, [[0, 1]]);
});

test('waits while the browser holds much, and sends on when it does not', async () => {
  const { page, channel, raw, deliver, sentEntries } = await alone();
  await page.write('1', '2', '3');
  page.attach(channel);
  raw.bufferedAmount = CHANNEL_HIGH_WATER_BYTES + 1;
  await deliver({ kind: 'have', clock: 0, heads: [] });
  assert.equal(sentEntries(), []);
  raw.bufferedAmount = 0;
  raw.onbufferedamountlow?.();
  await settle();
  assert.equal(sentEntries(), [1, 2, 3]);
});

test('refuses a second HAVE, entries that are none, and more than it acknowledged', async () => {
  const second = await alone();
  second.page.attach(second.channel);
  await second.deliver({ kind: 'have', clock: 0, heads: [] });
  await second.deliver({ kind: 'have', clock: 0, heads: [] });
  assert.equal(second.ends, ['peer/protocol']);

  const malformed = await alone();
  malformed.page.attach(malformed.channel);
  await malformed.deliver(entryFrame(Uint8Array.of(1, 2, 3)));
  assert.equal(malformed.ends, ['peer/protocol']);

  const flood = await alone();
  flood.page.attach(flood.channel);
  const entries = logOf(flood.page.conversation, flood.other.store.key, 7, 2_000);
  for (const entry of entries)
    flood.raw.deliver(encodeChannelFrame(entryFrame(encodeEntry(entry))));
  assert.equal(flood.ends, ['peer/protocol']);
  await settle(20);
  const stored = flood.page.conversation.heads[0]?.seq ?? 0;
  assert.ok(stored <= MAX_UNACKNOWLEDGED + 64, `${stored} were taken`);
});

test('entries in somebody else’s name are neither stored nor acknowledged', async () => {
  const { page, channel, deliver, frames, ends } = await alone();
  await page.write('mine');
  page.attach(channel);
  for (const author of [keyOf(9), page.store.key]) {
    const [entry] = logOf(page.conversation, author, 7, 1);
    await deliver(entryFrame(encodeEntry(entry!)));
  }
  assert.equal(page.told, []);
  assert.equal(ends, []);
  assert.not.ok(frames().some((frame) => frame.kind === 'ack'));
});

test.run();
