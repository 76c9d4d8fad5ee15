/** A conversation in the store: appended, received, read back; over crashes, full disks and damage. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromHex, toHex } from '../../sdk/base/bytes.js';
import type { Conversation } from '../../sdk/chat/conversation.js';
import { logName, orderKey } from '../../sdk/chat/keys.js';
import { removalOf } from '../../sdk/chat/removal.js';
import { decodeEntry, type Entry } from '../../sdk/protocol/entry.js';
import { MAX_CLOCK_LEAP, MAX_LOGS } from '../../sdk/protocol/limits.js';
import { refusal } from '../contracts/storage.js';
import type { Random } from '../support/fuzz.js';
import { Crash } from './broken-storage.js';
import { contentOf, keyOf, logOf, Store, text, withSeed } from './stores.js';

const PEER = keyOf(2);

async function made(): Promise<{ store: Store; conversation: Conversation }> {
  const store = await Store.of(1);
  return { store, conversation: await store.conversation(PEER) };
}

const shuffled = <Value>(random: Random, values: readonly Value[]): Value[] => {
  const rest = [...values];
  return values.map(() => rest.splice(random.below(rest.length), 1)[0] as Value);
};

/** Texts in reading order. */
const wordsOf = async (conversation: Conversation): Promise<string[]> =>
  (await contentOf(conversation)).map((line) => line.split(' ')[1] as string);

test('both people open the same conversation, and nobody else does', async () => {
  const [a, b, c] = [await Store.of(1), await Store.of(2), await Store.of(3)];
  const mine = await a.conversation(b.key);
  assert.is(mine.name, (await b.conversation(a.key)).name);
  assert.is.not(mine.name, (await c.conversation(a.key)).name);
  assert.match(mine.name, /^[0-9a-f]{32}$/);
  assert.is(a.storage.writes, 0, 'nothing is stored before the first entry');
});

test('appends number a log 1, 2, 3 and tick the clock', async () => {
  const { conversation } = await made();
  const [first] = await conversation.append([text('a')]);
  const more = await conversation.append([text('b'), text('c')]);
  const entries = [first, ...more].map((stored) => stored?.entry as Entry);
  assert.equal(
    entries.map(({ seq }) => seq),
    [1, 2, 3],
  );
  assert.equal(
    entries.map(({ after }) => after),
    [1, 2, 3],
  );
  assert.ok(entries.every(({ device }) => toHex(device) === conversation.record.log));
  assert.is(conversation.ownHead, 3);
  assert.equal(await wordsOf(conversation), ['a', 'b', 'c']);
  assert.is(conversation.record.unread, 0);
});

test('an append is one write: entry, place in the log and record together', async () => {
  const { store, conversation } = await made();
  await conversation.append([text('a'), text('b')], { profile: 'profile' });
  assert.is(store.storage.done.length, 1);
  const tables = store.storage.done[0]?.map(({ table }) => table).sort();
  assert.equal(tables, ['conversations', 'entries', 'entries', 'logs', 'logs']);
  assert.is(conversation.record.profile, 'profile');
  await conversation.append([text('c')]);
  assert.is(conversation.record.profile, 'profile', 'kept where none is given');
});

test('appends at once get numbers of their own, in the order they were asked for', async () => {
  const { conversation } = await made();
  const words = Array.from({ length: 20 }, (_, i) => `w${i}`);
  await Promise.all(words.map((each) => conversation.append([text(each)])));
  assert.equal(await wordsOf(conversation), words);
});

test('takes their entries in order, counts what is unread and follows their clock', async () => {
  const { conversation } = await made();
  const log = logOf(conversation, PEER, 7, 5, (seq) => seq * 10);
  const stored = await conversation.receive(() => log);
  assert.equal(
    stored.map(({ entry }) => entry.seq),
    [1, 2, 3, 4, 5],
  );
  assert.is(conversation.record.unread, 5);
  assert.is(conversation.record.clock, 50);
  const [mine] = await conversation.append([text('after all of it')]);
  assert.is(mine?.entry.after, 51);
});

test('entries that are no text are stored and not unread', async () => {
  const { conversation } = await made();
  const [entry] = logOf(conversation, PEER, 7, 1);
  const body = { kind: 'profile', name: 'P', relays: [] } as const;
  await conversation.receive(() => [{ ...(entry as Entry), body }]);
  assert.is(conversation.record.unread, 0);
  assert.is((await contentOf(conversation)).length, 1);
});

