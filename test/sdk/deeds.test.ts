/** What one does to messages through the SDK: edit, delete, react, search, go through pages, draft. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Message } from '../../sdk/events.js';
import { plain } from '../../sdk/search.js';
import { refusal } from '../contracts/storage.js';
import { ANN, BOB, started } from './alone.js';

const texts = (messages: readonly Message[]): string[] => messages.map(({ text }) => text);
/** A well-formed id of no message. */
const NOBODYS = `${'A'.repeat(58)}E`;

async function talk(...words: string[]) {
  const alone = await started();
  const sent: Message[] = [];
  for (const each of words) sent.push(await alone.pim.send(ANN, each));
  return { ...alone, sent, ids: sent.map(({ id }) => id) };
}

test('an edited message has other words, the same id and place, and says when', async () => {
  const { pim, ids, of } = await talk('frist', 'second');
  const edited = await pim.conversations.edit(ANN, ids[0]!, 'first');
  assert.equal([edited.id, edited.text, edited.deleted], [ids[0], 'first', false]);
  assert.type(edited.editedAt, 'number');
  assert.equal(of('message:update').at(-1), edited);
  const { messages } = await pim.conversations.history(ANN);
  assert.equal(texts(messages), ['first', 'second']);
  assert.is(messages[1]?.editedAt, null);
});

test('the same words again write nothing', async () => {
  const { pim, ids, storage } = await talk('one');
  await pim.conversations.edit(ANN, ids[0]!, 'two');
  await pim.conversations.react(ANN, ids[0]!, '👍');
  const writes = storage.writes;
  await pim.conversations.edit(ANN, ids[0]!, 'two');
  await pim.conversations.react(ANN, ids[0]!, '👍');
  await pim.conversations.unreact(ANN, ids[0]!, '❤️');
  assert.is(storage.writes, writes);
});

test('a deleted message keeps its place and nothing else', async () => {
  const { pim, ids, of } = await talk('one', 'two', 'three');
  await pim.conversations.react(ANN, ids[1]!, '👍');
  const gone = await pim.conversations.delete(ANN, ids[1]!);
  assert.equal([gone.text, gone.deleted, gone.reactions], ['', true, []]);
  assert.equal(await pim.conversations.delete(ANN, ids[1]!), gone, 'twice is once');
  const { messages } = await pim.conversations.history(ANN);
  assert.equal(texts(messages), ['one', '', 'three']);
  assert.is(of('message:update').filter(({ deleted }) => deleted).length, 1);
  await refusal(pim.conversations.edit(ANN, ids[1]!, 'x'), 'message/deleted');
  await refusal(pim.conversations.react(ANN, ids[1]!, '👍'), 'message/deleted');
});

test('the last message of a summary reads as it is now', async () => {
  const { pim, ids } = await talk('one', 'two');
  await pim.conversations.edit(ANN, ids[1]!, 'two, edited');
  assert.is((await pim.conversations.open(ANN)).last?.text, 'two, edited');
  await pim.conversations.delete(ANN, ids[1]!);
  assert.is((await pim.conversations.list())[0]?.last?.deleted, true);
});

test('a reaction is there once a person and kind, in the order they came', async () => {
  const { pim, ids } = await talk('one');
  for (const emoji of ['👍', '❤️', '👍', '👩‍👩‍👧‍👦'])
    await pim.conversations.react(ANN, ids[0]!, emoji);
  const left = await pim.conversations.unreact(ANN, ids[0]!, '❤️');
  assert.equal(left.reactions, [
    { emoji: '👍', from: [pim.address] },
    { emoji: '👩‍👩‍👧‍👦', from: [pim.address] },
  ]);
});

test('what is no emoji, no message or not mine is refused, and nothing is stored for it', async () => {
  const { pim, ids, storage } = await talk('one');
  const { conversations } = pim;
  const writes = storage.writes;
  for (const emoji of ['', ' ', '\u202e', 'x'.repeat(65), undefined]) {
    await refusal(conversations.react(ANN, ids[0]!, emoji as string), 'options/invalid');
  }
  for (const id of ['', 'nothing', 7, null]) {
    await refusal(conversations.edit(ANN, id as string, 'x'), 'options/invalid');
    await refusal(conversations.delete(ANN, id as string), 'options/invalid');
  }
  await refusal(conversations.edit(ANN, NOBODYS, 'x'), 'message/unknown');
  await refusal(conversations.react(ANN, NOBODYS, '👍'), 'message/unknown');
  await refusal(conversations.edit(ANN, ids[0]!, ' '), 'message/empty');
  await refusal(conversations.edit(ANN, ids[0]!, 'x'.repeat(16_001)), 'message/too-long');
  await refusal(conversations.edit(BOB, ids[0]!, 'x'), 'conversation/unknown');
  await pim.contacts.block(ANN);
  const after = storage.writes;
  await refusal(conversations.delete(ANN, ids[0]!), 'contact/blocked');
  assert.equal([writes + 1, after], [storage.writes, storage.writes]);
});

