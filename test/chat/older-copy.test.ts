/** Stores that are older copies of themselves, clocks that are behind, and any course of both. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toHex } from '../../sdk/base/bytes.js';
import { decodeChannelFrame } from '../../sdk/protocol/channel-frames.js';
import { decodeEntry } from '../../sdk/protocol/entry.js';
import { MAX_CLOCK_LEAP } from '../../sdk/protocol/limits.js';
import { settle } from '../transport/hand-platform.js';
import { alone, areLevel, join, Page, twoPages } from './pages.js';
import { contentOf, Store, withSeed } from './stores.js';

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

test('an older copy that has written more than it lost is found out too, and no word is lost', async () => {
  const pages = await twoPages();
  const [a, b] = pages;
  await a.write('1', 'lost here', 'lost here too');
  const line = join(pages);
  await line.drain();
  await line.cut();
  const old = await Store.of(1);
  for (const write of a.store.storage.done.slice(0, 1)) await old.storage.write(write);
  old.now = 900_000;
  old.drawFrom(50);
  const again = new Page(old, await old.conversation(b.store.key));
  await again.write('new 1', 'new 2', 'new 3');
  assert.ok(again.conversation.ownHead > 3, 'its log is longer than what the other side has');
  const next = join([again, b]);
  await next.drain();
  const there = (await contentOf(b.conversation)).map((row) => row.replace(/^\S+ /, ''));
  for (const words of ['1', 'lost here', 'new 1', 'new 2', 'new 3']) {
    assert.ok(there.includes(words), words);
  }
  // And they stand behind what the store had forgotten, because HAVE tells how far the clock is.
  assert.ok(there.indexOf('new 1') > there.indexOf('lost here too'));
});

test('a clock that is ahead over there is caught up with, a leap at a time', async () => {
  const { page, channel, deliver } = await alone();
  page.attach(channel);
  await deliver({ kind: 'have', clock: 500, heads: [] });
  await page.write('behind it');
  assert.is(page.conversation.record.clock, 501);
  const far = await alone();
  far.page.attach(far.channel);
  await far.deliver({ kind: 'have', clock: Number.MAX_SAFE_INTEGER, heads: [] });
  assert.is(far.page.conversation.record.clock, MAX_CLOCK_LEAP);
});

test('two devices of one person: when one log is renewed, every channel goes over to it', async () => {
  const { page, other, channel, deliver, raw } = await alone();
  await page.write('1', '2', '3');
  page.attach(channel);
  await deliver({ kind: 'have', clock: 0, heads: [] });
  raw.sent.length = 0;
  await page.conversation.renew();
  page.sync?.appended();
  await settle();
  const sent = raw.sent.map((bytes) => decodeChannelFrame(bytes));
  const entries = sent.flatMap((frame) => (frame.kind === 'entry' ? decodeEntry(frame.bytes) : []));
  assert.equal(
    entries.map(({ seq }) => seq),
    [1, 2, 3],
  );
  assert.ok(entries.every(({ device }) => toHex(device) === page.conversation.record.log));
  assert.ok(other.store.key);
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