test('a repetition is left out, whole or in part', async () => {
  const { conversation, store } = await made();
  const log = logOf(conversation, PEER, 7, 5);
  await conversation.receive(() => log.slice(0, 3));
  const writes = store.storage.writes;
  assert.equal(await conversation.receive(() => log.slice(0, 3)), []);
  assert.is(store.storage.writes, writes, 'and costs no write');
  const stored = await conversation.receive(() => log);
  assert.equal(
    stored.map(({ entry }) => entry.seq),
    [4, 5],
  );
  assert.is(conversation.record.unread, 5);
});

test('what stands behind a gap is left out until the gap is filled', async () => {
  const { conversation } = await made();
  const log = logOf(conversation, PEER, 7, 6);
  assert.is(
    (await conversation.receive(() => [log[0], log[1], log[3], log[4]] as Entry[])).length,
    2,
  );
  assert.is((await conversation.receive(() => [log[5]] as Entry[])).length, 0);
  assert.is((await conversation.receive(() => log)).length, 4);
  assert.is((await contentOf(conversation)).length, 6);
});

test('takes nothing of another author, another conversation, or in my own name', async () => {
  const { conversation } = await made();
  const good = logOf(conversation, PEER, 7, 1)[0] as Entry;
  const wrong: Entry[] = [
    { ...good, author: keyOf(3) },
    { ...good, author: keyOf(1) },
    { ...good, author: keyOf(1), device: conversation.log },
    { ...good, conversation: new Uint8Array(16).fill(1) },
  ];
  assert.equal(await conversation.receive(() => wrong), []);
  assert.equal(await contentOf(conversation), []);
  const [stored, ...more] = await conversation.receive(() => [...wrong, good, ...wrong]);
  assert.equal([stored?.entry, more.length], [good, 0], 'but what arrives with it is taken');
});

test('takes no entry whose clock leaps so far that nothing could follow', async () => {
  const { conversation } = await made();
  const [first, second] = logOf(conversation, PEER, 7, 2) as [Entry, Entry];
  const far = { ...first, after: MAX_CLOCK_LEAP + 1 };
  assert.equal(await conversation.receive(() => [far]), []);
  assert.equal(
    await conversation.receive(() => [{ ...first, after: Number.MAX_SAFE_INTEGER }]),
    [],
  );
  assert.is((await conversation.receive(() => [{ ...first, after: MAX_CLOCK_LEAP }])).length, 1);
  assert.is(
    (await conversation.receive(() => [{ ...second, after: 2 * MAX_CLOCK_LEAP }])).length,
    1,
  );
  assert.is((await conversation.append([text('still')]))[0]?.entry.after, 2 * MAX_CLOCK_LEAP + 1);
});

test('takes so many logs and no more: a friend cannot fill the record with names', async () => {
  const { conversation } = await made();
  for (let device = 1; device <= MAX_LOGS + 20; device++) {
    const [entry] = logOf(conversation, PEER, 0, 1);
    const name = new Uint8Array(8);
    name.set([device >> 8, device & 255]);
    await conversation.receive(() => [{ ...(entry as Entry), device: name }]);
  }
  assert.is(Object.keys(conversation.record.heads).length, MAX_LOGS);
});

test('any order of batches, with repetitions and gaps, ends in the same conversation', async () => {
  await withSeed(async (random) => {
    for (let run = 0; run < 12; run++) {
      const { conversation, store } = await made();
      const counts = [random.between(1, 40), random.between(1, 40)];
      const logs = counts.map((count, i) => {
        let clock = 0;
        return logOf(conversation, PEER, 20 + i, count, () => (clock += random.between(1, 3)));
      });
      const told: string[] = [];
      const deliver = async (entries: readonly Entry[]) => {
        for (const { entry } of await conversation.receive(() => entries)) {
          told.push(`${toHex(entry.device)}/${entry.seq}`);
        }
      };
      const batches = logs.flatMap((log) =>
        Array.from({ length: 12 }, () => {
          const from = random.below(log.length);
          return log.slice(from, from + random.between(1, 15));
        }),
      );
      for (const batch of shuffled(random, batches)) {
        await deliver(random.below(4) === 0 ? shuffled(random, batch) : batch);
        if (random.below(5) === 0) await conversation.append([text('mine')]);
      }
      for (const log of logs) await deliver(log);
      const total = counts.reduce((sum, count) => sum + count, 0);
      assert.is(told.length, total, 'nothing twice, nothing lost');
      assert.is(new Set(told).size, total);
      for (const log of logs) {
        const mine = told.filter((each) => each.startsWith(toHex(log[0]?.device ?? PEER)));
        assert.equal(
          mine.map((each) => Number(each.split('/')[1])),
          log.map(({ seq }) => seq),
        );
      }
      assert.is(conversation.record.unread, total);
      const again = await store.conversation(PEER);
      assert.equal(await contentOf(again), await contentOf(conversation));
      assert.equal(again.record, conversation.record);
    }
  });
});

