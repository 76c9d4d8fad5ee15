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
      return out.done();
    case 'entry':
    case 'file':
      return out.bytes(frame.bytes).done();
    case 'ack':
      return writeHead(out, frame.head).done();
    case 'typing':
      return out.u8(Number(frame.isTyping)).done();
    case 'ping':
    case 'pong':
      return out.bytes(frame.token, 8).done();
    case 'bye':
      return out.u8(frame.reason).done();
  }
}

/** @throws frame/invalid */
export function decodeChannelFrame(bytes: Uint8Array): ChannelFrame {
  const reader = new Reader(bytes, 'channel');
  const frame = read(reader);
  reader.end();
  return frame;
}

function read(reader: Reader): ChannelFrame {
  switch (reader.u8()) {
    case TYPES.have: {
      const clock = reader.u64();
      const count = reader.u16();
      if (count > MAX_HAVE_LOGS) throw reader.fault('too many logs');
      const heads = Array.from({ length: count }, () => {
        return { ...readHead(reader), time: reader.u64() };
      });
      return { kind: 'have', clock, heads };
    }
    case TYPES.entry:
      if (reader.left > MAX_ENTRY_BYTES) throw reader.fault('too large');
      return { kind: 'entry', bytes: reader.rest() };
    case TYPES.file:
      return { kind: 'file', bytes: reader.rest() };
    case TYPES.ack:
      return { kind: 'ack', head: readHead(reader) };
    case TYPES.typing: {
      const state = reader.u8();
      if (state > 1) throw reader.fault('reserved bits');
      return { kind: 'typing', isTyping: state === 1 };
    }
    case TYPES.ping:
      return { kind: 'ping', token: reader.bytes(8) };
    case TYPES.pong:
      return { kind: 'pong', token: reader.bytes(8) };
    case TYPES.bye:
      return { kind: 'bye', reason: reader.u8() };
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
