/** Contacts and requests: who may speak, what outlives the page, what gives way to what. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, toHex } from '../../sdk/base/bytes.js';
import { Queue } from '../../sdk/base/queue.js';
import { keyOf as keyOfRecord, People } from '../../sdk/chat/people.js';
import type { ContactRecord, RequestRecord } from '../../sdk/chat/records.js';
import { readStored } from '../../sdk/chat/stored-rows.js';
import { MAX_CONTACT_DEVICES, MAX_CONTACTS, MAX_REQUESTS } from '../../sdk/protocol/limits.js';
import { refusal } from '../contracts/storage.js';
import { BrokenStorage } from './broken-storage.js';
import { keyOf } from './stores.js';

/** More keys than `keyOf` has. */
const keyNumber = (n: number): Bytes => {
  const key = new Uint8Array(32);
  key.set([n >> 8, n & 255]);
  return key;
};

const device = (n: number): string => n.toString(16).padStart(16, '0');

const contact = (key: Bytes, change: Partial<ContactRecord> = {}): ContactRecord => ({
  key: toHex(key),
  status: 'added',
  petname: '',
  profileName: '',
  relays: [],
  token: null,
  addedAt: 1,
  devices: {},
  ...change,
});

const request = (key: Bytes, change: Partial<RequestRecord> = {}): RequestRecord => ({
  key: toHex(key),
  name: 'N',
  text: 'T',
  token: null,
  receivedAt: 1,
  time: 1,
  state: 'waiting',
  ...change,
});

/** Whoever has no invitation is let ask. */
const openly = async () => ({ invite: null, invitation: null, writes: [] });

async function made(storage?: BrokenStorage) {
  const disk = storage ?? (await BrokenStorage.opened());
  const people = new People(disk, new Queue());
  const faults: string[] = [];
  people.load(await readStored(disk), (fault) => faults.push(fault.code));
  const put = (record: ContactRecord) => people.change(keyOfRecord(record), () => record);
  return { people, disk, faults, put };
}

const [A, B] = [keyOf(10), keyOf(11)];

test('who is no contact is a stranger, who is blocked is blocked, all others are contacts', async () => {
  const { people, put } = await made();
  assert.is(people.standing(A), 'stranger');
  for (const status of ['added', 'requested', 'accepted'] as const) {
    await put(contact(A, { status }));
    assert.is(people.standing(A), 'contact', status);
  }
  await put(contact(A, { status: 'blocked' }));
  assert.is(people.standing(A), 'blocked');
});

test('a request does not make a stranger known', async () => {
  const { people } = await made();
  await people.ask(request(A), openly);
  assert.is(people.standing(A), 'stranger');
});

test('contacts and requests are there again on the next page', async () => {
  const { people, disk, put } = await made();
  await put(
    contact(A, { petname: 'Ann', relays: ['wss://r.example'], devices: { [device(1)]: 7 } }),
  );
  await people.ask(request(B, { name: 'Bob' }), openly);
  const { people: again, faults } = await made(disk);
  assert.equal(again.contacts, people.contacts);
  assert.equal(again.waiting, people.waiting);
  assert.is(again.seenTime(A, device(1)), 7);
  assert.is(again.seenTime(A, device(2)), 0);
  assert.is(again.seenTime(B, device(1)), 0);
  assert.equal(faults, []);
});

test('a change sees what was, and tells what was and is', async () => {
  const { people } = await made();
  const first = await people.change(A, (before) => {
    assert.is(before, null);
    return contact(A);
  });
  assert.equal([first.before, first.after], [null, contact(A)]);
  const second = await people.change(A, (before) => ({ ...before!, petname: 'Ann' }));
  assert.equal(second.before, contact(A));
  assert.is(second.after.petname, 'Ann');
});

test('changes at once follow each other and lose nothing', async () => {
  const { people, put } = await made();
  await put(contact(A));
  const add = (n: number) =>
    people.change(A, (before) => ({ ...before!, devices: { ...before!.devices, [device(n)]: n } }));
  await Promise.all([1, 2, 3, 4, 5].map(add));
  assert.equal(Object.keys(people.contact(A)?.devices ?? {}).length, 5);
});

test('a change that cannot be stored did not happen', async () => {
  const { people, disk, put } = await made();
  await put(contact(A));
  await people.ask(request(B), openly);
  disk.failAt(1, 'full');
  await refusal(
    people.change(A, () => contact(A, { status: 'blocked' })),
    'storage/full',
  );
  await refusal(
    people.change(B, () => contact(B)),
    'storage/full',
  );
  await refusal(people.remove(A, []), 'storage/full');
  await refusal(people.ask(request(keyOf(12)), openly), 'storage/full');
  await refusal(people.decline(B), 'storage/full');
  assert.is(people.standing(A), 'contact');
  assert.is(people.standing(B), 'stranger');
  assert.equal(
    people.waiting.map(({ key }) => key),
    [toHex(B)],
  );
});

test('becoming a contact answers the request, in the same write', async () => {
  const { people, disk, put } = await made();
  await people.ask(request(A, { time: 5 }), openly);
  const writes = disk.writes;
  await put(contact(A, { status: 'accepted' }));
  assert.is(disk.writes, writes + 1);
  assert.equal(people.waiting, []);
  assert.is(people.request(A), null);
  await people.remove(A, []);
  assert.is(
    await people.ask(request(A, { time: 5 }), openly),
    'ignored',
    'played again by a relay',
  );
  assert.is(await people.ask(request(A, { time: 6 }), openly), 'new', 'asked again after all');
});