test('two people who have the same entries read them in the same order', async () => {
  await withSeed(async (random) => {
    const [a, b] = [await Store.of(1), await Store.of(2)];
    const [mine, theirs] = [await a.conversation(b.key), await b.conversation(a.key)];
    const sent: [Entry[], Entry[]] = [[], []];
    for (let i = 0; i < 60; i++) {
      const who = random.below(2) as 0 | 1;
      const stored = await (who === 0 ? mine : theirs).append([text(`${who}.${i}`)]);
      sent[who].push(...stored.map(({ entry }) => entry));
      if (random.below(3) === 0) await theirs.receive(() => sent[0]);
      if (random.below(3) === 0) await mine.receive(() => sent[1]);
    }
    await theirs.receive(() => sent[0]);
    await mine.receive(() => sent[1]);
    const order = await contentOf(mine);
    assert.is(order.length, 60);
    assert.equal(await contentOf(theirs), order);
    for (const who of [0, 1]) {
      const own = order.filter((line) => line.includes(` ${who}.`));
      const seqs = own.map((line) => Number(line.split(' ')[0]?.split('/')[2]));
      assert.equal(
        seqs,
        [...seqs].sort((x, y) => x - y),
      );
    }
  });
});

test('a full disk refuses an entry before it is accepted, and loses none', async () => {
  const { store, conversation } = await made();
  await conversation.append([text('kept')]);
  const log = logOf(conversation, PEER, 7, 2, (seq) => seq + 10);
  const before = conversation.record;
  store.storage.failAt(1, 'full');
  await refusal(conversation.append([text('refused')]), 'storage/full');
  await refusal(
    conversation.receive(() => log),
    'storage/full',
  );
  await refusal(
    conversation.markRead().then(() => conversation.deliver({ device: conversation.log, seq: 1 })),
    'storage/full',
  );
  assert.equal(conversation.record, before);
  assert.equal(await wordsOf(conversation), ['kept']);
  store.storage.heal();
  const [next] = await conversation.append([text('now')]);
  assert.is(next?.entry.seq, 2, 'the number of the refused one is not wasted');
  assert.is((await conversation.receive(() => log)).length, 2);
  assert.is((await contentOf(conversation)).length, 4);
});

test('a crash at any write loses nothing that was accepted and doubles nothing', async () => {
  const theirs = (conversation: Conversation) => logOf(conversation, PEER, 7, 9, (seq) => seq * 2);
  /** What a page does; `accepted` is told after each call. */
  const script = async (conversation: Conversation, accepted: (what: string) => void) => {
    const log = theirs(conversation);
    for (const words of ['one', 'two', 'three']) {
      await conversation.append([text(words)]);
      accepted(words);
      const stored = await conversation.receive(() => log.slice(0, conversation.ownHead * 3));
      for (const { entry } of stored) accepted(`7/${entry.seq}`);
    }
    await conversation.markRead();
    await conversation.deliver({ device: conversation.log, seq: 2 });
  };
  for (const how of ['crash-before', 'crash-after'] as const) {
    for (let nth = 1; nth <= 8; nth++) {
      const { store, conversation } = await made();
      const accepted: string[] = [];
      store.storage.failAt(nth, how);
      const crash = await script(conversation, (what) => accepted.push(what)).catch(
        (fault) => fault,
      );
      assert.instance(crash, Crash, `${how} ${nth}`);
      store.storage.heal();

      const again = await store.conversation(PEER);
      const kept = await wordsOf(again);
      for (const what of accepted) assert.ok(kept.includes(what), `${how} ${nth}: lost ${what}`);
      assert.ok(kept.length <= accepted.length + 3, 'at most the one write nobody was told of');
      await again.receive(() => theirs(again));
      await again.append([text('last')]);
      const all = await contentOf(again);
      assert.is(new Set(all).size, all.length);
      assert.is(all.filter((line) => line.includes(' 7/')).length, 9);
      const own = all.filter((line) => line.startsWith('01/'));
      const seqs = own.map((line) => Number(line.split(' ')[0]?.split('/')[2]));
      assert.equal(
        seqs,
        seqs.map((_, i) => i + 1),
        'no number twice and none left out',
      );
    }
  }
});

