/**
 * What a dishonest friend may do with files: lists and pieces that are not those they offered, bytes
 * nobody asked for, words out of place. Nothing of it is stored, and nothing waits for ever.
 */

import { randomBytes } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Bytes } from '../../sdk/base/bytes.js';
import type { PimError } from '../../sdk/base/errors.js';
import { Download } from '../../sdk/chat/files/download.js';
import { type FileSource, sourceOf } from '../../sdk/chat/files/file-source.js';
import type { RightOfWay } from '../../sdk/chat/files/right-of-way.js';
import { Upload } from '../../sdk/chat/files/upload.js';
import { decodeStored, encodeStored } from '../../sdk/protocol/file-frames.js';
import {
  FILE_QUIET_MS,
  FILE_STALL_MS,
  FILE_TALK_MESSAGE_BYTES,
  FILE_TALK_PIECES,
  FILE_WINDOW_PIECES,
} from '../../sdk/protocol/limits.js';
import { suite as crypto, HandPlatform, settle } from '../transport/hand-platform.js';
import { HandFileChannel } from './hand-file-channel.js';

const PIECE = 262_144;
const MESSAGE = 65_536;
const files = suite('hostile files');

interface Fetching {
  readonly channel: HandFileChannel;
  readonly platform: HandPlatform;
  readonly stored: number[];
  readonly ends: (PimError | null)[];
  hear(...messages: Uint8Array[]): Promise<void>;
}

async function fetching(source: FileSource, size = source.blob.size): Promise<Fetching> {
  const channel = new HandFileChannel();
  const platform = new HandPlatform();
  const stored: number[] = [];
  const ends: (PimError | null)[] = [];
  const facts = { size, root: source.root, name: '', type: '' };
  new Download(channel as unknown as RTCDataChannel, facts, 0, {
    platform,
    suite: crypto,
    way: silent,
    store: async (_first, count) => void stored.push(count),
    onBytes: () => undefined,
    onEnd: (fault) => void ends.push(fault),
  });
  const hear = async (...messages: Uint8Array[]) => {
    for (const each of messages) channel.hear(each.slice().buffer);
    for (let turn = 0; turn < 20; turn++) await settle();
  };
  return { channel, platform, stored, ends, hear };
}

/** Nobody says anything. */
const silent = { isTalking: false, clear: async () => undefined } as unknown as RightOfWay;

const content = (size: number): Bytes => new Uint8Array(randomBytes(size)) as Bytes;
const sourceFor = (bytes: Bytes) => sourceOf(crypto, new Blob([bytes]));

function messages(bytes: Uint8Array): Uint8Array[] {
  const all: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += MESSAGE) all.push(bytes.slice(at, at + MESSAGE));
  return all;
}

files('an honest one is stored whole', async () => {
  const bytes = content(PIECE + 5);
  const source = await sourceFor(bytes);
  const { hear, ends, stored } = await fetching(source);
  await hear(source.list, ...messages(bytes));
  assert.equal(ends, [null]);
  assert.equal(stored, [2]);
});

for (const [name, spoil, code] of [
  ['a list that is not the one offered', (l: Bytes) => l.with(0, (l[0] as number) ^ 1), 'list'],
  ['a piece that is not in the list', (b: Bytes) => b.with(9, (b[9] as number) ^ 1), 'piece'],
] as const) {
  files(`${name} is told as altered, and nothing of it is stored`, async () => {
    const bytes = content(PIECE + 5);
    const source = await sourceFor(bytes);
    const { hear, ends, stored, channel } = await fetching(source);
    const list = code === 'list' ? spoil(source.list) : source.list;
    const whole = code === 'piece' ? spoil(bytes) : bytes;
    await hear(list, ...messages(whole));
    assert.equal(
      ends.map((fault) => fault?.code),
      ['file/altered'],
    );
    assert.equal(stored, []);
    assert.is(channel.readyState, 'closed');
  });
}

files('a size that lies does not fit the root', async () => {
  const bytes = content(1_000);
  const source = await sourceFor(bytes);
  const { hear, ends, stored } = await fetching(source, 1_001);
  await hear(source.list, bytes, Uint8Array.of(0));
  assert.equal([ends[0]?.code, stored], ['file/altered', []]);
});

