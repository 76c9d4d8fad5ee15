/** Edits, deletions, reactions and receipts in the store: what a page shows, what is left on the disk. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromUtf8, toHex, utf8 } from '../../sdk/base/bytes.js';
import type { Conversation } from '../../sdk/chat/conversation.js';
import type { StoredEntry } from '../../sdk/chat/entry-rows.js';
import { decodeEntry, type Entry, type EntryBody } from '../../sdk/protocol/entry.js';
import { MAX_EARLY_CHANGES } from '../../sdk/protocol/limits.js';
import { TABLES } from '../../sdk/storage/storage.js';
import { contentOf, keyOf, logOf, Store, text } from './stores.js';

const PEER = keyOf(2);

async function made() {
  const store = await Store.of(1);
  const conversation = await store.conversation(PEER);
  return { store, conversation };
}

/** What people read, oldest first: words, `deleted`, and the emoji behind them. */
async function read(conversation: Conversation): Promise<string[]> {
  const { entries } = await conversation.page(null, 10_000);
  return entries.reverse().map(line);
}

function line({ entry, fold }: StoredEntry): string {
  const words = entry.body.kind === 'text' ? entry.body.text : entry.body.kind;
  const emoji = (fold?.reactions ?? []).flatMap((each) => (each.isSet ? each.emoji : []));
  return [fold?.isDeleted ? 'deleted' : (fold?.edit?.text ?? words), ...emoji].join(' ');
}

/** Whether `words` are anywhere on the disk. */
async function isOnDisk(store: Store, words: string): Promise<boolean> {
  const needle = toHex(utf8(words));
  const holds = (value: unknown): boolean => {
    if (typeof value === 'string') return value.includes(words);
    if (value instanceof Uint8Array) return toHex(value).includes(needle);
    return typeof value === 'object' && value !== null && Object.values(value).some(holds);
  };
  const tables = await Promise.all(TABLES.map((table) => store.storage.list(table)));
  return tables.flat().some((row) => holds(row.value));
}

/** The next entries of their log. */
function theirs(conversation: Conversation, device: number, ...bodies: EntryBody[]): Entry[] {
  const log = logOf(conversation, PEER, device, 2_000, (seq) => seq + device * 10_000);
  const name = Object.keys(conversation.record.heads).find((each) =>
    each.endsWith(toHex(new Uint8Array(8).fill(device))),
  );
  const from = conversation.record.heads[name ?? ''] ?? 0;
  return bodies.map((body, i) => ({ ...(log[from + i] as Entry), body }));
}

const place = (device: number, seq: number) => ({ device: new Uint8Array(8).fill(device), seq });
const mine = async (conversation: Conversation, body: EntryBody): Promise<Entry> => {
  const [stored] = await conversation.append([body]);
  if (stored === undefined) throw new Error('nothing was stored');
  return stored.entry;
};

test('an edit gives a message other words, in its place', async () => {
  const { store, conversation } = await made();
  const first = await mine(conversation, text('frist'));
  await mine(conversation, text('second'));
  await mine(conversation, { kind: 'edit', target: first, text: 'first' });
  assert.equal(await read(conversation), ['first', 'second']);
  assert.equal(store.changed.map(line), ['first']);
  assert.equal(await read(await store.conversation(PEER)), ['first', 'second']);
});

test('the words of an edit leave the disk when a later one takes their place', async () => {
  const { store, conversation } = await made();
  const first = await mine(conversation, text('original'));
  for (const words of ['wording-one', 'wording-two', 'wording-three']) {
    await mine(conversation, { kind: 'edit', target: first, text: words });
  }
  assert.equal(await read(conversation), ['wording-three']);
  assert.not.ok(await isOnDisk(store, 'wording-one'));
  assert.not.ok(await isOnDisk(store, 'wording-two'));
  const sent = (await conversation.ownAfter(0, 10)).map((bytes) => decodeEntry(bytes).body);
  assert.equal(
    sent.map((body) => (body.kind === 'edit' ? body.text : body.kind)),
    ['text', '', '', 'wording-three'],
  );
});

test('a deletion leaves the place of a message and none of its words, edits among them', async () => {
  const { store, conversation } = await made();
  const first = await mine(conversation, text('a-secret'));
  await mine(conversation, { kind: 'edit', target: first, text: 'better-secret' });
  await mine(conversation, { kind: 'react', target: first, isSet: true, emoji: '👍' });
  await mine(conversation, text('after'));
  await mine(conversation, { kind: 'delete', target: first });
  assert.equal(await read(conversation), ['deleted', 'after']);
  assert.not.ok(await isOnDisk(store, 'secret'));
  const sent = await conversation.ownAfter(0, 10);
  assert.not.ok(sent.some((bytes) => fromUtf8(bytes.map((b) => b & 127)).includes('secret')));
  // Over there: the same, from what is sent now.
  const other = await Store.of(2);
  const copy = await other.conversation(store.key);
  await copy.receive(() => sent.map((bytes) => decodeEntry(bytes)));
  assert.equal(await read(copy), ['deleted', 'after']);
});

