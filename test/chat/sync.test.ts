/** Two stores of one conversation brought level: what goes out when, and any course it can take. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, toHex } from '../../sdk/base/bytes.js';
import type { Conversation } from '../../sdk/chat/conversation.js';
import { Sync } from '../../sdk/chat/sync.js';
import {
  type ChannelFrame,
  decodeChannelFrame,
  encodeChannelFrame,
  type LogHead,
} from '../../sdk/protocol/channel-frames.js';
import { decodeEntry, encodeEntry } from '../../sdk/protocol/entry.js';
import { CHANNEL_HIGH_WATER_BYTES, MAX_UNACKNOWLEDGED } from '../../sdk/protocol/limits.js';
import { channelOn, HandDataChannel, Line } from '../peer/hand-channel.js';
import { HandPlatform, settle } from '../transport/hand-platform.js';
import { contentOf, keyOf, logOf, Store, text, withSeed } from './stores.js';

/** One person's page: their conversation, and what its sync has told. */
class Page {
  readonly store: Store;
  readonly conversation: Conversation;
  readonly told: string[] = [];
  readonly delivered: [number, number][] = [];
  readonly sent: [number, number][] = [];
  readonly faults: unknown[] = [];
  sync: Sync | null = null;

  constructor(store: Store, conversation: Conversation) {
    this.store = store;
    this.conversation = conversation;
  }

  attach(channel: ConstructorParameters<typeof Sync>[0]): Sync {
    this.sync = new Sync(channel, this.conversation, {
      me: { key: this.store.key },
      onEntries: (entries) => {
        for (const { entry } of entries) this.told.push(`${toHex(entry.device)}/${entry.seq}`);
      },
      onDelivered: (from, to) => this.delivered.push([from, to]),
      onSent: (from, to) => this.sent.push([from, to]),
      onFault: (fault) => this.faults.push(fault),
    });
    this.sync.start();
    return this.sync;
  }

  async write(...words: string[]): Promise<void> {
    for (const each of words) await this.conversation.append([text(each)]);
    this.sync?.appended();
  }
}

async function twoPages(): Promise<[Page, Page]> {
  const [a, b] = [await Store.of(1), await Store.of(2)];
  return [new Page(a, await a.conversation(b.key)), new Page(b, await b.conversation(a.key))];
}

const newLine = () => new Line([new HandPlatform(), new HandPlatform()]);

function join([a, b]: readonly [Page, Page]): Line {
  const line = newLine();
  a.attach(line.ends[0]);
  b.attach(line.ends[1]);
  return line;
}

async function areLevel([a, b]: readonly [Page, Page]): Promise<void> {
  assert.equal(await contentOf(a.conversation), await contentOf(b.conversation));
}

/** A page whose other end is the test. */
async function alone() {
  const [page, other] = await twoPages();
  const raw = new HandDataChannel();
  const platform = new HandPlatform();
  const channel = channelOn(raw, platform);
  raw.open();
  const ends: string[] = [];
  channel.onEnd = (reason) => ends.push(reason.code);
  const frames = () => raw.sent.map((bytes) => decodeChannelFrame(bytes));
  const deliver = async (frame: ChannelFrame) => {
    raw.deliver(encodeChannelFrame(frame));
    await settle();
  };
  const sentEntries = () =>
    frames().flatMap((frame) => (frame.kind === 'entry' ? decodeEntry(frame.bytes).seq : []));
  return { page, other, raw, channel, ends, frames, deliver, sentEntries, platform };
}

const entryFrame = (bytes: Bytes): ChannelFrame => ({ kind: 'entry', bytes });

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
  await deliver({ kind: 'have', heads: [] });
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
  await deliver({ kind: 'have', heads: [head] });
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
  };
  const heads: LogHead[] = [
    { ...mine, conversation: new Uint8Array(16) },
    { ...mine, author: keyOf(9) },
    { ...mine, device: new Uint8Array(8).fill(200) },
  ];
  await deliver({ kind: 'have', heads });
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

test('a full disk ends the channel, and what was not stored comes again on the next one', async () => {
  const pages = await twoPages();
  const [a, b] = pages;
  const line = join(pages);
  await line.drain();
  b.store.storage.failAt(1, 'full');
  await a.write('one', 'two');
  await line.drain();
  assert.is(b.faults.length, 1);
  assert.equal([a.delivered, b.told], [[], []]);
  assert.is(line.raw[1].readyState, 'closed');
  b.store.storage.heal();
  await line.cut();
  const next = join(pages);
  await next.drain();
  await areLevel(pages);
  assert.is(b.told.length, 2);
});

