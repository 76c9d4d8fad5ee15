/** Words about files, pieces and roots: against worked values, and what is malformed. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, fromHex, toHex } from '../../sdk/base/bytes.js';
import { sourceOf } from '../../sdk/chat/files/file-source.js';
import { decodeChannelFrame, encodeChannelFrame } from '../../sdk/protocol/channel-frames.js';
import { decodeEntry, encodeEntry } from '../../sdk/protocol/entry.js';
import {
  decodeFileWord,
  decodeStored,
  encodeFileWord,
  encodeStored,
  type FileWord,
} from '../../sdk/protocol/file-frames.js';
import { listLength, pieceCount, pieceStart } from '../../sdk/protocol/file-pieces.js';
import { keyA, keyB, pim } from '../support/vectors.js';
import { suite } from '../transport/hand-platform.js';

const { file } = pim;
const ref = { author: keyA, device: fromHex(file.entry.log), seq: file.entry.seq };
const content = Uint8Array.from({ length: file.size }, (_, i) => i % 251) as Bytes;

test('a file has the list and the root worked out for it', async () => {
  const source = await sourceOf(suite, new Blob([content]));
  assert.is(toHex(source.list), file.list);
  assert.is(toHex(source.root), file.root);
  assert.is(toHex((await sourceOf(suite, new Blob([]))).root), file.empty_root);
});

test('pieces are counted to the byte', () => {
  const sizes = [0, 1, 262_144, 262_145, 524_288];
  assert.equal(sizes.map(pieceCount), [0, 1, 1, 2, 2]);
  assert.equal(sizes.map(listLength), [0, 32, 32, 64, 64]);
  assert.equal([pieceStart(262_145, 1), pieceStart(262_145, 2)], [262_144, 262_145]);
});

test('the entry that offers a file is written and read as worked out', () => {
  const { entry } = file;
  const { log, seq } = entry.answers;
  const offered = {
    conversation: fromHex(pim.conversation.id),
    ...ref,
    after: entry.after,
    time: entry.time,
    body: {
      kind: 'text' as const,
      text: entry.text,
      replyTo: { author: keyB, device: fromHex(log), seq },
      file: { size: file.size, root: fromHex(file.root), name: entry.name, type: entry.type },
    },
    tag: fromHex(entry.tag),
  };
  assert.is(toHex(encodeEntry(offered)), entry.bytes);
  assert.equal(decodeEntry(fromHex(entry.bytes)), offered);
});

test('every word is written and read as worked out', () => {
  for (const [word, hex] of Object.entries(file.words)) {
    const said = (
      word === 'get' ? { ref, word, channel: file.get_channel, from: file.get_from } : { ref, word }
    ) as FileWord;
    const frame = encodeChannelFrame({ kind: 'file', bytes: encodeFileWord(said) });
    assert.is(toHex(frame), hex);
    const read = decodeChannelFrame(fromHex(hex));
    assert.is(read.kind, 'file');
    if (read.kind === 'file') assert.equal(decodeFileWord(read.bytes), said);
  }
  assert.is(toHex(encodeStored(2)), file.stored_2);
  assert.is(decodeStored(fromHex(file.stored_2)), 2);
});

test('cut, swollen and unknown words are malformed', () => {
  const get = fromHex(file.words.get).slice(1) as Bytes;
  const done = fromHex(file.words.done).slice(1) as Bytes;
  for (const bytes of [
    ...Array.from({ length: get.length }, (_, n) => get.slice(0, n)).filter((_, n) => n !== 45),
    Uint8Array.of(...get, 0),
    Uint8Array.of(...done, 0),
    ...[0, 9, 255].map((word) => done.with(44, word)),
    done.with(43, 0), // sequence 0
    get.with(46, 1), // channels below 2 and above 201
    get.with(46, 202),
  ]) {
    assert.throws(
      () => decodeFileWord(bytes),
      (fault: { code?: string }) => fault.code === 'frame/invalid',
      toHex(bytes),
    );
  }
  for (const hex of ['', '000001', '0000000102']) assert.throws(() => decodeStored(fromHex(hex)));
});

test.run();
