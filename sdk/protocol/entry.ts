/**
 * Entries: the lines of the append-only logs a conversation is made of, docs/protocol.md §8.
 * One log per author and device; what people see is folded from all of them.
 */

import { type Bytes, concat, utf8 } from '../base/bytes.js';
import { Reader, Writer } from './codec.js';
import {
  CONVERSATION_BYTES,
  DEVICE_BYTES,
  KEY_BYTES,
  MAX_EMOJI_BYTES,
  MAX_ENTRY_BYTES,
  MAX_FILE_NAME_BYTES,
  MAX_LINK_RELAYS,
  MAX_NAME_BYTES,
  MAX_RELAY_URL_CHARS,
  MAX_TEXT_BYTES,
  PROTOCOL_VERSION,
  TAG_BYTES,
} from './limits.js';

/** From 64 on they belong to plugins. */
const KINDS = { text: 1, edit: 2, delete: 3, react: 4, file: 5, read: 6, profile: 7 } as const;

/** Names one entry among those of one author. */
export interface EntryPlace {
  readonly device: Bytes;
  /** 1, 2, 3 … within the log of this author and device. */
  readonly seq: number;
}

/** Names one entry of a conversation. */
export interface EntryRef extends EntryPlace {
  readonly author: Bytes;
}

/** A file that is offered with a text, as its author describes it. */
export interface FileFacts {
  /** Bytes. */
  readonly size: number;
  /** The hash its pieces are checked against, file-pieces.ts. */
  readonly root: Bytes;
  readonly name: string;
  /** A media type, or empty. */
  readonly type: string;
}

export type EntryBody =
  /** Kind 5 where a file goes with it; its text may be empty then. */
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly replyTo: EntryRef | null;
      readonly file?: FileFacts;
    }
  /** Other words for a text of the same author; empty where a later edit took its place. */
  | { readonly kind: 'edit'; readonly target: EntryPlace; readonly text: string }
  /** Takes a text of the same author back. */
  | { readonly kind: 'delete'; readonly target: EntryPlace }
  /** Sets or takes back one emoji of the author at somebody's text, or their own. */
  | {
      readonly kind: 'react';
      readonly target: EntryRef;
      readonly isSet: boolean;
      readonly emoji: string;
    }
  /** The author has read one log up to and including this entry. */
  | { readonly kind: 'read'; readonly upTo: EntryRef }
  /** How the author wants to be called, and where they are to be found. */
  | { readonly kind: 'profile'; readonly name: string; readonly relays: readonly string[] }
  /** A kind this version does not know: kept and passed on, not shown. */
  | { readonly kind: 'unknown'; readonly code: number; readonly bytes: Bytes };

/** Kind 0: what stood here is gone, deleted by its author or unreadable on their disk. */
export const NOTHING: EntryBody = { kind: 'unknown', code: 0, bytes: new Uint8Array(0) };
/** The tag of what has no words left to vouch for. */
export const NO_TAG: Bytes = new Uint8Array(TAG_BYTES);

export interface Entry extends EntryRef {
  readonly conversation: Bytes;
  /** Lamport clock: one more than the highest seen in this conversation when this was written. */
  readonly after: number;
  /** The author's clock, milliseconds since 1970. For people to read, not to order by. */
  readonly time: number;
  readonly body: EntryBody;
  /** Its author's, over all bytes before it (crypto/entry-tag.ts); to others 16 bytes to give back. */
  readonly tag: Bytes;
}

export function encodeEntry(entry: Entry): Bytes {
  return writeEntry(entry).bytes(entry.tag, TAG_BYTES).done();
}

/** An entry up to its tag, which is made of these bytes. */
export function writeEntry(entry: Omit<Entry, 'tag'>): Writer {
  const { code, bytes } = encodeBody(entry.body);
  return writeRef(
    new Writer().u8(PROTOCOL_VERSION).u8(code).bytes(entry.conversation, CONVERSATION_BYTES),
    entry,
  )
    .u64(entry.after)
    .u64(entry.time)
    .bytes16(bytes);
}

