/** Entries and frames of a conversation against worked values, made from the specification alone. */

import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, fromHex, toHex } from '../../sdk/base/bytes.js';
import { decodeChannelFrame, encodeChannelFrame } from '../../sdk/protocol/channel-frames.js';
import {
  decodeEntry,
  directConversationInput,
  type EntryBody,
  encodeEntry,
} from '../../sdk/protocol/entry.js';
import { keyA, keyB, pim } from '../support/vectors.js';

const { conversation } = pim;
const keys = { A: keyA, B: keyB };

interface Place {
  readonly author?: 'A' | 'B';
  readonly log: string;
  readonly seq: number;
}

const place = ({ log, seq }: Place) => ({ device: fromHex(log), seq });
const ref = (named: Place) => ({ author: keys[named.author ?? 'A'], ...place(named) });

type Row = (typeof conversation.entries)[number];

function bodyOf(row: Row): EntryBody {
  switch (row.kind) {
    case 'text':
      return { kind: 'text', text: row.text, replyTo: row.answers ? ref(row.answers) : null };
    case 'edit':
      return { kind: 'edit', target: place(row.target), text: row.text };
    case 'delete':
      return { kind: 'delete', target: place(row.target) };
    case 'react':
      return { kind: 'react', target: ref(row.target), isSet: row.set, emoji: row.emoji };
    case 'read':
      return { kind: 'read', upTo: ref(row.upTo) };
    case 'profile':
      return { kind: 'profile', name: row.name, relays: row.relays };
    case 'nothing':
      return { kind: 'unknown', code: 0, bytes: new Uint8Array(0) };
    case 'unknown':
      return { kind: 'unknown', code: row.code, bytes: fromHex(row.body) };
  }
}

test('the conversation of the two people has its name', () => {
  const hash = createHash('sha256').update(directConversationInput(keyA, keyB)).digest('hex');
  assert.is(hash.slice(0, 32), conversation.id);
});

test('every kind of entry is written and read as worked out', () => {
  const kinds = new Set(conversation.entries.map(({ kind }) => kind));
  assert.is(kinds.size, 8);
  for (const row of conversation.entries) {
    const entry = {
      conversation: fromHex(conversation.id),
      author: keys[row.author],
      ...place(row),
      after: row.after,
      time: row.time,
      body: bodyOf(row),
      tag: fromHex(row.tag),
    };
    assert.is(toHex(encodeEntry(entry)), row.bytes, row.kind);
    assert.equal(decodeEntry(fromHex(row.bytes)), entry, row.kind);
  }
});

test('every frame of a conversation is written and read as worked out', () => {
  const { frames, entries } = conversation;
  const dated = (author: 'A' | 'B', log: string) => {
    const last = entries.filter((row) => row.author === author).at(-1) as Row;
    const head = { conversation: fromHex(conversation.id), ...ref({ author, log, seq: last.seq }) };
    return { head, time: last.time, bytes: fromHex(last.bytes) as Bytes };
  };
  const [a, b] = [dated('A', conversation.log_a), dated('B', conversation.log_b)];
  const heads = [a, b].map(({ head, time }) => ({ ...head, time }));
  const cases = [
    [{ kind: 'have', clock: frames.have_clock, heads }, frames.have],
    [{ kind: 'entry', bytes: b.bytes }, frames.entry_of_b2],
    [{ kind: 'ack', head: a.head }, frames.ack_of_a],
    [{ kind: 'typing', isTyping: true }, frames.typing],
    [{ kind: 'typing', isTyping: false }, frames.not_typing],
  ] as const;
  for (const [frame, bytes] of cases) {
    assert.is(toHex(encodeChannelFrame(frame)), bytes, frame.kind);
    assert.equal(decodeChannelFrame(fromHex(bytes)), frame, frame.kind);
  }
});

test.run();