test('pages lead to the beginning and back again, each message once', async () => {
  const words = Array.from({ length: 23 }, (_, n) => `m${n}`);
  const { pim } = await talk(...words);
  let page = await pim.conversations.history(ANN, { limit: 5 });
  let back = [...page.messages];
  while (page.more) {
    page = await pim.conversations.history(ANN, { limit: 5, before: back[0]!.id });
    back = [...page.messages, ...back];
  }
  assert.equal(texts(back), words);
  const forth = [back[0]!];
  do {
    page = await pim.conversations.history(ANN, { limit: 5, after: forth.at(-1)!.id });
    forth.push(...page.messages);
  } while (page.more);
  assert.equal(texts(forth), words);
});

test('a page that cannot be meant is refused and not guessed', async () => {
  const { pim, ids } = await talk('one');
  const { conversations } = pim;
  for (const range of [
    { before: 'nothing' },
    { before: '' },
    { after: ids[0]!.slice(1) },
    { before: ids[0]!, after: ids[0]! },
    { limit: Number.NaN },
    { limit: '5' },
  ]) {
    await refusal(conversations.history(ANN, range as never), 'options/invalid');
  }
  await refusal(conversations.history(ANN, { before: NOBODYS }), 'message/unknown');
  await refusal(conversations.history(ANN, { after: NOBODYS }), 'message/unknown');
  assert.is((await conversations.history(ANN, { limit: -3 })).messages.length, 1);
});

test('a search finds words whatever their case and accents, newest first, a page at a time', async () => {
  const { pim, ids } = await talk(
    'Zażółć gęślą',
    'nothing here',
    'ZAZOLC!',
    'przezazolcony',
    'ﬁne',
  );
  const { search } = pim.conversations;
  const find = search.bind(pim.conversations);
  const all = await find(ANN, 'zazolc');
  assert.equal(texts(all.messages), ['przezazolcony', 'ZAZOLC!']);
  assert.not.ok(all.more);
  assert.equal(texts((await find(ANN, 'GĘŚLĄ')).messages), ['Zażółć gęślą']);
  assert.equal(texts((await find(ANN, 'fine')).messages), ['ﬁne']);
  const first = await find(ANN, 'n', { limit: 1 });
  assert.equal([texts(first.messages), first.more], [['ﬁne'], true]);
  const next = await find(ANN, 'n', { limit: 2, before: first.messages[0]!.id });
  assert.equal(texts(next.messages), ['przezazolcony', 'nothing here']);
  await pim.conversations.edit(ANN, ids[1]!, 'edited away');
  await pim.conversations.delete(ANN, ids[2]!);
  assert.equal((await find(ANN, 'nothing')).messages, []);
  assert.equal(texts((await find(ANN, 'edited AWAY')).messages), ['edited away']);
  assert.equal(texts((await find(ANN, 'zazolc')).messages), ['przezazolcony']);
});

test('a search for nothing is refused, one that is given up stops', async () => {
  const { pim, storage } = await talk(...Array.from({ length: 600 }, (_, n) => `m${n}`));
  for (const query of ['', '  ', '\u0301', 'x'.repeat(300), 7]) {
    await refusal(pim.conversations.search(ANN, query as string), 'options/invalid');
  }
  const giveUp = new AbortController();
  const list = storage.list.bind(storage);
  let reads = 0;
  storage.list = (...given) => {
    if (++reads === 2) giveUp.abort();
    return list(...given);
  };
  const searching = pim.conversations.search(ANN, 'nowhere', { signal: giveUp.signal });
  await refusal(searching, 'pim/aborted');
  assert.is(reads, 2, 'and reads no further');
});

test('letters of other scripts are found as they are', () => {
  assert.is(plain('ÅNGSTRÖM'), 'angstrom');
  assert.is(plain('한국어'), plain('한국어'.normalize('NFD')));
  assert.ok(plain('عربي').includes('عرب'));
});

test('a draft is kept for its conversation until it is emptied, over a restart', async () => {
  const first = await talk('one');
  const { pim } = first;
  assert.is(await pim.conversations.draft(ANN), '');
  await pim.conversations.setDraft(ANN, 'half a th');
  await pim.stop();
  const again = await started({}, first);
  assert.is(await again.pim.conversations.draft(ANN), 'half a th');
  await refusal(again.pim.conversations.setDraft(ANN, 'x'.repeat(16_001)), 'message/too-long');
  await again.pim.conversations.setDraft(ANN, '  ');
  assert.is(await again.pim.conversations.draft(ANN), '');
  await again.pim.conversations.setDraft(ANN, 'gone with the person');
  await again.pim.contacts.remove(ANN);
  await again.pim.send(ANN, 'again');
  assert.is(await again.pim.conversations.draft(ANN), '');
});

test('somebody who was removed and is met again is written to with a clock that goes on', async () => {
  const { pim, storage } = await talk('one', 'two', 'three');
  await pim.contacts.remove(ANN);
  const left = [...(await storage.list('entries')), ...(await storage.list('logs'))];
  assert.equal(left, [], 'nothing that was said is left');
  await pim.send(ANN, 'again');
  const [row] = await storage.list('entries');
  const clock = Number.parseInt(row?.key.split('/')[1]?.slice(0, 14) ?? '', 16);
  assert.ok(clock > 4, `${clock} stands behind what was said before`);
});

test.run();
