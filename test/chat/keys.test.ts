/** Keys of rows: their order is the order people read in, and message ids lead back to entries. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compare, toBase64url } from '../../sdk/base/bytes.js';
import {
  logKey,
  logName,
  messageId,
  orderKey,
  parseLogName,
  parseMessageId,
  prefixEnd,
} from '../../sdk/chat/keys.js';
import type { Entry } from '../../sdk/protocol/entry.js';
import { type Random, withRandom } from '../support/fuzz.js';
import { randomEntry, randomRef } from '../support/random-values.js';

/** The reading order, spelt out: Lamport clock, author, device, number. */
function inReadingOrder(a: Entry, b: Entry): number {
  return (
    a.after - b.after || compare(a.author, b.author) || compare(a.device, b.device) || a.seq - b.seq
  );
}

const byKey = (key: (entry: Entry) => string) => (a: Entry, b: Entry) =>
  key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;

/** Entries of one conversation that often share clock, author and device. */
function entriesOf(random: Random, count: number): Entry[] {
  const conversation = random.bytes(16);
  const authors = [random.bytes(32), random.bytes(32)];
  const devices = [random.bytes(8), random.bytes(8)];
  return Array.from({ length: count }, () => ({
    ...randomEntry(random),
    conversation,
    author: random.pick(authors),
    device: random.pick(devices),
    after: random.pick([1, 9, 10, 15, 16, 255, 256, Number.MAX_SAFE_INTEGER, random.u53()]),
    seq: random.pick([1, 2, 15, 16, 2 ** 32 - 1]),
  }));
}

test('rows sort as people read, at every size of the numbers', () => {
  withRandom((random) => {
    for (let i = 0; i < 50; i++) {
      const entries = entriesOf(random, 40);
      const sorted = [...entries].sort(inReadingOrder).map(orderKey);
      assert.equal([...entries].sort(byKey(orderKey)).map(orderKey), sorted);
    }
  });
});

test('rows of a log sort by number, and no other log lies between them', () => {
  withRandom((random) => {
    for (let i = 0; i < 50; i++) {
      const entries = entriesOf(random, 40);
      const key = (entry: Entry) => logKey(entry.conversation, entry);
      const sorted = [...entries].sort(byKey(key));
      const names = sorted.map((entry) => `${logName(entry)} ${entry.seq}`);
      const logs = names.map((name) => name.split(' ')[0]);
      const runs = logs.filter((name, at) => name !== logs[at - 1]);
      assert.is(new Set(runs).size, runs.length);
      for (let at = 1; at < sorted.length; at++) {
        if (logs[at] !== logs[at - 1]) continue;
        assert.ok((sorted[at] as Entry).seq >= (sorted[at - 1] as Entry).seq);
      }
    }
  });
});

test('every row of a conversation lies behind its name and before the end of it', () => {
  withRandom((random) => {
    for (const entry of entriesOf(random, 200)) {
      const [name] = orderKey(entry).split('/');
      for (const key of [orderKey(entry), logKey(entry.conversation, entry)]) {
        assert.ok(key >= `${name}/` && key < prefixEnd(`${name}/`));
        assert.not.ok(key < prefixEnd(`${name?.slice(0, -1)}/`) && key >= `${name?.slice(0, -1)}/`);
      }
    }
  });
});

test('two entries have the same key only where they are the same entry', () => {
  withRandom((random) => {
    const entries = entriesOf(random, 300);
    const keys = new Map(entries.map((entry) => [orderKey(entry), entry]));
    for (const entry of entries) assert.is(inReadingOrder(keys.get(orderKey(entry))!, entry), 0);
  });
});

test('a log’s name leads back to author and device', () => {
  withRandom((random) => {
    for (let i = 0; i < 100; i++) {
      const { author, device } = randomRef(random);
      assert.equal(parseLogName(logName({ author, device })), { author, device });
    }
  });
});

test('a message id leads back to its entry, and is safe in links and attributes', () => {
  withRandom((random) => {
    for (let i = 0; i < 200; i++) {
      const ref = randomRef(random);
      const id = messageId(ref);
      assert.match(id, /^[A-Za-z0-9_-]{59}$/);
      assert.equal(parseMessageId(id), ref);
    }
  });
});

test('what is no message id leads nowhere', () => {
  const id = messageId({ author: new Uint8Array(32), device: new Uint8Array(8), seq: 1 });
  const zero = toBase64url(new Uint8Array(44));
  for (const wrong of [
    '',
    'x',
    id.slice(1),
    `${id}A`,
    `${id}AA`,
    `${id}=`,
    ` ${id}`,
    zero,
    '__proto__',
  ]) {
    assert.is(parseMessageId(wrong), null, wrong);
  }
});

test.run();
