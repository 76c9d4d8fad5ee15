/** People who are removed and come again, stores that are older copies of themselves, old requests. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Queue } from '../../sdk/base/queue.js';
import { Conversation } from '../../sdk/chat/conversation.js';
import { People } from '../../sdk/chat/people.js';
import { newConversation } from '../../sdk/chat/records.js';
import { type Entry, NO_TAG } from '../../sdk/protocol/entry.js';
import { MAX_LOGS } from '../../sdk/protocol/limits.js';
import { MemoryStorage } from '../../sdk/storage/memory-storage.js';

const ME = new Uint8Array(32).fill(1);
const FRIEND = new Uint8Array(32).fill(2);
const hex = (byte: number, length: number) => byte.toString(16).padStart(2, '0').repeat(length);

async function conversation() {
  const storage = new MemoryStorage();
  await storage.open();
  let drawn = 0x40;
  const host = {
    storage,
    queue: new Queue(),
    me: { key: ME, tagOf: async () => NO_TAG },
    random: (length: number) => new Uint8Array(length).fill(drawn++),
    now: () => 1_000,
    onChanged: () => undefined,
    onRead: () => undefined,
  };
  const record = newConversation({ id: hex(9, 16), peer: hex(2, 32), log: hex(0x30, 8) });
  return { storage, conversation: new Conversation(record, host) };
}

const text = (words: string) => ({ kind: 'text', text: words, replyTo: null }) as const;

function theirs(log: number, seq: number): Entry {
  const device = new Uint8Array(8);
  new DataView(device.buffer).setUint32(4, log);
  const place = { conversation: new Uint8Array(16).fill(9), author: FRIEND, device, seq };
  return { ...place, after: 1, time: 1, body: text('hello'), tag: NO_TAG };
}

/** Whoever has no invitation is let ask. */
const openly = async () => ({ invite: null, invitation: null, writes: [] });

test('an older copy of a store begins a new log and writes again what had not arrived', async () => {
  const { conversation: own } = await conversation();
  await own.append([text('arrived'), text('under way'), text('written late')]);
  await own.deliver({ device: own.log, seq: 1 });
  const before = own.log;
  await own.renew();
  assert.not.equal(own.log, before);
  assert.is(own.ownHead, 2);
  assert.is((await own.ownAfter(0, 10)).length, 2);
  const { entries } = await own.page(null, 10);
  const words = entries.map(({ entry }) => (entry.body.kind === 'text' ? entry.body.text : ''));
  assert.equal(words.reverse(), ['arrived', 'under way', 'written late']);
});

test('an entry that cannot be read any more leaves a gap that the others pass', async () => {
  const { storage, conversation: own } = await conversation();
  for (let i = 0; i < 70; i++) await own.append([text(`message ${i}`)]);
  const [first] = await storage.list('entries', { limit: 1 });
  await storage.write([{ table: 'entries', key: first?.key ?? '', value: 'rotten' }]);
  const sent = await own.ownAfter(0, 64);
  assert.is(sent.length, 64);
});

test('a friend cannot begin logs without end', async () => {
  const { conversation: own } = await conversation();
  for (let log = 1; log <= MAX_LOGS + 20; log++) await own.receive(() => [theirs(log, 1)]);
  assert.is(own.heads.length, MAX_LOGS);
});

test('an INVITE that was answered is known when it is played again, a newer one is not', async () => {
  const storage = new MemoryStorage();
  await storage.open();
  const people = new People(storage, new Queue());
  const request = {
    key: hex(2, 32),
    name: 'Grace',
    text: 'hello',
    token: null,
    receivedAt: 1,
    time: 50,
    state: 'waiting',
  } as const;
  assert.is(await people.ask(request, openly), 'new');
  assert.is(await people.ask({ ...request, time: 60 }, openly), 'repeated');
  const contact = {
    key: request.key,
    status: 'accepted',
    petname: '',
    profileName: 'Grace',
    relays: [],
    token: null,
    addedAt: 1,
    devices: {},
  } as const;
  await people.change(FRIEND, () => contact);
  assert.is(people.waiting.length, 0);
  await people.remove(FRIEND, []);
  assert.is(await people.ask({ ...request, time: 60 }, openly), 'ignored');
  assert.is(await people.ask({ ...request, time: 61 }, openly), 'new');
  await people.decline(FRIEND);
  assert.is(await people.ask({ ...request, time: 99 }, openly), 'ignored');
});

test.run();