files('pieces that were swapped do not fit', async () => {
  const bytes = content(2 * PIECE);
  const source = await sourceFor(bytes);
  const { hear, ends, stored } = await fetching(source);
  await hear(source.list, ...messages(bytes.slice(PIECE)), ...messages(bytes.slice(0, PIECE)));
  assert.equal([ends[0]?.code, stored], ['file/altered', []]);
});

files('text, empty and overlong messages, and bytes beyond the end break it off', async () => {
  const bytes = content(1_000);
  const source = await sourceFor(bytes);
  const attacks: ((fetch: Fetching) => void)[] = [
    ({ channel }) => channel.hear('words'),
    ({ channel }) => channel.hear(new ArrayBuffer(0)),
    ({ channel }) => channel.hear(new ArrayBuffer(MESSAGE + 1)),
    ({ channel }) => channel.hear(new ArrayBuffer(33)), // the list has 32
    ({ channel }) => {
      channel.hear(source.list.slice().buffer);
      channel.hear(new ArrayBuffer(1_001));
    },
  ];
  for (const attack of attacks) {
    const fetch = await fetching(source);
    attack(fetch);
    await fetch.hear();
    assert.equal(
      fetch.ends.map((fault) => fault?.code),
      ['peer/protocol'],
    );
    assert.equal(fetch.stored, []);
  }
});

files('nobody gets more into memory than the window', async () => {
  const count = FILE_WINDOW_PIECES + 4;
  const bytes = content(count * PIECE);
  const source = await sourceFor(bytes);
  const channel = new HandFileChannel();
  const ends: (PimError | null)[] = [];
  const facts = { size: bytes.length, root: source.root, name: '', type: '' };
  new Download(channel as unknown as RTCDataChannel, facts, 0, {
    platform: new HandPlatform(),
    suite: crypto,
    way: silent,
    // A disk that takes for ever.
    store: () => new Promise(() => undefined),
    onBytes: () => undefined,
    onEnd: (fault) => void ends.push(fault),
  });
  channel.hear(source.list.slice().buffer);
  let taken = 0;
  for (const message of messages(bytes)) {
    if (channel.readyState !== 'open') break;
    channel.hear(message.slice().buffer);
    taken += message.length;
  }
  assert.is(channel.readyState, 'closed');
  assert.ok(taken <= FILE_WINDOW_PIECES * PIECE + MESSAGE, String(taken));
});

files('who sends nothing is given up, and so is who takes nothing', async () => {
  const bytes = content(1_000);
  const source = await sourceFor(bytes);
  const fetch = await fetching(source);
  await fetch.platform.pass(FILE_STALL_MS + 1);
  await fetch.hear();
  assert.equal(
    fetch.ends.map((fault) => fault?.code),
    ['channel/closed'],
  );
  const { platform, ends } = await giving(await sourceFor(content(80 * PIECE)));
  await platform.pass(FILE_STALL_MS + 1);
  assert.equal(
    ends.map((fault) => fault.code),
    ['channel/closed'],
  );
});

files(
  'a reader to which nothing more comes stores what it has: its author may wait for that',
  async () => {
    const bytes = content(6 * PIECE);
    const source = await sourceFor(bytes);
    const { hear, channel, platform, stored } = await fetching(source);
    await hear(source.list, ...messages(bytes.slice(0, 2 * PIECE)));
    assert.equal(stored, []);
    await platform.pass(FILE_QUIET_MS);
    await hear();
    assert.equal(stored, [2]);
    assert.equal(channel.sent.map(decodeStored), [2]);
  },
);

async function giving(source: FileSource, way = silent) {
  const channel = new HandFileChannel();
  const platform = new HandPlatform();
  const ends: PimError[] = [];
  const told: number[] = [];
  new Upload(channel as unknown as RTCDataChannel, source, 0, {
    platform,
    way,
    onStored: (count) => void told.push(count),
    onEnd: (fault) => void ends.push(fault),
  });
  for (let turn = 0; turn < 400; turn++) await settle();
  return { channel, platform, ends, told };
}

