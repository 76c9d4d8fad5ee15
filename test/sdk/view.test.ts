/** Stored records as people's programs see them: names, times, statuses. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, toHex } from '../../sdk/base/bytes.js';
import { PimError } from '../../sdk/base/errors.js';
import type { Chat } from '../../sdk/chat/chat.js';
import type { Conversation } from '../../sdk/chat/conversation.js';
import { messageId } from '../../sdk/chat/keys.js';
import type { ContactRecord } from '../../sdk/chat/records.js';
import type { PeerState } from '../../sdk/peer/peer.js';
import { encodeAddress } from '../../sdk/protocol/address.js';
import { type Entry, type EntryBody, NO_TAG } from '../../sdk/protocol/entry.js';
import { View } from '../../sdk/view.js';
import { Store, text } from '../chat/stores.js';
import { keyA, keyB } from '../support/vectors.js';

interface PeerLike {
  state: PeerState;
  reason: PimError | null;
  lastHeard: number | null;
}

/** A view of a chat that is as the test says. */
async function made() {
  const store = await Store.of(1);
  Object.assign(store, { key: keyA });
  const conversations = await store.open();
  const conversation = await conversations.open(keyB);
  const peer: PeerLike = { state: 'idle', reason: null, lastHeard: null };
  const contacts = new Map<string, ContactRecord>();
  const world = {
    progress: 'waiting',
    route: null as string | null,
    altered: 0,
    /** No relay is there, and none is being tried. */
    isLost: false,
  };
  const chat = {
    conversations,
    people: { contact: (key: Bytes) => contacts.get(toHex(key)) ?? null },
    delivery: { progress: () => world.progress },
    book: { peer: () => peer, alteredFrames: () => world.altered, pool: world },
    route: () => world.route,
  } as unknown as Chat;
  const view = new View(chat, keyA, (monotonic) => monotonic + 1_000_000);
  return { view, conversation, peer, contacts, world };
}

const record = (change: Partial<ContactRecord> = {}): ContactRecord => ({
  key: toHex(keyB),
  status: 'accepted',
  petname: '',
  profileName: '',
  relays: [],
  token: null,
  addedAt: 3,
  devices: {},
  ...change,
});

function entryOf(conversation: Conversation, author: Bytes, body: EntryBody): Entry {
  const device = new Uint8Array(8).fill(1);
  return {
    conversation: conversation.id,
    author,
    device,
    seq: 1,
    after: 1,
    time: 100,
    body,
    tag: NO_TAG,
  };
}

test('a name given here comes before the one they go by', async () => {
  const { view } = await made();
  assert.is(view.contact(record()).name, '');
  assert.is(view.contact(record({ profileName: 'Theirs' })).name, 'Theirs');
  const both = view.contact(record({ profileName: 'Theirs', petname: 'Mine' }));
  assert.equal([both.name, both.profileName], ['Mine', 'Theirs']);
});

test('a message says who wrote it to whom', async () => {
  const { view, conversation } = await made();
  const [mine, theirs] = [keyA, keyB].map((author) =>
    view.message(conversation, { entry: entryOf(conversation, author, text('x')), storedAt: 200 }),
  );
  const [a, b] = [encodeAddress(keyA), encodeAddress(keyB)];
  assert.equal([mine?.from, mine?.to, mine?.mine], [a, b, true]);
  assert.equal([theirs?.from, theirs?.to, theirs?.mine], [b, a, false]);
});

test('what I wrote is where it is, what they wrote is received', async () => {
  const { view, conversation, world } = await made();
  const entry = entryOf(conversation, keyA, text('x'));
  for (const status of ['waiting', 'sent', 'delivered'] as const) {
    world.progress = status;
    assert.is(view.message(conversation, { entry, storedAt: 200 })?.status, status);
    const theirs = { entry: entryOf(conversation, keyB, text('x')), storedAt: 200 };
    assert.is(view.message(conversation, theirs)?.status, 'received');
  }
});

test('a time is the author’s, and never later than the moment it was stored here', async () => {
  const { view, conversation } = await made();
  const at = (time: number) =>
    view.message(conversation, {
      entry: { ...entryOf(conversation, keyB, text('x')), time },
      storedAt: 500,
    })?.time;
  assert.equal([at(0), at(499), at(501), at(Number.MAX_SAFE_INTEGER)], [0, 499, 500, 500]);
});

