/** Sending and reading: what is refused, what is stored first, history, and the loop over messages. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isPimError } from '../../sdk/base/errors.js';
import type { Message } from '../../sdk/events.js';
import { MAX_PAGE, MAX_TEXT_BYTES } from '../../sdk/protocol/limits.js';
import { refusal } from '../contracts/storage.js';
import { settle } from '../transport/hand-platform.js';
import { ANN, BOB, started } from './alone.js';

const texts = (messages: readonly Message[]): string[] => messages.map(({ text }) => text);

test('a message is stored when send resolves, and told after it was', async () => {
  const { pim, storage, events } = await started();
  const rowsAtEvent: number[] = [];
  pim.on('message', () =>
    rowsAtEvent.push(storage.done.flat().filter(({ table }) => table === 'logs').length),
  );
  const message = await pim.send(ANN, 'hello');
  assert.equal(rowsAtEvent, [2], 'the profile and the message');
  assert.equal(
    { ...message, id: '', time: 0 },
    {
      id: '',
      conversation: pim.conversations.idOf(ANN),
      from: pim.address,
      to: ANN,
      text: 'hello',
      time: 0,
      mine: true,
      status: 'waiting',
      replyTo: null,
      editedAt: null,
      deleted: false,
      reactions: [],
      file: null,
    },
  );
  assert.ok(Object.isFrozen(message));
  const types = events
    .map(({ type }) => type)
    .filter((type) => type === 'message' || type === 'contact');
  assert.equal(types, ['contact', 'message']);
});

test('writing to somebody makes them a contact who is asked', async () => {
  const { pim } = await started();
  await pim.send(ANN, 'hello');
  assert.equal(
    pim.contacts.list().map(({ address, status }) => [address, status]),
    [[ANN, 'requested']],
  );
  assert.is(pim.connections.status(ANN).state, 'requested');
});

test('a message goes by address or by conversation', async () => {
  const { pim } = await started();
  const first = await pim.send(ANN, 'by address');
  const second = await pim.send(first.conversation, 'by id');
  assert.is(second.conversation, first.conversation);
  const upper = await pim.send(ANN.toUpperCase(), 'in capitals');
  assert.is(upper.conversation, first.conversation);
});

test('an answer names the message it answers', async () => {
  const { pim } = await started();
  const first = await pim.send(ANN, 'question');
  const second = await pim.send(ANN, { text: 'answer', replyTo: first.id });
  assert.is(second.replyTo, first.id);
  const { messages } = await pim.conversations.history(ANN);
  assert.is(messages[1]?.replyTo, first.id);
  await refusal(pim.send(ANN, { text: 'x', replyTo: 'nothing' }), 'options/invalid');
});

test('what cannot be sent is refused, and nothing is stored for it', async () => {
  const { pim, storage } = await started();
  await pim.contacts.block(BOB);
  const writes = storage.writes;
  const long = 'ü'.repeat(MAX_TEXT_BYTES / 2);
  for (const [to, text, code] of [
    ['pim1nobody', 'hello', 'address/invalid'],
    ['', 'hello', 'address/invalid'],
    [`${ANN} `, 'hello', 'address/invalid'],
    [pim.address, 'hello', 'address/own'],
    ['0'.repeat(32), 'hello', 'conversation/unknown'],
    [BOB, 'hello', 'contact/blocked'],
    [ANN, '', 'message/empty'],
    [ANN, ' \n\t ', 'message/empty'],
    [ANN, undefined, 'message/empty'],
    [ANN, `${long}x`, 'message/too-long'],
  ] as const) {
    await refusal(pim.send(to, text as string), code);
  }
  await refusal(pim.send(ANN, { text: 7 } as never), 'message/empty');
  await refusal(pim.send(ANN, 'x', { signal: AbortSignal.abort() }), 'pim/aborted');
  assert.is(storage.writes, writes);
  assert.is((await pim.send(ANN, long)).text, long);
});

test('lone halves of characters are mended before they are stored', async () => {
  const { pim } = await started();
  assert.is((await pim.send(ANN, 'a\ud83d')).text, 'a\ufffd');
});

test('a full disk refuses a message before it is told of', async () => {
  const { pim, storage, of } = await started();
  await pim.send(ANN, 'fits');
  storage.failAt(1, 'full');
  await refusal(pim.send(ANN, 'does not'), 'storage/full');
  assert.equal(texts(of('message')), ['fits']);
  storage.heal();
  assert.equal(texts((await pim.conversations.history(ANN)).messages), ['fits']);
});

test('messages sent at once keep the order they were asked for', async () => {
  const { pim } = await started();
  const words = Array.from({ length: 10 }, (_, i) => `m${i}`);
  await Promise.all(words.map((text) => pim.send(ANN, text)));
  assert.equal(texts((await pim.conversations.history(ANN)).messages), words);
});

test('history comes a page at a time, oldest first, whatever else lies between', async () => {
  const { pim } = await started({ name: 'one' });
  for (let i = 0; i < 12; i++) {
    await pim.send(ANN, `m${i}`);
    // A new name is an entry of its own, and no message.
    await pim.identity.setName(`name ${i}`);
  }
  const newest = await pim.conversations.history(ANN, { limit: 5 });
  assert.equal(texts(newest.messages), ['m7', 'm8', 'm9', 'm10', 'm11']);
  assert.ok(newest.more);
  const [first] = newest.messages;
  const older = await pim.conversations.history(ANN, { limit: 5, before: first?.id as string });
  assert.equal(texts(older.messages), ['m2', 'm3', 'm4', 'm5', 'm6']);
  const before = older.messages[0]?.id as string;
  const oldest = await pim.conversations.history(ANN, { limit: 5, before });
  assert.equal(texts(oldest.messages), ['m0', 'm1']);
  assert.not.ok(oldest.more);
});

test('a page has at least one and at most five hundred messages', async () => {
  const { pim } = await started();
  for (let i = 0; i < 3; i++) await pim.send(ANN, `m${i}`);
  const count = async (limit: number) =>
    (await pim.conversations.history(ANN, { limit })).messages.length;
  assert.equal(
    [await count(0), await count(-5), await count(1.9), await count(MAX_PAGE * 9)],
    [1, 1, 1, 3],
  );
});

test('conversations are listed newest message first, with people who are contacts', async () => {
  const { pim, machine } = await started();
  await pim.send(ANN, 'older');
  await machine.pass(1_000);
  await pim.send(BOB, 'newer');
  const list = await pim.conversations.list();
  assert.equal(
    list.map((each) => [each.with.address, each.last?.text, each.unread]),
    [
      [BOB, 'newer', 0],
      [ANN, 'older', 0],
    ],
  );
  assert.ok(list.every((each) => Object.isFrozen(each)));
  await pim.contacts.remove(BOB);
  assert.equal(
    (await pim.conversations.list()).map((each) => each.with.address),
    [ANN],
  );
});

test('there is no history of nobody', async () => {
  const { pim } = await started();
  await refusal(pim.conversations.history(ANN), 'conversation/unknown');
  await refusal(pim.conversations.history('f'.repeat(32)), 'conversation/unknown');
  await refusal(pim.conversations.history('nobody'), 'address/invalid');
  await refusal(pim.conversations.markRead(ANN), 'conversation/unknown');
  assert.throws(
    () => pim.messages(ANN),
    (fault: unknown) => isPimError(fault, 'conversation/unknown'),
  );
});

test('the loop gives new messages of one conversation, those from before its first turn too', async () => {
  const { pim } = await started();
  await pim.send(ANN, 'before');
  await pim.send(BOB, 'elsewhere');
  const loop = pim.messages(ANN);
  await pim.send(ANN, 'one');
  await pim.send(BOB, 'elsewhere');
  assert.is((await loop.next()).value?.text, 'one');
  const next = loop.next();
  await pim.send(ANN, 'two');
  assert.is((await next).value?.text, 'two');
  await loop.return();
});

test('several loops over one conversation each get every message', async () => {
  const { pim } = await started();
  await pim.send(ANN, 'before');
  const loops = [pim.messages(ANN), pim.messages(pim.conversations.idOf(ANN))];
  await pim.send(ANN, 'new');
  for (const loop of loops) assert.is((await loop.next()).value?.text, 'new');
  for (const loop of loops) await loop.return();
});

test('the loop ends when it is left, and listens no longer', async () => {
  const { pim } = await started();
  await pim.send(ANN, 'before');
  const loop = pim.messages(ANN);
  const seen: string[] = [];
  await pim.send(ANN, 'one');
  for await (const { text } of loop) {
    seen.push(text);
    break;
  }
  await pim.send(ANN, 'two');
  assert.equal(seen, ['one']);
  assert.equal(await loop.next(), { value: undefined, done: true });
});

test('the loop ends at once where it is left while it waits, or before its first turn', async () => {
  const { pim } = await started();
  await pim.send(ANN, 'before');
  const waiting = pim.messages(ANN);
  const next = waiting.next();
  await settle();
  assert.is((await waiting.return()).done, true);
  assert.equal(await next, { value: undefined, done: true });
  const unread = pim.messages(ANN);
  await unread.return();
  await pim.send(ANN, 'later');
  assert.equal(await unread.next(), { value: undefined, done: true });
});

test('the loop ends with the chat, after everything that came was taken', async () => {
  const { pim } = await started();
  await pim.send(ANN, 'before');
  const [loop, waiting] = [pim.messages(ANN), pim.messages(ANN)];
  const first = waiting.next();
  await pim.send(ANN, 'last');
  await first;
  const next = waiting.next();
  await pim.stop();
  assert.equal(await next, { value: undefined, done: true });
  const seen: string[] = [];
  for await (const { text } of loop) seen.push(text);
  assert.equal(seen, ['last']);
});

test('an error thrown inside the loop leaves it, and is the caller’s own', async () => {
  const { pim } = await started();
  await pim.send(ANN, 'before');
  const loop = pim.messages(ANN);
  await pim.send(ANN, 'one');
  const mine = new Error('mine');
  const thrown = await (async () => {
    for await (const _ of loop) throw mine;
  })().catch((fault: unknown) => fault);
  assert.is(thrown, mine);
  assert.equal(await loop.next(), { value: undefined, done: true });
});

test.run();