test('a disk that is full where an acknowledgement is noted costs only the note', async () => {
  const pages = await twoPages();
  const [a] = pages;
  const line = join(pages);
  await a.write('one');
  a.store.storage.failAt(1, 'full');
  await line.drain();
  assert.is(a.faults.length, 1);
  assert.equal(a.delivered, []);
  a.store.storage.heal();
  await a.write('two');
  await line.drain();
  await areLevel(pages);
  assert.equal(a.delivered.at(-1), [0, 2]);
});

test('has at most so many entries out that were not acknowledged, and goes on as they are', async () => {
  const { page, channel, deliver, sentEntries } = await alone();
  const count = MAX_UNACKNOWLEDGED + 300;
  await page.conversation.append(Array.from({ length: count }, (_, i) => text(`m${i}`)));
  page.attach(channel);
  await deliver({ kind: 'have', heads: [] });
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
  await deliver({ kind: 'have', heads: [] });
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
  await deliver({ kind: 'have', heads: [] });
  assert.equal(sentEntries(), []);
  raw.bufferedAmount = 0;
  raw.onbufferedamountlow?.();
  await settle();
  assert.equal(sentEntries(), [1, 2, 3]);
});

test('refuses a second HAVE, entries that are none, and more than it acknowledged', async () => {
  const second = await alone();
  second.page.attach(second.channel);
  await second.deliver({ kind: 'have', heads: [] });
  await second.deliver({ kind: 'have', heads: [] });
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

test('a store that is an older copy of itself writes on in a new log, and nothing is lost', async () => {
  const pages = await twoPages();
  const [a, b] = pages;
  await a.write('1', '2', '3');
  const line = join(pages);
  await line.drain();
  await line.cut();
  // A backup of the first message alone is put back, and more is written before they meet.
  const old = await Store.of(1);
  const copy = await old.conversation(b.store.key);
  for (const write of a.store.storage.done.slice(0, 1)) await old.storage.write(write);
  assert.is(copy.ownHead, 0);
  const again = new Page(old, await old.conversation(b.store.key));
  await again.write('new');
  const next = join([again, b]);
  await next.drain();
  const there = (await contentOf(b.conversation)).map((row) => row.split(' ')[1]);
  for (const words of ['1', '2', '3', 'new']) assert.ok(there.includes(words), words);
  assert.is(again.conversation.deliveredTo(again.conversation.log), again.conversation.ownHead);
});

test('any course of writing, cutting, crashing and full disks ends with the same on both sides', async () => {
  await withSeed(async (random) => {
    for (let run = 0; run < 8; run++) {
      let pages = await twoPages();
      const stores = pages.map(({ store }) => store) as [Store, Store];
      const told: [string[], string[]] = [[], []];
      const written: string[] = [];
      let line = join(pages);
      const reopen = async (who: 0 | 1) => {
        await line.cut();
        told[who].push(...pages[who].told);
        stores[who].storage.heal();
        const page = new Page(stores[who], await stores[who].conversation(stores[1 - who]!.key));
        pages = who === 0 ? [page, pages[1]] : [pages[0], page];
        line = join(pages);
      };
      for (let step = 0; step < 120; step++) {
        const who = random.below(2) as 0 | 1;
        switch (random.below(8)) {
          case 0:
          case 1:
          case 2: {
            const words = `${who}.${step}`;
            await pages[who].write(words).then(
              () => written.push(words),
              () => undefined,
            );
            break;
          }
          case 3:
          case 4:
            await line.carry(who, random.between(1, 6));
            break;
          case 5:
            await line.cut();
            line = join(pages);
            break;
          case 6:
            stores[who].storage.failAt(
              random.between(1, 4),
              random.pick(['full', 'crash-before', 'crash-after']),
            );
            break;
          default:
            await reopen(who);
        }
      }
      for (const who of [0, 1] as const) await reopen(who);
      await line.drain();
      await areLevel(pages);
      const content = await contentOf(pages[0].conversation);
      assert.is(new Set(content).size, content.length, 'nothing twice');
      const words = new Set(content.map((row) => row.split(' ')[1]));
      for (const each of written) assert.ok(words.has(each), `${each} was accepted and is lost`);
      for (const who of [0, 1] as const) {
        const all = [...told[who], ...pages[who].told];
        assert.is(new Set(all).size, all.length, 'nothing told twice');
        const log = pages[who].conversation;
        assert.is(log.deliveredTo(log.log), log.ownHead, 'all of mine is known to have arrived');
      }
    }
  });
});

test.run();