files('an author sends the window and no piece more, until it hears what is stored', async () => {
  const source = await sourceFor(content(80 * PIECE));
  const { channel, told } = await giving(source);
  assert.is(channel.bytes, source.list.length + FILE_WINDOW_PIECES * PIECE);
  assert.ok(channel.sent.every(({ length }) => length <= MESSAGE && length > 0));
  channel.hear(encodeStored(16).buffer);
  for (let turn = 0; turn < 400; turn++) await settle();
  assert.is(channel.bytes, source.list.length + 80 * PIECE);
  assert.equal(told, [16]);
});

files('an author stays close to what is stored while people talk', async () => {
  const source = await sourceFor(content(80 * PIECE));
  const talking = { isTalking: true, clear: silent.clear } as RightOfWay;
  const { channel } = await giving(source, talking);
  assert.is(channel.bytes, source.list.length + FILE_TALK_PIECES * PIECE);
  channel.hear(encodeStored(1).buffer);
  for (let turn = 0; turn < 100; turn++) await settle();
  assert.is(channel.bytes, source.list.length + (1 + FILE_TALK_PIECES) * PIECE);
});

files(
  'an author sends small messages while people talk, none over the end of a piece',
  async () => {
    const source = await sourceFor(content(6 * PIECE + 5));
    const talk = { isTalking: true, clear: silent.clear };
    const { channel } = await giving(source, talk as RightOfWay);
    assert.ok(channel.sent.every(({ length }) => length <= FILE_TALK_MESSAGE_BYTES));
    // They begin to talk, and stop, in the middle of pieces.
    for (let stored = 1; stored <= 5; stored++) {
      talk.isTalking = stored % 2 === 0;
      channel.hear(encodeStored(stored).buffer);
      for (let turn = 0; turn < 7 * stored; turn++) await settle();
    }
    for (let turn = 0; turn < 400; turn++) await settle();
    const ends = new Set<number>();
    let at = 0;
    for (const { length } of channel.sent) {
      at += length;
      ends.add(at - source.list.length);
      assert.ok(length > 0 && length <= MESSAGE);
    }
    for (let piece = 1; piece <= 6; piece++) assert.ok(ends.has(piece * PIECE), `piece ${piece}`);
    assert.is(at, source.list.length + 6 * PIECE + 5);
  },
);

files('an author sends nothing while words go first', async () => {
  const source = await sourceFor(content(8 * PIECE));
  let go = () => {};
  const words = new Promise<void>((resolve) => {
    go = resolve;
  });
  const { channel } = await giving(source, { ...silent, clear: () => words } as RightOfWay);
  assert.is(channel.bytes, 0);
  go();
  for (let turn = 0; turn < 400; turn++) await settle();
  assert.is(channel.bytes, source.list.length + 8 * PIECE);
});

files('a reader that says to have what it cannot have is left', async () => {
  for (const said of [
    encodeStored(81),
    Uint8Array.of(0, 0, 0) as Bytes,
    new TextEncoder().encode('four') as Bytes,
  ]) {
    const { channel, ends } = await giving(await sourceFor(content(80 * PIECE)));
    channel.hear(said.slice().buffer);
    assert.is(ends[0]?.code, 'peer/protocol');
    assert.is(channel.readyState, 'closed');
  }
  const { channel, ends } = await giving(await sourceFor(content(80 * PIECE)));
  channel.hear(encodeStored(16).buffer);
  channel.hear(encodeStored(15).buffer);
  assert.is(ends[0]?.code, 'peer/protocol');
});

files('an author waits while its channel is full', async () => {
  const source = await sourceFor(content(8 * PIECE));
  const channel = new HandFileChannel();
  channel.bufferedAmount = 10 * 1_048_576;
  new Upload(channel as unknown as RTCDataChannel, source, 0, {
    platform: new HandPlatform(),
    way: silent,
    onStored: () => undefined,
    onEnd: () => undefined,
  });
  for (let turn = 0; turn < 100; turn++) await settle();
  assert.is(channel.bytes, 0);
  channel.bufferedAmount = 0;
  channel.onbufferedamountlow?.();
  for (let turn = 0; turn < 400; turn++) await settle();
  assert.is(channel.bytes, source.list.length + 8 * PIECE);
});

files.run();
