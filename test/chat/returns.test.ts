/** Own words that come back from a friend's copy, and what a hostile friend makes of it. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, toHex } from '../../sdk/base/bytes.js';
import { encodeChannelFrame, type LogHead } from '../../sdk/protocol/channel-frames.js';
import { type Entry, encodeEntry, NO_TAG, NOTHING } from '../../sdk/protocol/entry.js';
import { MAX_LOGS, MAX_RETURNED } from '../../sdk/protocol/limits.js';
import { settle } from '../transport/hand-platform.js';
import { alone, areLevel, join, Page, twoPages } from './pages.js';
import { logOf, Store, tagsOf, text } from './stores.js';

type Stage = Awaited<ReturnType<typeof stage>>;

/** A new device of somebody whose log of `count` texts, and a deletion more, the friend has. */
async function stage(count = 4) {
  const scene = await alone();
  const { page, other, deliver, frames, raw } = scene;
  const { conversation, store } = page;
  const written = logOf(conversation, store.key, 77, count);
  const own = await Promise.all(written.map(mine));
  async function mine(entry: Entry): Promise<Entry> {
    return { ...entry, tag: await tagsOf(store.key)(entry) };
  }
  const head = (entries: readonly Entry[]): LogHead => entries.at(-1) as Entry;
  page.attach(scene.channel);
  const have = (...heads: LogHead[]) =>
    deliver({ kind: 'have', clock: 0, heads: heads.map((each) => ({ ...each, time: 0 })) });
  const giveBack = async (...entries: readonly Entry[]) => {
    for (const each of entries)
      raw.deliver(encodeChannelFrame({ kind: 'returned', bytes: encodeEntry(each) }));
    await settle(20);
  };
  const asked = () =>
    frames().flatMap((frame) =>
      frame.kind === 'lack' ? [`${toHex(frame.head.device).slice(0, 2)}/${frame.head.seq}`] : [],
    );
  const shown = async () => {
    const { entries } = await conversation.page(null, 1_000);
    return entries.reverse().map(({ entry }) => {
      return entry.body.kind === 'text' ? entry.body.text : entry.body.kind;
    });
  };
  return { ...scene, other, own, mine, head, have, giveBack, asked, shown };
}

test('a log of mine that the friend has is asked for, taken once, and counts as delivered', async () => {
  const { page, own, head, have, giveBack, asked, shown, frames } = await stage();
  await have(head(own));
  assert.equal(asked(), ['4d/1']);
  await giveBack(...own, ...own);
  assert.equal(await shown(), ['77/1', '77/2', '77/3', '77/4']);
  assert.is(page.told.length, 4);
  assert.is(page.conversation.deliveredTo((own[0] as Entry).device), 4);
  assert.ok(frames().some((frame) => frame.kind === 'ack' && frame.head.seq === 4));
  assert.equal(page.faults, []);
});

test('a long log comes batch by batch, each asked for when the one before is stored', async () => {
  const { own, head, have, giveBack, asked, shown } = await stage(600);
  await have(head(own));
  await giveBack(...own.slice(0, MAX_RETURNED));
  await giveBack(...own.slice(MAX_RETURNED, 2 * MAX_RETURNED));
  assert.equal(asked(), ['4d/1', '4d/257', '4d/513']);
  await giveBack(...own.slice(2 * MAX_RETURNED));
  assert.is((await shown()).length, 600);
});

const change = (entry: Entry | undefined, changed: Partial<Entry>): Entry => ({
  ...(entry as Entry),
  ...changed,
});

/** What a friend gives back in the place of the second entry; the first is honest. */
const LIES: readonly [lie: string, of: (stage: Stage) => Entry | Promise<Entry>][] = [
  ['with other words', ({ own }) => change(own[1], { body: text('never said') })],
  ['with the tag of another entry', ({ own }) => change(own[1], { tag: own[2]?.tag as Bytes })],
  ['without a tag', ({ own }) => change(own[1], { tag: NO_TAG })],
  ['at another time', ({ own }) => change(own[1], { time: 9 })],
  ['earlier in the order', ({ own }) => change(own[1], { after: 1 })],
  ['that stands elsewhere in the log', ({ own }) => change(own[2], { seq: 2 })],
  [
    'of another log',
    async ({ own, mine }) => {
      const device = new Uint8Array(8).fill(78);
      const { tag } = await mine(change(own[1], { device }));
      return change(own[1], { tag });
    },
  ],
  [
    'of another conversation',
    async ({ own, mine }) => {
      const conversation = new Uint8Array(16).fill(9);
      return change(own[1], { tag: (await mine(change(own[1], { conversation }))).tag });
    },
  ],
  [
    'tagged with the friend’s own key',
    async ({ own, other }) => {
      const forged = change(own[1], { body: text('never said') });
      return { ...forged, tag: await tagsOf(other.store.key)(forged) };
    },
  ],
];

