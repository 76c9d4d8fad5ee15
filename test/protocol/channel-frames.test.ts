/** Frames on a confirmed channel: exact layouts, bounds, hostile bytes. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, concat, toHex } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import {
  type ChannelFrame,
  type DatedHead,
  decodeChannelFrame,
  encodeChannelFrame,
  type LogHead,
} from '../../sdk/protocol/channel-frames.js';
import { encodeEntry } from '../../sdk/protocol/entry.js';
import {
  MAX_CHANNEL_FRAME_BYTES,
  MAX_ENTRY_BYTES,
  MAX_HAVE_LOGS,
} from '../../sdk/protocol/limits.js';
import { type Random, testDecoder, withRandom } from '../support/fuzz.js';
import { randomEntry, randomRef } from '../support/random-values.js';

const fill = (length: number, value: number): Bytes => new Uint8Array(length).fill(value);
const head: LogHead = {
  conversation: fill(16, 1),
  author: fill(32, 2),
  device: fill(8, 3),
  seq: 0x04050607,
};
const dated: DatedHead = { ...head, time: 0x0102030405 };
const samples: ChannelFrame[] = [
  { kind: 'have', clock: 0, heads: [] },
  { kind: 'have', clock: 0, heads: [dated, { ...dated, seq: 1 }] },
  { kind: 'ack', head },
  { kind: 'typing', isTyping: true },
  { kind: 'typing', isTyping: false },
  { kind: 'ping', token: fill(8, 5) },
  { kind: 'pong', token: fill(8, 6) },
  { kind: 'bye', reason: 2 },
  { kind: 'entry', bytes: fill(30, 7) },
  { kind: 'file', bytes: fill(45, 7) },
];

testDecoder(test, {
  samples: samples.map(encodeChannelFrame),
  decode: decodeChannelFrame,
  encode: encodeChannelFrame,
  // These say their own length, and entry.ts and file-frames.ts hold them to it.
  isOpenEnded: (sample) => sample[0] === 0x11 || sample[0] === 0x14,
});

function randomFrame(random: Random): ChannelFrame {
  const randomHead = () => ({ conversation: random.bytes(16), ...randomRef(random) });
  const randomDated = () => ({ ...randomHead(), time: random.u53() });
  return random.pick<() => ChannelFrame>([
    () => ({
      kind: 'have',
      clock: 0,
      heads: Array.from({ length: random.below(20) }, randomDated),
    }),
    () => ({ kind: 'entry', bytes: encodeEntry(randomEntry(random)) }),
    () => ({ kind: 'file', bytes: random.bytes(45) }),
    () => ({ kind: 'ack', head: randomHead() }),
    () => ({ kind: 'typing', isTyping: random.pick([true, false]) }),
    () => ({ kind: 'ping', token: random.bytes(8) }),
    () => ({ kind: 'pong', token: random.bytes(8) }),
    () => ({ kind: 'bye', reason: random.below(256) }),
  ])();
}

function refuses(bytes: Bytes, reason: string): void {
  assert.throws(
    () => decodeChannelFrame(bytes),
    (fault: unknown) => isPimError(fault, 'frame/invalid') && fault.detail.reason === reason,
  );
}

test('reads back every frame it writes', () => {
  withRandom((random) => {
    for (let i = 0; i < 3_000; i++) {
      const frame = randomFrame(random);
      assert.equal(decodeChannelFrame(encodeChannelFrame(frame)), frame);
    }
  });
});

test('lays out every frame as the specification does', () => {
  const hex = (frame: ChannelFrame) => toHex(encodeChannelFrame(frame));
  const log = `${'01'.repeat(16)}${'02'.repeat(32)}${'03'.repeat(8)}04050607`;
  const time = '0000000102030405'.padStart(16, '0');
  assert.is(
    hex({ kind: 'have', clock: 9, heads: [dated, dated] }),
    `10${'9'.padStart(16, '0')}0002${log}${time}${log}${time}`,
  );
  assert.is(hex({ kind: 'have', clock: 0, heads: [] }), `10${'0'.repeat(20)}`);
  assert.is(hex({ kind: 'entry', bytes: fill(2, 9) }), '110909');
  assert.is(hex({ kind: 'ack', head }), `12${log}`);
  assert.is(hex({ kind: 'typing', isTyping: true }), '1301');
  assert.is(hex({ kind: 'ping', token: fill(8, 5) }), `20${'05'.repeat(8)}`);
  assert.is(hex({ kind: 'pong', token: fill(8, 5) }), `21${'05'.repeat(8)}`);
  assert.is(hex({ kind: 'bye', reason: 2 }), '3f02');
});

test('bounds the logs of a have, before reading them', () => {
  const many = (count: number) =>
    encodeChannelFrame({
      kind: 'have',
      clock: 0,
      heads: Array.from({ length: count }, () => dated),
    });
  const frame = decodeChannelFrame(many(MAX_HAVE_LOGS));
  assert.ok(frame.kind === 'have' && frame.heads.length === MAX_HAVE_LOGS);
  assert.ok(many(MAX_HAVE_LOGS).length <= MAX_CHANNEL_FRAME_BYTES);
  refuses(many(MAX_HAVE_LOGS + 1), 'too many logs');
  refuses(concat(Uint8Array.of(0x10), fill(8, 0), fill(2, 0xff)), 'too many logs');
});

test('bounds an entry', () => {
  const largest = encodeChannelFrame({ kind: 'entry', bytes: fill(MAX_ENTRY_BYTES, 0) });
  const frame = decodeChannelFrame(largest);
  assert.ok(frame.kind === 'entry' && frame.bytes.length === MAX_ENTRY_BYTES);
  assert.ok(largest.length <= MAX_CHANNEL_FRAME_BYTES);
  refuses(concat(largest, fill(1, 0)), 'too large');
});

test('refuses sequence number 0', () => {
  const bytes = encodeChannelFrame({ kind: 'ack', head: { ...head, seq: 0 } });
  refuses(bytes, 'sequence 0');
});

test('refuses every type it does not know, the confirmation among them', () => {
  const known = new Set([0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x20, 0x21, 0x3f]);
  for (let type = 0; type < 256; type++) {
    if (known.has(type)) continue;
    refuses(concat(Uint8Array.of(type), fill(60, 1)), 'unknown type');
  }
  refuses(fill(0, 0), 'too short');
});

test.run();
