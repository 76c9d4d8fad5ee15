/**
 * Frames on a confirmed channel, docs/protocol.md §8. Types 1 and 2 are the confirmation's own
 * (confirm.ts) and never occur here.
 */

import type { Bytes } from '../base/bytes.js';
import { Reader, Writer } from './codec.js';
import { type EntryRef, readRef, writeRef } from './entry.js';
import { CONVERSATION_BYTES, MAX_ENTRY_BYTES, MAX_HAVE_LOGS } from './limits.js';

const TYPES = {
  have: 0x10,
  entry: 0x11,
  ack: 0x12,
  typing: 0x13,
  file: 0x14,
  lack: 0x15,
  returned: 0x16,
  ping: 0x20,
  pong: 0x21,
  bye: 0x3f,
} as const;

/** Everything up to and including `seq` of one log is stored, without a gap. */
export interface LogHead extends EntryRef {
  readonly conversation: Bytes;
}

/** A head with the `time` of the entry it names, by which a store that went back in time is told. */
export interface DatedHead extends LogHead {
  readonly time: number;
}

export type ChannelFrame =
  /**
   * Sent once by both ends as soon as the channel is confirmed. Logs that are not listed are empty;
   * `clock` is the highest Lamport clock known here.
   */
  | { readonly kind: 'have'; readonly clock: number; readonly heads: readonly DatedHead[] }
  /** One encoded entry, entry.ts. */
  | { readonly kind: 'entry'; readonly bytes: Bytes }
  /** Stored for good here, so it need not be sent again. */
  | { readonly kind: 'ack'; readonly head: LogHead }
  /** Asks for a log from `seq` on, whoever has written it. */
  | { readonly kind: 'lack'; readonly head: LogHead }
  /** One encoded entry that was asked for. */
  | { readonly kind: 'returned'; readonly bytes: Bytes }
  /** Somebody is writing, or no longer. Stored nowhere. */
  | { readonly kind: 'typing'; readonly isTyping: boolean }
  /** A word about one file, file-frames.ts. */
  | { readonly kind: 'file'; readonly bytes: Bytes }
  | { readonly kind: 'ping'; readonly token: Bytes }
  | { readonly kind: 'pong'; readonly token: Bytes }
  /** Leaving on purpose: the other end need not wait for a time-out. */
  | { readonly kind: 'bye'; readonly reason: number };

export function encodeChannelFrame(frame: ChannelFrame): Bytes {
  const out = new Writer().u8(TYPES[frame.kind]);
  switch (frame.kind) {
    case 'have':
      out.u64(frame.clock).u16(frame.heads.length);
      for (const head of frame.heads) writeHead(out, head).u64(head.time);
      break;
    case 'entry':
    case 'returned':
    case 'file':
      out.bytes(frame.bytes);
      break;
    case 'ack':
    case 'lack':
      writeHead(out, frame.head);
      break;
    case 'typing':
      out.u8(Number(frame.isTyping));
      break;
    case 'ping':
    case 'pong':
      out.bytes(frame.token, 8);
      break;
    case 'bye':
      out.u8(frame.reason);
  }
  return out.done();
}

/** @throws frame/invalid */
export function decodeChannelFrame(bytes: Uint8Array): ChannelFrame {
  const reader = new Reader(bytes, 'channel');
  const frame = read(reader);
  reader.end();
  return frame;
}

function read(reader: Reader): ChannelFrame {
  const type = reader.u8();
  const kind = (Object.keys(TYPES) as ChannelFrame['kind'][]).find((each) => TYPES[each] === type);
  switch (kind) {
    case 'have': {
      const clock = reader.u64();
      const count = reader.u16();
      if (count > MAX_HAVE_LOGS) throw reader.fault('too many logs');
      const heads = Array.from({ length: count }, () => {
        return { ...readHead(reader), time: reader.u64() };
      });
      return { kind, clock, heads };
    }
    case 'entry':
    case 'returned':
      if (reader.left > MAX_ENTRY_BYTES) throw reader.fault('too large');
      return { kind, bytes: reader.rest() };
    case 'file':
      return { kind, bytes: reader.rest() };
    case 'ack':
    case 'lack':
      return { kind, head: readHead(reader) };
    case 'typing':
      return { kind, isTyping: reader.flag() };
    case 'ping':
    case 'pong':
      return { kind, token: reader.bytes(8) };
    case 'bye':
      return { kind, reason: reader.u8() };
    default:
      throw reader.fault('unknown type');
  }
}

function writeHead(out: Writer, head: LogHead): Writer {
  return writeRef(out.bytes(head.conversation, CONVERSATION_BYTES), head);
}

function readHead(reader: Reader): LogHead {
  return { conversation: reader.bytes(CONVERSATION_BYTES), ...readRef(reader) };
}