for (const [lie, of] of LIES) {
  test(`an entry ${lie} is not taken, and its log not asked for again`, async () => {
    const scene = await stage();
    const { page, own, head, have, giveBack, asked, shown, deliver, ends } = scene;
    await have(head(own));
    await giveBack(own[0] as Entry, await of(scene), ...own.slice(2));
    assert.equal(await shown(), ['77/1']);
    await deliver({ kind: 'ack', head: head(own) });
    await giveBack(...own);
    assert.equal(asked(), ['4d/1']);
    assert.equal(await shown(), ['77/1']);
    assert.equal([ends, page.faults], [[], []], 'left out; the channel goes on');
  });
}

test('what was deleted stays so, whatever comes first, and comes back without its words', async () => {
  for (const isEmptied of [true, false]) {
    const { page, own, mine, head, have, giveBack, shown } = await stage(1);
    const target = { device: (own[0] as Entry).device, seq: 1 };
    const deletion = await mine(
      change(own[0], { seq: 2, after: 2, body: { kind: 'delete', target } }),
    );
    await have(head([...own, deletion]));
    const first = isEmptied ? change(own[0], { body: NOTHING, tag: NO_TAG }) : (own[0] as Entry);
    await giveBack(first, deletion);
    assert.equal(await shown(), ['unknown']);
    const { entries } = await page.conversation.page(null, 10);
    assert.ok(entries[0]?.fold?.isDeleted);
  }
});

test('nothing of mine is taken that was not asked for, nor into the log I write', async () => {
  const { page, own, mine, have, giveBack, asked, shown } = await stage();
  await page.write('now');
  const { log } = page.conversation;
  const next = await mine(change(own[0], { device: log, seq: 2, after: 9 }));
  await giveBack(...own, next);
  await have(change(own[0], { device: log, seq: 1 }));
  await giveBack(next);
  assert.equal([asked(), await shown()], [[], ['now']]);
});

test('a flood of what nobody asked for ends the channel or is left out, and nothing is kept', async () => {
  const { page, own, have, head, raw, ends, shown } = await stage(2);
  await have(head(own));
  const bytes = encodeChannelFrame({ kind: 'returned', bytes: encodeEntry(own[1] as Entry) });
  for (let n = 0; n < 20_000 && raw.readyState === 'open'; n++) raw.deliver(bytes);
  await settle(20);
  assert.equal(ends, ['peer/protocol']);
  assert.equal([await shown(), page.faults], [[], []]);
});

test('logs of mine without end are not begun', async () => {
  const { page, own, mine, deliver, giveBack, asked } = await stage(1);
  for (let n = 0; n < MAX_LOGS + 20; n++) {
    const device = new Uint8Array(8).fill(100);
    device[7] = n;
    const entry = await mine(change(own[0], { device }));
    await deliver({ kind: 'ack', head: entry });
    await giveBack(entry);
  }
  assert.is(page.conversation.heads.length, MAX_LOGS);
  assert.ok(asked().length > MAX_LOGS);
});

test('who asks is given what is here, a batch for each, and nothing of other conversations', async () => {
  const { page, channel, deliver, frames } = await alone();
  await page.conversation.append(Array.from({ length: 300 }, (_, n) => text(`${n}`)));
  page.attach(channel);
  const { id, log } = page.conversation;
  const head = { conversation: id, author: page.store.key, device: log, seq: 1 };
  await deliver({ kind: 'lack', head });
  await settle(20);
  const given = () => frames().filter(({ kind }) => kind === 'returned').length;
  assert.is(given(), MAX_RETURNED);
  await deliver({ kind: 'lack', head: { ...head, seq: 299 } });
  await settle(20);
  assert.is(given(), MAX_RETURNED + 2);
  await deliver({ kind: 'lack', head: { ...head, conversation: new Uint8Array(16) } });
  await deliver({ kind: 'lack', head: { ...head, device: new Uint8Array(8) } });
  await settle(20);
  assert.is(given(), MAX_RETURNED + 2);
});

test('a store that lost everything gets both sides’ words back from the other one', async () => {
  const pages = await twoPages();
  const [a, b] = pages;
  await a.write('a1', 'a2');
  await b.write('b1');
  const line = join(pages);
  await line.drain();
  await a.write('a3');
  await line.drain();
  await line.cut();
  const empty = await Store.of(1);
  empty.drawFrom(60);
  const again = new Page(empty, await empty.conversation(b.store.key));
  const next = join([again, b]);
  await next.drain();
  await areLevel([again, b]);
  assert.is(again.told.length, 4);
});

test.run();
