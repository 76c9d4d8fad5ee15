/** What the comforts do with messages, pages and drafts. No page in it. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_KEPT } from '../../widget/comforts/pages.js';
import type { Request } from '../../widget/panel/request.js';
import { PAGE } from '../../widget/panel/thread.js';
import { ADA, GRACE } from './fake-pim.js';
import { running, type World } from './panel-world.js';

const COUNT = 1_000;

const talk =
  (count: number) =>
  (pim: World['pim']): void => {
    pim.meet(ADA, { name: 'Ada' });
    for (let n = 0; n < count; n += 1) pim.write(ADA, `text ${n}`, { mine: n % 2 === 1 });
  };
const opened = (count = COUNT): Promise<World> => running({ to: ADA }, talk(count));

const thread = ({ store }: World) => {
  const { thread: found } = store.state;
  if (found === null) throw new Error('no conversation is open');
  return found;
};
const texts = (made: World): string[] => thread(made).messages.map(({ text }) => text);
const last = (made: World) => {
  const message = thread(made).messages.at(-1);
  if (message === undefined) throw new Error('nothing was said');
  return message;
};
const ask = (made: World, request: Request): Promise<boolean> => made.store.dispatch(request);
const attend = async (
  made: World,
  onLeave: (deed: () => void) => void = () => undefined,
): Promise<AbortController> => {
  const ended = new AbortController();
  await ask(made, { ask: 'attend', signal: ended.signal, onLeave });
  return ended;
};
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Whether what is here is one piece of the conversation, in order. */
function isOnePiece(made: World): boolean {
  const numbers = texts(made).map((text) => Number(text.split(' ')[1]));
  return numbers.every((number, index) => index === 0 || number === (numbers[index - 1] ?? 0) + 1);
}

test('to the beginning and back: never more than a few screens are here, and none is left out', async () => {
  const made = await opened();
  const seen = new Set(texts(made));
  for (let turn = 0; thread(made).more; turn += 1) {
    assert.ok(turn < COUNT, 'it comes to an end');
    await ask(made, { ask: 'older' });
    assert.ok(thread(made).messages.length <= MAX_KEPT);
    assert.ok(isOnePiece(made));
    for (const text of texts(made)) seen.add(text);
  }
  assert.is(seen.size, COUNT);
  assert.is(texts(made)[0], 'text 0');
  assert.ok(thread(made).newer);
  while (thread(made).newer) {
    await ask(made, { ask: 'newer' });
    assert.ok(thread(made).messages.length <= MAX_KEPT);
    assert.ok(isOnePiece(made));
  }
  assert.is(last(made).text, `text ${COUNT - 1}`);
  assert.ok(Math.max(...made.pim.reads) <= PAGE, 'no page is larger than a page');
});

test('one page is turned at a time', async () => {
  const made = await opened();
  await Promise.all([ask(made, { ask: 'older' }), ask(made, { ask: 'older' })]);
  assert.is(thread(made).messages.length, 2 * PAGE);
});

test('what comes while the reader is far up waits at the end, and is counted', async () => {
  const made = await opened();
  const ended = await attend(made);
  for (let turn = 0; turn < 6; turn += 1) await ask(made, { ask: 'older' });
  assert.ok(thread(made).newer);
  made.pim.write(ADA, `text ${COUNT}`);
  made.pim.write(GRACE, 'elsewhere');
  assert.not(texts(made).includes(`text ${COUNT}`));
  assert.is(thread(made).extra?.missed, 1);
  await ask(made, { ask: 'newest' });
  assert.is(last(made).text, `text ${COUNT}`);
  assert.is(thread(made).extra?.missed, 0);
  assert.is(thread(made).extra?.shown?.id, last(made).id);
  ended.abort();
});

test('my own words lead back to the end', async () => {
  const made = await opened();
  for (let turn = 0; turn < 6; turn += 1) await ask(made, { ask: 'older' });
  assert.ok(await ask(made, { ask: 'send', text: 'here' }));
  assert.is(last(made).text, 'here');
  assert.not(thread(made).newer);
});

test('a log that only grows is kept short', async () => {
  const made = await opened(10);
  for (let n = 10; n < 400; n += 1) {
    made.pim.write(ADA, `text ${n}`);
    await ask(made, { ask: 'trim' });
  }
  assert.ok(thread(made).messages.length <= MAX_KEPT + PAGE);
  assert.is(last(made).text, 'text 399');
  assert.ok(thread(made).more);
  assert.ok(isOnePiece(made));
});

test('a message far away is shown with what was said around it', async () => {
  const made = await opened();
  const far = made.pim.messages.get(ADA)?.[100];
  assert.ok(far);
  await ask(made, { ask: 'show', id: far.id });
  assert.ok(isOnePiece(made));
  assert.is(thread(made).messages.length, 2 * PAGE + 1);
  assert.ok(thread(made).more && thread(made).newer);
  assert.is(thread(made).extra?.shown?.id, far.id);
  await ask(made, { ask: 'show', id: 'no such message' });
  assert.ok(texts(made).includes('text 100'), 'nothing is lost for what is not there');
});

test('an emoji is put there, and taken away by the second press', async () => {
  const made = await opened(2);
  await ask(made, { ask: 'react', message: last(made), emoji: '👍' });
  assert.equal(last(made).reactions, [{ emoji: '👍', from: [made.pim.me] }]);
  await ask(made, { ask: 'react', message: last(made), emoji: '👍' });
  assert.equal(last(made).reactions, []);
});