test('whoever asks is new once, repeated while waiting, and ignored where nothing is newer', async () => {
  const { people } = await made();
  assert.is(await people.ask(request(A, { time: 5, text: 'first' }), openly), 'new');
  assert.is(await people.ask(request(A, { time: 5, text: 'again' }), openly), 'ignored');
  assert.is(await people.ask(request(A, { time: 4, text: 'older' }), openly), 'ignored');
  assert.is(people.waiting[0]?.text, 'first');
  assert.is(await people.ask(request(A, { time: 6, text: 'other words' }), openly), 'repeated');
  assert.is(people.waiting[0]?.text, 'other words');
  assert.is(people.waiting.length, 1);
});

test('a declined request stays declined, whatever they say and after a reload', async () => {
  const { people, disk } = await made();
  await people.ask(request(A, { text: 'please' }), openly);
  await people.decline(A);
  assert.equal(people.waiting, []);
  assert.is(await people.ask(request(A, { time: 99 }), openly), 'ignored');
  const { people: again } = await made(disk);
  assert.is(await again.ask(request(A, { time: 100 }), openly), 'ignored');
  assert.equal(again.waiting, []);
  const rows = await disk.list('requests');
  assert.not.ok(JSON.stringify(rows).includes('please'), 'their words are not kept');
});

test('there is no declining of what nobody asked', async () => {
  const { people } = await made();
  await refusal(people.decline(A), 'request/unknown');
  await people.ask(request(A), openly);
  await people.decline(A);
  await refusal(people.decline(A), 'request/unknown');
});

test('requests wait newest first', async () => {
  const { people } = await made();
  for (const [n, receivedAt] of [
    [1, 20],
    [2, 30],
    [3, 10],
  ] as const) {
    await people.ask(request(keyOf(n), { receivedAt }), openly);
  }
  assert.equal(
    people.waiting.map(({ receivedAt }) => receivedAt),
    [30, 20, 10],
  );
});

test('beyond a hundred requests those that do not wait give way first, then the oldest', async () => {
  const { people, disk } = await made();
  for (let n = 1; n <= MAX_REQUESTS; n++) {
    await people.ask(request(keyNumber(n), { receivedAt: n }), openly);
  }
  await people.decline(keyNumber(50));
  await people.ask(request(keyNumber(1_001), { receivedAt: 1_001 }), openly);
  assert.is(people.waiting.length, MAX_REQUESTS, 'the declined one went');
  assert.ok(people.request(keyNumber(1)) !== null);
  await people.ask(request(keyNumber(1_002), { receivedAt: 1_002 }), openly);
  assert.is(people.waiting.length, MAX_REQUESTS);
  assert.is(people.request(keyNumber(1)), null, 'the oldest went');
  assert.is((await disk.list('requests')).length, MAX_REQUESTS);
});

test('keeps so many contacts and says when there are too many; those it has may change', async () => {
  const { people, put } = await made();
  for (let n = 1; n <= MAX_CONTACTS; n++) await put(contact(keyNumber(n)));
  const fault = await refusal(put(contact(A)), 'contact/too-many');
  assert.is(fault.detail.max, MAX_CONTACTS);
  await put(contact(keyNumber(1), { petname: 'still' }));
  await people.remove(keyNumber(2), []);
  await put(contact(A));
  assert.is(people.contacts.length, MAX_CONTACTS);
});

test('remembers the devices heard of last', async () => {
  const { people, put } = await made();
  const devices = Object.fromEntries(
    Array.from({ length: MAX_CONTACT_DEVICES + 5 }, (_, i) => [device(i), 100 + i]),
  );
  await put(contact(A, { devices }));
  const kept = Object.keys(people.contact(A)?.devices ?? {});
  assert.is(kept.length, MAX_CONTACT_DEVICES);
  assert.not.ok(kept.includes(device(4)));
  assert.ok(kept.includes(device(5)));
});

test('forgets a contact together with the rows that belong to them', async () => {
  const { people, disk, put } = await made();
  await put(contact(A));
  await disk.write([{ table: 'entries', key: 'theirs', value: 1 }]);
  const also = [{ table: 'entries', key: 'theirs', remove: true }] as const;
  const writes = disk.writes;
  assert.equal(await people.remove(A, also), contact(A));
  assert.is(disk.writes, writes + 1);
  assert.is(people.standing(A), 'stranger');
  assert.equal(await disk.list('entries'), []);
  assert.is(await people.remove(A, []), null);
});

test('damaged records are told and left out, and the others are there', async () => {
  const { disk, put } = await made();
  await put(contact(A));
  await disk.write([
    { table: 'contacts', key: 'x', value: { ...contact(B), status: 'friend' } },
    { table: 'contacts', key: 'y', value: null },
    { table: 'requests', key: 'z', value: { ...request(B), time: -1 } },
    { table: 'requests', key: toHex(B), value: request(B) },
  ]);
  const { people, faults } = await made(disk);
  assert.equal(faults, ['storage/invalid', 'storage/invalid', 'storage/invalid']);
  assert.is(people.contacts.length, 1);
  assert.is(people.waiting.length, 1);
});

test.run();
