/** Days, groups and the mark of what is new. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Message } from '../../sdk/index.js';
import { timeline } from '../../widget/panel/timeline.js';

const MINUTE = 60_000;
let count = 0;

function message(time: number, mine = false): Message {
  count += 1;
  const people = { from: mine ? 'me' : 'them', to: mine ? 'them' : 'me' };
  const status = mine ? 'sent' : 'received';
  const id = `m${count}`;
  const plain = { replyTo: null, editedAt: null, deleted: false, reactions: [], file: null };
  return { id, conversation: 'c', ...people, text: id, time, mine, status, ...plain };
}

const dayOf = (time: number): string => String(Math.floor(time / (24 * 60 * MINUTE)));
const shape = (messages: readonly Message[], newFrom: string | null = null) =>
  timeline(messages, newFrom, dayOf).map((item) =>
    item.kind === 'group' ? item.messages.length : item.kind,
  );

test('nothing said is nothing shown', () => assert.equal(shape([]), []));

test('what one person says within minutes is one group', () => {
  assert.equal(shape([message(0), message(MINUTE), message(2 * MINUTE)]), ['day', 3]);
});

test('another author begins a new group', () => {
  assert.equal(shape([message(0), message(1, true), message(2)]), ['day', 1, 1, 1]);
});

test('a pause begins a new group', () => {
  assert.equal(shape([message(0), message(5 * MINUTE)]), ['day', 1, 1]);
});

test('a day begins a new group, also in the middle of what one says', () => {
  const midnight = 24 * 60 * MINUTE;
  assert.equal(shape([message(midnight - 1), message(midnight)]), ['day', 1, 'day', 1]);
});

test('the first unread message begins a new group under its mark', () => {
  const [old, unread] = [message(0), message(1)];
  assert.equal(shape([old, unread], unread.id), ['day', 1, 'new', 1]);
});

test('keys stay while messages are added at both ends', () => {
  const middle = [message(100 * MINUTE), message(101 * MINUTE)];
  const keys = (messages: readonly Message[]) =>
    timeline(messages, null, dayOf).map(({ key }) => key);
  const later = keys([...middle, message(102 * MINUTE, true)]);
  assert.equal(later.slice(0, 2), keys(middle));
});

test.run();
