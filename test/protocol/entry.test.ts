/** Entries: exact layouts of every kind, bounds in bytes, hostile bytes. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, concat, toHex, utf8 } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import {
  decodeEntry,
  directConversationInput,
  type Entry,
  type EntryBody,
  encodeEntry,
} from '../../sdk/protocol/entry.js';
import { MAX_ENTRY_BYTES, MAX_TEXT_BYTES } from '../../sdk/protocol/limits.js';
import { testDecoder, withRandom } from '../support/fuzz.js';
import { randomEntry } from '../support/random-values.js';
import { keyA, keyB } from '../support/vectors.js';

const fill = (length: number, value: number): Bytes => new Uint8Array(length).fill(value);
const ref = { author: fill(32, 2), device: fill(8, 3), seq: 4 };

const entry = (body: EntryBody): Entry => ({
  conversation: fill(16, 1),
  ...ref,
  after: 5,
  time: 1_764_000_000_000,
  body,
  tag: fill(16, 6),
});

const text = (words: string): Entry => entry({ kind: 'text', text: words, replyTo: null });
const profile = (name: string, relays: readonly string[]): Entry =>
  entry({ kind: 'profile', name, relays });

const samples = [
  text('hello'),
  text(''),
  entry({ kind: 'text', text: 'Zażółć \ud83d\ude00', replyTo: { ...ref, seq: 1 } }),
  entry({
    kind: 'text',
    text: 'look',
    replyTo: null,
    file: { size: 300_000, root: fill(32, 7), name: 'ż.png', type: 'image/png' },
  }),
  profile('Ada', ['wss://relay.example', 'wss://b.example']),
  profile('', []),
];
/** A kind from later or from a plugin takes any body; its length is that of the entry. */
const unknown = entry({ kind: 'unknown', code: 64, bytes: fill(20, 9) });

testDecoder(test, {
  samples: [...samples, unknown].map(encodeEntry),
  decode: decodeEntry,
  encode: encodeEntry,
});

function refuses(bytes: Bytes, reason: string): void {
  assert.throws(
    () => decodeEntry(bytes),
    (fault: unknown) => isPimError(fault, 'frame/invalid') && fault.detail.reason === reason,
  );
}

test('reads back every entry it writes', () => {
  withRandom((random) => {
    for (let i = 0; i < 3_000; i++) {
      const value = randomEntry(random);
      assert.equal(decodeEntry(encodeEntry(value)), value);
    }
  });
});

test('lays out an entry as the specification does', () => {
  const head = `${'01'.repeat(16)}${'02'.repeat(32)}${'03'.repeat(8)}00000004`;
  const clocks = '00000000000000050000019ab665b400';
  assert.is(
    toHex(encodeEntry(text('hi'))).replace(/0000019a.{8}/, '0000019ab665b400'),
    `0101${head}${clocks}00050000026869${'06'.repeat(16)}`,
  );
  assert.is(
    toHex(encodeEntry(profile('A', ['wss://b']))).slice(-2 * 30, -2 * 16),
    `000c${'0141'}01${'0007'}${toHex(utf8('wss://b'))}`,
  );
});

test('keeps kinds it does not know as they came', () => {
  for (let code = 0; code < 256; code++) {
    if ([1, 2, 3, 4, 5, 6, 7].includes(code)) continue;
    const value = entry({ kind: 'unknown', code, bytes: fill(3, code) });
    assert.equal(decodeEntry(encodeEntry(value)), value);
  }
});

test('takes a text up to its limit in bytes', () => {
  const longest = 'ą'.repeat(MAX_TEXT_BYTES / 2);
  assert.equal(decodeEntry(encodeEntry(text(longest))), text(longest));
  refuses(encodeEntry(text(`${longest}a`)), 'length out of range');
});

test('takes a profile up to its limits', () => {
  const name = 'ą'.repeat(32);
  const relays = Array.from({ length: 5 }, () => 'r'.repeat(256));
  assert.equal(decodeEntry(encodeEntry(profile(name, relays))), profile(name, relays));
  refuses(encodeEntry(profile(`${name}a`, [])), 'length out of range');
  refuses(encodeEntry(profile('', ['r'.repeat(257)])), 'length out of range');
  refuses(encodeEntry(profile('', [...relays, ''])), 'too many relays');
});

test('refuses an entry above the limit before reading it', () => {
  const body = (length: number) => entry({ kind: 'unknown', code: 64, bytes: fill(length, 0) });
  const room = MAX_ENTRY_BYTES - encodeEntry(body(0)).length;
  assert.equal(decodeEntry(encodeEntry(body(room))), body(room));
  refuses(encodeEntry(body(room + 1)), 'too large');
  refuses(fill(10_000_000, 1), 'too large');
});

test('refuses sequence number 0, of the entry and of what it answers', () => {
  refuses(encodeEntry({ ...text('a'), seq: 0 }), 'sequence 0');
  refuses(
    encodeEntry(entry({ kind: 'text', text: 'a', replyTo: { ...ref, seq: 0 } })),
    'sequence 0',
  );
});

test('refuses clocks that cannot be counted to', () => {
  const bytes = encodeEntry(text('a'));
  for (const at of [62, 70]) {
    const late = bytes.slice() as Bytes;
    late.set([0, 0x20], at);
    refuses(late, 'number out of range');
  }
});

test('refuses text that is not UTF-8, lone surrogates among it', () => {
  for (const bad of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]]) {
    const body = concat(Uint8Array.of(0, 0, bad.length), Uint8Array.from(bad));
    const bytes = encodeEntry(entry({ kind: 'unknown', code: 1, bytes: body }));
    refuses(bytes, 'not UTF-8');
  }
});

test('refuses a text body with reserved bits, trailing bytes or a lying length', () => {
  const body = (...bytes: number[]) =>
    encodeEntry(entry({ kind: 'unknown', code: 1, bytes: Uint8Array.from(bytes) as Bytes }));
  refuses(body(2, 0, 0), 'reserved bits');
  refuses(body(0, 0, 1, 0x61, 0x62), 'trailing bytes');
  refuses(body(0, 0, 3, 0x61, 0x62), 'too short');
  refuses(body(0, 0xff, 0xff), 'length out of range');
  refuses(body(1, 0, 0), 'too short');
  refuses(body(), 'too short');
});

test('refuses other versions', () => {
  for (const version of [0, 2, 255]) {
    const bytes = encodeEntry(text('a'));
    bytes[0] = version;
    refuses(bytes, 'unknown version');
  }
});

test('names the conversation of two people by both keys', () => {
  assert.is(
    toHex(directConversationInput(keyA, keyB)),
    toHex(concat(utf8('pim/1 direct\0'), keyA, keyB)),
  );
});

test.run();