test('a deletion removes the words from the disk of who has them already', async () => {
  const { store, conversation } = await made();
  await conversation.receive(() =>
    theirs(conversation, 7, text('their-secret'), {
      kind: 'edit',
      target: place(7, 1),
      text: 'their-better-secret',
    }),
  );
  assert.ok(await isOnDisk(store, 'their-secret'));
  await conversation.receive(() =>
    theirs(conversation, 7, { kind: 'delete', target: place(7, 1) }),
  );
  assert.equal(await read(conversation), ['deleted']);
  assert.not.ok(await isOnDisk(store, 'secret'));
});

test('nobody edits or deletes what somebody else wrote', async () => {
  const { conversation } = await made();
  const own = await mine(conversation, text('mine'));
  const { device, seq } = own;
  await conversation.receive(() =>
    theirs(
      conversation,
      7,
      { kind: 'edit', target: { device, seq }, text: 'forged' },
      { kind: 'delete', target: { device, seq } },
    ),
  );
  assert.equal(await read(conversation), ['mine']);
});

test('both may react to anything, once a kind, and take it back', async () => {
  const { store, conversation } = await made();
  const own = await mine(conversation, text('mine'));
  await conversation.receive(() =>
    theirs(
      conversation,
      7,
      { kind: 'react', target: own, isSet: true, emoji: '👍' },
      { kind: 'react', target: own, isSet: true, emoji: '❤️' },
      { kind: 'react', target: own, isSet: true, emoji: '👍' },
    ),
  );
  assert.equal(await read(conversation), ['mine ❤️ 👍']);
  const back = theirs(conversation, 7, { kind: 'react', target: own, isSet: false, emoji: '👍' });
  await conversation.receive(() => back);
  assert.equal(await read(conversation), ['mine ❤️']);
  assert.is(conversation.record.unread, 0, 'and none of it is unread');
  assert.is(store.changed.length, 2, 'one message changed twice');
});

test('a change waits for the entry it is about, however many logs are between them', async () => {
  const { store, conversation } = await made();
  const later = theirs(
    conversation,
    9,
    { kind: 'edit', target: place(7, 1), text: 'edited' },
    { kind: 'react', target: { author: PEER, ...place(7, 1) }, isSet: true, emoji: '👍' },
    { kind: 'delete', target: place(7, 2) },
  );
  await conversation.receive(() => later);
  assert.equal(await read(conversation), []);
  assert.is(conversation.record.waiting, 2);
  await conversation.receive(() =>
    theirs(conversation, 7, text('one'), text('two-secret'), text('three')),
  );
  assert.equal(await read(conversation), ['edited 👍', 'deleted', 'three']);
  assert.is(conversation.record.waiting, 0);
  assert.is(conversation.record.unread, 2, 'what was deleted before it came was never unread');
  assert.not.ok(await isOnDisk(store, 'secret'));
});

test('so many changes wait for what is not here, and no more', async () => {
  const { store, conversation } = await made();
  const count = MAX_EARLY_CHANGES + 50;
  const bodies = Array.from({ length: count }, (_, n): EntryBody => {
    return { kind: 'edit', target: place(99, n + 1), text: `w${n}` };
  });
  await conversation.receive(() => theirs(conversation, 7, ...bodies));
  assert.is(conversation.record.waiting, MAX_EARLY_CHANGES);
  const rows = await store.storage.list('logs');
  assert.is(rows.length, count + MAX_EARLY_CHANGES);
});

test('an unread message that is deleted is unread no longer; one that was read changes nothing', async () => {
  const { conversation } = await made();
  await conversation.receive(() => theirs(conversation, 7, text('1'), text('2'), text('3')));
  await conversation.markRead();
  await conversation.receive(() => theirs(conversation, 7, text('4'), text('5')));
  assert.is(conversation.record.unread, 2);
  await conversation.receive(() =>
    theirs(conversation, 7, { kind: 'delete', target: place(7, 1) }),
  );
  assert.is(conversation.record.unread, 2);
  await conversation.receive(() =>
    theirs(conversation, 7, { kind: 'delete', target: place(7, 4) }),
  );
  await conversation.receive(() =>
    theirs(conversation, 7, { kind: 'delete', target: place(7, 4) }),
  );
  assert.is(conversation.record.unread, 1);
});

test('entries that change nothing here are stored and numbered like others', async () => {
  const { conversation } = await made();
  const odd: EntryBody[] = [
    { kind: 'profile', name: 'P', relays: [] },
    { kind: 'edit', target: place(7, 1), text: 'of a profile' },
    { kind: 'delete', target: place(7, 1) },
    { kind: 'delete', target: place(7, 2) },
    { kind: 'unknown', code: 70, bytes: utf8('later') },
    { kind: 'read', upTo: { author: PEER, ...place(7, 1) } },
    { kind: 'read', upTo: { author: keyOf(1), ...place(44, 9) } },
  ];
  await conversation.receive(() => theirs(conversation, 7, ...odd));
  assert.is((await contentOf(conversation)).length, odd.length);
  assert.equal(await read(conversation), []);
  assert.equal(conversation.record.read, {});
});