test('pages backwards from the newest entry, and says whether there is more', async () => {
  const { conversation } = await made();
  for (let i = 1; i <= 7; i++) await conversation.append([text(`m${i}`)]);
  const newest = await conversation.page(null, 3);
  const words = ({ entries }: typeof newest) =>
    entries.map(({ entry }) => (entry.body.kind === 'text' ? entry.body.text : ''));
  assert.equal(words(newest), ['m7', 'm6', 'm5']);
  assert.ok(newest.more);
  const next = await conversation.page(newest.entries.at(-1)?.entry ?? null, 3);
  assert.equal(words(next), ['m4', 'm3', 'm2']);
  const last = await conversation.page(next.entries.at(-1)?.entry ?? null, 3);
  assert.equal(words(last), ['m1']);
  assert.not.ok(last.more);
  const exact = await conversation.page(null, 7);
  assert.not.ok(exact.more);
});

test('a page before an entry that is not there is refused', async () => {
  const { conversation } = await made();
  await conversation.append([text('a')]);
  const ref = { author: keyOf(9), device: new Uint8Array(8), seq: 4 };
  await refusal(conversation.page(ref, 5), 'message/unknown');
  assert.is(await conversation.get(ref), null);
});

test('a damaged row is left out and takes no other with it', async () => {
  const { store, conversation } = await made();
  const stored = await conversation.append(['a', 'b', 'c', 'd'].map(text));
  const rows = stored.map(({ entry }) => orderKey(entry));
  await store.storage.write([
    { table: 'entries', key: rows[1] as string, value: { bytes: new Uint8Array(5), storedAt: 1 } },
    { table: 'entries', key: rows[2] as string, value: 'rubbish' },
  ]);
  const again = await store.conversation(PEER);
  assert.equal(await wordsOf(again), ['a', 'd']);
  assert.is(await again.get(stored[1]?.entry as Entry), null);
  assert.is((await again.get(stored[3]?.entry as Entry))?.entry.seq, 4);
});

test('entries behind a damaged one still go out, each under its own number', async () => {
  const { store, conversation } = await made();
  const stored = await conversation.append(['a', 'b', 'c'].map(text));
  const key = orderKey(stored[1]?.entry as Entry);
  await store.storage.write([{ table: 'entries', key, value: null }]);
  const again = await store.conversation(PEER);
  const out = (await again.ownAfter(0, 10)).map((bytes) => decodeEntry(bytes));
  assert.equal(
    out.map(({ seq }) => seq),
    [1, 2, 3],
  );
  assert.equal(
    out.map(({ body }) => body.kind),
    ['text', 'unknown', 'text'],
  );
  const other = await (await Store.of(2)).conversation(store.key);
  assert.is((await other.receive(() => out)).length, 3, 'and the other side takes all three');
});

test('gives my entries behind any number, from memory or from the disk, as many as asked', async () => {
  const { store, conversation } = await made();
  for (let i = 1; i <= 150; i++) await conversation.append([text(`m${i}`)]);
  const again = await store.conversation(PEER);
  for (const each of [conversation, again]) {
    for (const [after, limit] of [
      [0, 64],
      [85, 64],
      [86, 64],
      [100, 1_000],
      [149, 64],
      [150, 64],
      [151, 64],
      [0, 0],
    ] as const) {
      const out = (await each.ownAfter(after, limit)).map((bytes) => decodeEntry(bytes).seq);
      const count = Math.max(0, Math.min(limit, 150 - after));
      assert.equal(
        out,
        Array.from({ length: count }, (_, i) => after + 1 + i),
        `${after} ${limit}`,
      );
    }
  }
});

