/**
 * What two devices say about one file, docs/protocol.md §8.5: words on the confirmed channel, and how
 * far the file is stored on the file's own channel.
 */

import type { Bytes } from '../base/bytes.js';
import { Reader, Writer } from './codec.js';
import { type EntryRef, readRef, writeRef } from './entry.js';
import { FILE_CHANNELS } from './limits.js';

const WORDS = {
  ready: 1,
  get: 2,
  paused: 3,
  declined: 4,
  cancelled: 5,
  missing: 6,
  done: 7,
  busy: 8,
} as const;

/** A word that is only a word. */
export type PlainWord =
  /** Its author has the bytes at hand. */
  | 'ready'
  /** Whoever says it stopped for now. */
  | 'paused'
  /** Its reader does not want it. */
  | 'declined'
  /** Whoever says it has given it up. */
  | 'cancelled'
  /** Its author does not have the bytes at hand. */
  | 'missing'
  /** Its reader has all of it, checked. */
  | 'done'
  /** Its author cannot open that channel; another number may do. */
  | 'busy';

export type FileWord = {
  /** The entry that offers the file. */
  readonly ref: EntryRef;
} & (
  | { readonly word: PlainWord }
  /** Its reader has opened channel `channel` and stored the pieces before `from`. */
  | { readonly word: 'get'; readonly channel: number; readonly from: number }
);

/** The rest of a FILE frame. */
export function encodeFileWord(said: FileWord): Bytes {
  const out = writeRef(new Writer(), said.ref).u8(WORDS[said.word]);
  if (said.word === 'get') out.u16(said.channel).u32(said.from);
  return out.done();
}

/** @throws frame/invalid */
export function decodeFileWord(bytes: Uint8Array): FileWord {
  const reader = new Reader(bytes, 'file');
  const ref = readRef(reader);
  const code = reader.u8();
  const word = (Object.keys(WORDS) as (keyof typeof WORDS)[]).find((each) => WORDS[each] === code);
  if (word === undefined) throw reader.fault('unknown word');
  if (word !== 'get') {
    reader.end();
    return { ref, word };
  }
  const channel = reader.u16();
  const from = reader.u32();
  if (channel < FILE_CHANNELS[0] || channel > FILE_CHANNELS[1]) throw reader.fault('channel');
  reader.end();
  return { ref, word, channel, from };
}

/** The reader's message on a file's channel: the pieces before `count` are stored. */
export function encodeStored(count: number): Bytes {
  return new Writer().u32(count).done();
}

/** @throws frame/invalid */
export function decodeStored(bytes: Uint8Array): number {
  const reader = new Reader(bytes, 'stored');
  const count = reader.u32();
  reader.end();
  return count;
}