test('an answer names what it answers, once', async () => {
  const made = await opened(3);
  const { id } = last(made);
  await ask(made, { ask: 'about', how: 'reply', message: last(made) });
  await ask(made, { ask: 'send', text: 'yes' });
  assert.is(last(made).replyTo, id);
  assert.is(thread(made).extra?.about, null);
  await ask(made, { ask: 'send', text: 'and' });
  assert.is(last(made).replyTo, null);
});

test('an answer that cannot be stored is still an answer at the next try', async () => {
  const made = await opened(3);
  await ask(made, { ask: 'about', how: 'reply', message: last(made) });
  made.pim.refuse.send = new Error('full');
  assert.not(await ask(made, { ask: 'send', text: 'yes' }));
  assert.is(thread(made).extra?.about?.how, 'reply');
});

test('to edit is to have the words in the field, and what was begun back after', async () => {
  const made = await opened(2);
  await ask(made, { ask: 'draft', address: ADA, text: 'half a' });
  await ask(made, { ask: 'about', how: 'edit', message: last(made) });
  assert.is(made.store.state.drafts[ADA], 'text 1');
  await ask(made, { ask: 'draft', address: ADA, text: '' }); // as the composer does when it sends
  await ask(made, { ask: 'send', text: 'other words' });
  assert.is(last(made).text, 'other words');
  assert.is.not(last(made).editedAt, null);
  assert.is(made.store.state.drafts[ADA], 'half a');
  await ask(made, { ask: 'about', how: 'edit', message: last(made) });
  await ask(made, { ask: 'about', how: 'reply', message: null });
  assert.is(made.store.state.drafts[ADA], 'half a');
  await pause(500);
  assert.is(made.pim.drafts.get(ADA), 'half a', 'what is edited is no draft');
});

test('what is edited stays with its message when one goes elsewhere', async () => {
  const made = await opened(2);
  await ask(made, { ask: 'draft', address: ADA, text: 'half a' });
  await ask(made, { ask: 'about', how: 'edit', message: last(made) });
  await ask(made, { ask: 'open', address: GRACE });
  assert.is(made.store.state.drafts[ADA], 'half a');
});

test('a message that is taken back while it is answered is answered no longer', async () => {
  const made = await opened(2);
  await ask(made, { ask: 'about', how: 'edit', message: last(made) });
  await ask(made, { ask: 'delete', message: last(made) });
  assert.ok(last(made).deleted);
  assert.is(thread(made).extra?.about, null);
});

test('a draft is kept a moment after the last key, and comes back; none once it is sent', async () => {
  const made = await opened(2);
  for (const text of ['h', 'ha', 'half']) await ask(made, { ask: 'draft', address: ADA, text });
  assert.is(made.pim.drafts.get(ADA), undefined);
  await pause(500);
  assert.is(made.pim.drafts.get(ADA), 'half');
  assert.ok(made.pim.calls.includes('typing'));

  const later = await opened(2);
  later.pim.drafts.set(ADA, 'half');
  const ended = await attend(later);
  assert.is(later.store.state.drafts[ADA], 'half');
  await ask(later, { ask: 'draft', address: ADA, text: '' });
  await pause(20);
  assert.is(later.pim.drafts.get(ADA), '');
  ended.abort();
});

test('a page that goes away keeps the draft at once, and once', async () => {
  const made = await opened(2);
  let leave = () => {};
  const ended = await attend(made, (deed) => {
    leave = deed;
  });
  const kept: string[] = [];
  const { setDraft } = made.pim.conversations;
  made.pim.conversations.setDraft = (address, text) => {
    kept.push(text);
    return setDraft(address, text);
  };
  await ask(made, { ask: 'draft', address: ADA, text: 'half' });
  leave();
  // Only what is done without waiting for anything but its turn is done at all.
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  assert.is(made.pim.drafts.get(ADA), 'half');
  leave();
  await pause(500);
  assert.equal(kept, ['half'], 'nothing is left to be kept later');
  ended.abort();
});

test('a search shows its newest hit, and goes to older ones', async () => {
  const made = await opened();
  await ask(made, { ask: 'find', query: 'text 5' });
  const found = () => thread(made).extra?.find;
  assert.is(found()?.hits.length, 50);
  assert.ok(found()?.more);
  assert.is(found()?.at, 0);
  const textOf = (id?: string) => thread(made).messages.find((each) => each.id === id)?.text;
  assert.is(textOf(found()?.hits[0]), 'text 599');
  for (let step = 0; step < 50; step += 1) await ask(made, { ask: 'hit', step: 1 });
  assert.is(found()?.hits.length, 100);
  assert.is(textOf(found()?.hits[found()?.at ?? -1]), 'text 549');
  await ask(made, { ask: 'find', query: 'nowhere' });
  assert.equal(found()?.hits, []);
  await ask(made, { ask: 'hit', step: 1 });
  await ask(made, { ask: 'find', query: null });
  assert.is(found(), null);
});

test('who is writing is heard until nobody attends', async () => {
  const made = await opened(2);
  const before = made.pim.listeners;
  const ended = await attend(made);
  made.pim.say('typing', { conversation: '', from: GRACE, typing: true });
  assert.not(thread(made).extra?.isTyping);
  made.pim.say('typing', { conversation: '', from: ADA, typing: true });
  assert.ok(thread(made).extra?.isTyping);
  made.pim.write(ADA, 'said');
  assert.not(thread(made).extra?.isTyping);
  ended.abort();
  assert.is(made.pim.listeners, before);
});

test.run();
