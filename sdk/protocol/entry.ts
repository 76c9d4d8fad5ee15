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
  MAX_ENTRY_BYTES,
  MAX_LINK_RELAYS,
  MAX_NAME_BYTES,
  MAX_RELAY_URL_CHARS,
  MAX_TEXT_BYTES,
  PROTOCOL_VERSION,
} from './limits.js';

/** Kinds 2 to 6 are edit, delete, react, file and read; from 64 on they belong to plugins. */
const KINDS = { text: 1, profile: 7 } as const;

/** Names one entry of a conversation. */
export interface EntryRef {
  readonly author: Bytes;
  readonly device: Bytes;
  /** 1, 2, 3 … within the log of this author and device. */
  readonly seq: number;
}

export type EntryBody =
  | { readonly kind: 'text'; readonly text: string; readonly replyTo: EntryRef | null }
  /** How the author wants to be called, and where they are to be found. */
  | { readonly kind: 'profile'; readonly name: string; readonly relays: readonly string[] }
  /** A kind this version does not know: kept and passed on, not shown. */
  | { readonly kind: 'unknown'; readonly code: number; readonly bytes: Bytes };

export interface Entry extends EntryRef {
  readonly conversation: Bytes;
  /** Lamport clock: one more than the highest seen in this conversation when this was written. */
  readonly after: number;
  /** The author's clock, milliseconds since 1970. For people to read, not to order by. */
  readonly time: number;
  readonly body: EntryBody;
}

export function encodeEntry(entry: Entry): Bytes {
  const { code, bytes } = encodeBody(entry.body);
  return writeRef(
    new Writer().u8(PROTOCOL_VERSION).u8(code).bytes(entry.conversation, CONVERSATION_BYTES),
    entry,
  )
    .u64(entry.after)
    .u64(entry.time)
    .bytes16(bytes)
    .done();
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
  reader.end();
  const body = decodeBody(code, bodyReader);
  bodyReader.end();
  return { conversation, ...ref, after, time, body };
}

/** The input whose SHA-256, cut to 16 bytes, names the conversation of two people. */
export function directConversationInput(low: Bytes, high: Bytes): Bytes {
  return concat(utf8('pim/1 direct\0'), low, high);
}

export function writeRef(out: Writer, ref: EntryRef): Writer {
  return out.bytes(ref.author, KEY_BYTES).bytes(ref.device, DEVICE_BYTES).u32(ref.seq);
}

export function readRef(reader: Reader): EntryRef {
  const author = reader.bytes(KEY_BYTES);
  const device = reader.bytes(DEVICE_BYTES);
  const seq = reader.u32();
  if (seq === 0) throw reader.fault('sequence 0');
  return { author, device, seq };
}

function encodeBody(body: EntryBody): { code: number; bytes: Bytes } {
  const out = new Writer();
  switch (body.kind) {
    case 'text':
      if (body.replyTo === null) out.u8(0);
      else writeRef(out.u8(1), body.replyTo);
      return { code: KINDS.text, bytes: out.text16(body.text).done() };
    case 'profile':
      out.text8(body.name).u8(body.relays.length);
      for (const relay of body.relays) out.text16(relay);
      return { code: KINDS.profile, bytes: out.done() };
    case 'unknown':
      return { code: body.code, bytes: body.bytes };
  }
}

function decodeBody(code: number, reader: Reader): EntryBody {
  if (code === KINDS.text) {
    const hasReply = reader.u8();
    if (hasReply > 1) throw reader.fault('reserved bits');
    const replyTo = hasReply === 1 ? readRef(reader) : null;
    return { kind: 'text', text: reader.text16(MAX_TEXT_BYTES), replyTo };
  }
  if (code === KINDS.profile) {
    const name = reader.text8(MAX_NAME_BYTES);
    const count = reader.u8();
    if (count > MAX_LINK_RELAYS) throw reader.fault('too many relays');
    const relays = Array.from({ length: count }, () => reader.text16(MAX_RELAY_URL_CHARS));
    return { kind: 'profile', name, relays };
  }
  return { kind: 'unknown', code, bytes: reader.rest() };
}