test('entries that are no message are none', async () => {
  const { view, conversation } = await made();
  const bodies: EntryBody[] = [
    { kind: 'profile', name: 'N', relays: [] },
    { kind: 'unknown', code: 5, bytes: new Uint8Array(2) },
    { kind: 'edit', target: { device: new Uint8Array(8), seq: 1 }, text: 'x' },
  ];
  for (const body of bodies) {
    assert.is(
      view.message(conversation, { entry: entryOf(conversation, keyB, body), storedAt: 1 }),
      null,
    );
  }
});

test('an answer names what it answers as history does', async () => {
  const { view, conversation } = await made();
  const replyTo = { author: keyA, device: new Uint8Array(8).fill(2), seq: 7 };
  const entry = entryOf(conversation, keyB, { kind: 'text', text: 'x', replyTo });
  assert.is(view.message(conversation, { entry, storedAt: 1 })?.replyTo, messageId(replyTo));
});

test('a summary has the last message, looked for behind what is none', async () => {
  const { view, conversation, contacts } = await made();
  assert.is(await view.summary(conversation), null, 'nobody’s conversation');
  contacts.set(toHex(keyB), record());
  assert.is((await view.summary(conversation))?.last, null);
  await conversation.append([text('first'), text('last')]);
  for (let i = 0; i < 10; i++) {
    await conversation.append([{ kind: 'profile', name: `n${i}`, relays: [] }]);
  }
  const summary = await view.summary(conversation);
  assert.is(summary?.last?.text, 'last');
  assert.is(summary?.with.address, encodeAddress(keyB));
});

test('the connection to somebody I asked says so, until there is more to say', async () => {
  const { view, peer, contacts } = await made();
  const offline = new PimError('peer/offline', 'Away.', null);
  const noRoute = new PimError('peer/no-route', 'No way.', null);
  const state = () => view.connection(keyB).state;
  contacts.set(toHex(keyB), record({ status: 'requested' }));
  for (const each of ['idle', 'calling', 'offline'] as const) {
    Object.assign(peer, { state: each, reason: each === 'offline' ? offline : null });
    assert.is(state(), 'requested');
  }
  Object.assign(peer, { state: 'offline', reason: noRoute });
  assert.is(state(), 'offline');
  for (const each of ['connecting', 'connected'] as const) {
    Object.assign(peer, { state: each, reason: null });
    assert.is(state(), each);
  }
  contacts.set(toHex(keyB), record({ status: 'accepted' }));
  Object.assign(peer, { state: 'offline', reason: offline });
  assert.is(state(), 'offline');
});

test('route and reason are told only where they mean something', async () => {
  const { view, peer, world } = await made();
  const reason = new PimError('peer/no-route', 'No way.', null);
  Object.assign(peer, { state: 'offline', reason, lastHeard: 250 });
  world.route = 'direct';
  const away = view.connection(keyB);
  assert.equal([away.route, away.reason, away.lastHeard], [null, reason, 1_000_250]);
  peer.state = 'connected';
  const here = view.connection(keyB);
  assert.equal([here.route, here.reason], ['direct', null]);
});

test('says that there is no relay at all before it says that somebody is away', async () => {
  const { view, peer, world } = await made();
  const away = new PimError('peer/offline', 'Away.', null);
  world.isLost = true;
  for (const [state, reason, code] of [
    ['calling', null, 'relay/none'],
    ['offline', away, 'relay/none'],
    ['connected', null, undefined],
  ] as const) {
    Object.assign(peer, { state, reason });
    assert.is(view.connection(keyB).reason?.code, code, state);
  }
});

test('a relay says what it altered; one that was not dialled yet is being connected', async () => {
  const { view, world } = await made();
  world.altered = 3;
  const reason = new PimError('relay/unreachable', 'No.', { url: 'wss://r.example' });
  assert.equal(view.relay('wss://r.example', 'waiting', reason), {
    url: 'wss://r.example',
    state: 'waiting',
    reason,
    alteredFrames: 3,
  });
  assert.is(view.relay('wss://r.example', 'idle', null).state, 'connecting');
});

test('a request names the invitation it came by', async () => {
  const { view } = await made();
  const base = {
    key: toHex(keyB),
    name: 'N',
    text: 'T',
    token: null,
    receivedAt: 4,
    time: 4,
    state: 'waiting',
  } as const;
  assert.equal(view.request({ ...base, invite: 'my site', invitation: 'ab' }), {
    from: encodeAddress(keyB),
    name: 'N',
    text: 'T',
    receivedAt: 4,
    invite: 'my site',
    invitation: 'ab',
  });
  for (const none of [{}, { invite: null, invitation: null }]) {
    const { invite, invitation } = view.request({ ...base, ...none });
    assert.equal([invite, invitation], [null, null]);
  }
});

test.run();