test('an entry of a kind from later loses its words too when it is deleted', async () => {
  const { store, conversation } = await made();
  const body: EntryBody = { kind: 'unknown', code: 70, bytes: utf8('later-secret') };
  await conversation.receive(() => theirs(conversation, 7, body));
  await conversation.receive(() =>
    theirs(conversation, 7, { kind: 'delete', target: place(7, 1) }),
  );
  assert.not.ok(await isOnDisk(store, 'secret'));
  assert.equal(await read(conversation), ['deleted']);
});

test('a receipt tells what was read, forwards only, and is told once', async () => {
  const { store, conversation } = await made();
  const log = conversation.record.log;
  for (const words of ['a', 'b', 'c']) await mine(conversation, text(words));
  const upTo = (seq: number): EntryBody => ({
    kind: 'read',
    upTo: { author: store.key, device: conversation.log, seq },
  });
  await conversation.receive(() => theirs(conversation, 7, upTo(2)));
  await conversation.receive(() => theirs(conversation, 7, upTo(1), upTo(2), upTo(9)));
  await conversation.receive(() => theirs(conversation, 7, upTo(3)));
  assert.equal(store.read, [`${log} 0-2`, `${log} 2-3`]);
  assert.is(conversation.readTo(conversation.log), 3);
});

test('reading tells the other side only where it is to, and once', async () => {
  const { conversation } = await made();
  await conversation.receive(() => theirs(conversation, 7, text('1'), text('2')));
  assert.equal(await conversation.markRead(), []);
  assert.is(conversation.ownHead, 0);
  await conversation.receive(() => theirs(conversation, 7, text('3')));
  await conversation.receive(() => theirs(conversation, 8, text('other log')));
  const told = await conversation.markRead(true);
  assert.equal(
    told?.map(({ entry }) => entry.body.kind === 'read' && entry.body.upTo.seq),
    [3, 1],
  );
  assert.is(await conversation.markRead(true), null);
});

test('a page of messages is read without the reactions around it', async () => {
  const { store, conversation } = await made();
  const first = await mine(conversation, text('first'));
  for (let n = 0; n < 300; n++) {
    await mine(conversation, { kind: 'react', target: first, isSet: n % 2 === 0, emoji: '👍' });
  }
  await mine(conversation, text('last'));
  const limits: (number | undefined)[] = [];
  const list = store.storage.list.bind(store.storage);
  store.storage.list = async (table, range) => {
    const rows = await list(table, range);
    limits.push(rows.length);
    return rows;
  };
  const { entries, more } = await conversation.page(null, 2);
  assert.equal([entries.map(line), more], [['last', 'first'], false]);
  assert.equal(limits, [2]);
});

test('messages that were moved to a new log keep their changes and the ids they were known by', async () => {
  const { store, conversation } = await made();
  const [first, second] = [
    await mine(conversation, text('one')),
    await mine(conversation, text('two')),
  ];
  await mine(conversation, { kind: 'edit', target: second, text: 'two, edited' });
  await mine(conversation, { kind: 'text', text: 'answer', replyTo: second });
  await conversation.deliver({ device: conversation.log, seq: 1 });
  await conversation.renew();
  await mine(conversation, { kind: 'react', target: first, isSet: true, emoji: '👍' });
  assert.equal(await read(conversation), ['one 👍', 'two, edited', 'answer']);
  const moved = await conversation.get(second);
  assert.is(moved && line(moved), 'two, edited', 'found by its old place');
  assert.equal(moved?.entry.device, conversation.log);
  const other = await (await Store.of(2)).conversation(store.key);
  const sent = (await conversation.ownAfter(0, 10)).map((bytes) => decodeEntry(bytes));
  assert.is((await other.receive(() => sent)).length, sent.length);
  assert.equal(await read(other), ['two, edited', 'answer']);
  const [, answer] = (await other.page(null, 9)).entries.reverse();
  const { body } = answer?.entry ?? {};
  assert.is(body?.kind === 'text' && body.replyTo?.seq, 1, 'the answer names its new place');
});

test('thousands of undelivered entries move, a batch at a time, through a crash in the middle', async () => {
  const { store, conversation } = await made();
  await conversation.append(Array.from({ length: 1_234 }, (_, n) => text(`m${n}`)));
  store.storage.failAt(4, 'crash-after');
  await conversation.renew().catch(() => undefined);
  store.storage.heal();
  const again = await store.conversation(PEER);
  assert.ok(Object.keys(again.record.moving).length > 0, 'the crash came in the middle');
  await again.append([text('and on')]);
  const words = await read(again);
  assert.equal([words.length, words.at(-1)], [1_235, 'and on']);
  assert.equal(
    words.slice(0, -1),
    Array.from({ length: 1_234 }, (_, n) => `m${n}`),
  );
  const sent: number[] = [];
  for (;;) {
    const next = await again.ownAfter(sent.length, 500);
    if (next.length === 0) break;
    sent.push(...next.map((bytes) => decodeEntry(bytes).seq));
  }
  assert.equal(
    sent,
    Array.from({ length: 1_235 }, (_, n) => n + 1),
  );
});

test.run();