/** @throws frame/invalid */
export function decodeEntry(bytes: Uint8Array): Entry {
  const reader = new Reader(bytes, 'entry');
  if (bytes.length > MAX_ENTRY_BYTES) throw reader.fault('too large');
  reader.expect(PROTOCOL_VERSION, 'unknown version');
  const code = reader.u8();
  const conversation = reader.bytes(CONVERSATION_BYTES);
  const ref = readRef(reader);
  const after = reader.u64();
  const time = reader.u64();
  const bodyReader = new Reader(reader.bytes16(0, MAX_ENTRY_BYTES), 'entry');
  const tag = reader.bytes(TAG_BYTES);
  reader.end();
  const body = decodeBody(code, bodyReader);
  bodyReader.end();
  return { conversation, ...ref, after, time, body, tag };
}

/** The input whose SHA-256, cut to 16 bytes, names the conversation of two people. */
export function directConversationInput(low: Bytes, high: Bytes): Bytes {
  return concat(utf8('pim/1 direct\0'), low, high);
}

export function writeRef(out: Writer, ref: EntryRef): Writer {
  return writePlace(out.bytes(ref.author, KEY_BYTES), ref);
}

export function readRef(reader: Reader): EntryRef {
  const author = reader.bytes(KEY_BYTES);
  return { author, ...readPlace(reader) };
}

function writePlace(out: Writer, place: EntryPlace): Writer {
  return out.bytes(place.device, DEVICE_BYTES).u32(place.seq);
}

function readPlace(reader: Reader): EntryPlace {
  const device = reader.bytes(DEVICE_BYTES);
  const seq = reader.u32();
  if (seq === 0) throw reader.fault('sequence 0');
  return { device, seq };
}

function encodeBody(body: EntryBody): { code: number; bytes: Bytes } {
  if (body.kind === 'unknown') return body;
  const kind = body.kind === 'text' && body.file ? 'file' : body.kind;
  return { code: KINDS[kind], bytes: writeBody(new Writer(), body).done() };
}

function writeBody(out: Writer, body: Exclude<EntryBody, { kind: 'unknown' }>): Writer {
  switch (body.kind) {
    case 'text':
      if (body.file) writeFile(out, body.file);
      if (body.replyTo === null) out.u8(0);
      else writeRef(out.u8(1), body.replyTo);
      return out.text16(body.text);
    case 'edit':
      return writePlace(out, body.target).text16(body.text);
    case 'delete':
      return writePlace(out, body.target);
    case 'react':
      return writeRef(out, body.target).u8(Number(body.isSet)).text8(body.emoji);
    case 'read':
      return writeRef(out, body.upTo);
    case 'profile':
      out.text8(body.name).u8(body.relays.length);
      for (const relay of body.relays) out.text16(relay);
      return out;
  }
}

function decodeBody(code: number, reader: Reader): EntryBody {
  switch (code) {
    case KINDS.text:
    case KINDS.file: {
      const file = code === KINDS.file && { file: readFile(reader) };
      const replyTo = reader.flag() ? readRef(reader) : null;
      return { kind: 'text', text: reader.text16(MAX_TEXT_BYTES), replyTo, ...file };
    }
    case KINDS.edit:
      return { kind: 'edit', target: readPlace(reader), text: reader.text16(MAX_TEXT_BYTES) };
    case KINDS.delete:
      return { kind: 'delete', target: readPlace(reader) };
    case KINDS.react: {
      const target = readRef(reader);
      const isSet = reader.flag();
      const emoji = reader.text8(MAX_EMOJI_BYTES);
      if (emoji === '') throw reader.fault('length out of range');
      return { kind: 'react', target, isSet, emoji };
    }
    case KINDS.read:
      return { kind: 'read', upTo: readRef(reader) };
    case KINDS.profile:
      return readProfile(reader);
    default:
      return { kind: 'unknown', code, bytes: reader.rest() };
  }
}

function writeFile(out: Writer, { size, root, name, type }: FileFacts): void {
  out.u64(size).bytes(root, KEY_BYTES).text8(name).text8(type);
}

function readFile(reader: Reader): FileFacts {
  const [size, root] = [reader.u64(), reader.bytes(KEY_BYTES)];
  return {
    size,
    root,
    name: reader.text8(MAX_FILE_NAME_BYTES),
    type: reader.text8(MAX_FILE_NAME_BYTES),
  };
}

function readProfile(reader: Reader): EntryBody {
  const name = reader.text8(MAX_NAME_BYTES);
  const count = reader.u8();
  if (count > MAX_LINK_RELAYS) throw reader.fault('too many relays');
  const relays = Array.from({ length: count }, () => reader.text16(MAX_RELAY_URL_CHARS));
  return { kind: 'profile', name, relays };
}