test('remembers how far the other side has stored my log, forwards only', async () => {
  const { store, conversation } = await made();
  await conversation.append(['a', 'b', 'c'].map(text));
  assert.is(await conversation.deliver({ device: conversation.log, seq: 2 }), 2);
  assert.is(await conversation.deliver({ device: conversation.log, seq: 2 }), 0);
  assert.is(await conversation.deliver({ device: conversation.log, seq: 1 }), 0);
  assert.not.ok(
    await conversation.deliver({ device: conversation.log, seq: 4 }),
    'nobody has what was never written',
  );
  assert.ok(await conversation.deliver({ device: conversation.log, seq: 3 }));
  const again = await store.conversation(PEER);
  assert.is(again.deliveredTo(again.log), 3);
});

test('marks as read once, and keeps that', async () => {
  const { store, conversation } = await made();
  await conversation.receive(() => logOf(conversation, PEER, 7, 3));
  assert.ok(await conversation.markRead());
  assert.not.ok(await conversation.markRead());
  assert.is((await store.conversation(PEER)).record.unread, 0);
});

test('begins a new log where this store is an older copy, and moves what had not arrived', async () => {
  const { store, conversation } = await made();
  await conversation.append(['a', 'b', 'c', 'd'].map(text));
  await conversation.deliver({ device: conversation.log, seq: 2 });
  const before = conversation.record.log;
  await conversation.renew();
  assert.is.not(conversation.record.log, before);
  assert.is(conversation.ownHead, 2);
  assert.equal(await wordsOf(conversation), ['a', 'b', 'c', 'd']);
  const out = (await conversation.ownAfter(0, 10)).map((bytes) => decodeEntry(bytes));
  assert.equal(
    out.map(({ body }) => (body.kind === 'text' ? body.text : '')),
    ['c', 'd'],
  );
  const again = await store.conversation(PEER);
  assert.equal(again.record, conversation.record);
  assert.is((await again.append([text('e')]))[0]?.entry.seq, 3);
});

test('a record that is damaged is told, left out, and begun anew under another log', async () => {
  const { store, conversation } = await made();
  await conversation.append(['a', 'b'].map(text));
  const key = conversation.name;
  await store.storage.write([
    { table: 'conversations', key, value: { ...conversation.record, heads: 7 } },
  ]);
  const faults: string[] = [];
  const opened = await store.open(faults);
  assert.equal(faults, ['storage/invalid']);
  assert.equal(opened.all, []);
  const again = await opened.open(PEER);
  assert.is.not(again.record.log, conversation.record.log);
  assert.equal(await wordsOf(again), ['a', 'b'], 'what was written is still read');
  await again.append([text('c')]);
  assert.is((await contentOf(again)).length, 3);
});

test('a removal names every row of a conversation and none of another', async () => {
  const store = await Store.of(1);
  const conversations = await store.open();
  const [one, other] = [await conversations.open(PEER), await conversations.open(keyOf(3))];
  await one.append([text('a')]);
  await one.receive(() => logOf(one, PEER, 7, 3));
  await other.append([text('kept')]);
  await store.storage.write(await removalOf(store.storage, one));
  conversations.forget(one);
  assert.is(conversations.of(PEER), null);
  for (const table of ['entries', 'logs', 'conversations'] as const) {
    const rows = await store.storage.list(table);
    assert.ok(
      rows.every(({ key }) => key.startsWith(other.name)),
      table,
    );
  }
  const again = await conversations.open(PEER);
  assert.is.not(again.record.log, one.record.log, 'the old log is never gone on with');
  assert.is(again.ownHead, 0);
});

test('finds conversations by name and by person, and opens each once', async () => {
  const conversations = await (await Store.of(1)).open();
  const [first, second] = await Promise.all([conversations.open(PEER), conversations.open(PEER)]);
  assert.is(first, second);
  assert.is(conversations.get(first.name), first);
  assert.is(conversations.of(PEER), first);
  assert.is(conversations.get('nothing'), null);
  assert.is(conversations.get('__proto__'), null);
  assert.equal(conversations.all, [first]);
  assert.equal(first.peer, PEER);
  assert.equal(first.id, fromHex(first.name));
});

test('heads name every log with how far it reaches', async () => {
  const { conversation } = await made();
  await conversation.append([text('a')]);
  await conversation.receive(() => logOf(conversation, PEER, 7, 3));
  const heads = conversation.heads.map((head) => `${logName(head).slice(0, 2)} ${head.seq}`).sort();
  assert.equal(heads, ['01 1', '02 3']);
  assert.ok(conversation.heads.every((head) => toHex(head.conversation) === conversation.name));
});

test.run();
