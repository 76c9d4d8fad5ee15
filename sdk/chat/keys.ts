/**
 * Under which key each row lies, so that the order of keys is the order people read in.
 */

import { type Bytes, fromBase64url, fromHex, toBase64url, toHex } from '../base/bytes.js';
import { Reader, Writer } from '../protocol/codec.js';
import type { Entry, EntryRef } from '../protocol/entry.js';
import { readRef, writeRef } from '../protocol/entry.js';

/** In `meta`, by conversation: the text somebody has begun, and the clock of one that was removed. */
export const DRAFT = 'draft/';
export const CLOCK = 'clock/';

/** The first text behind every key that begins with `prefix`. */
export function prefixEnd(prefix: string): string {
  return `${prefix}\uffff`;
}

/** Entries in reading order: Lamport clock, author, device, seq. */
export function orderKey(entry: Entry): string {
  const clock = entry.after.toString(16).padStart(14, '0');
  return `${toHex(entry.conversation)}/${clock}${toHex(entry.author)}${logTail(entry)}`;
}

/** One row per entry of a log, in the order of the log: conversation, author, device and seq. */
export function logKey(conversation: Bytes, ref: EntryRef): string {
  return `${toHex(conversation)}/${toHex(ref.author)}/${logTail(ref)}`;
}

/** The Lamport clock in an `orderKey`. */
export function clockOf(order: string): number {
  const clock = Number.parseInt(order.split('/')[1]?.slice(0, 14) ?? '', 16);
  return Number.isSafeInteger(clock) ? clock : 0;
}

function logTail(ref: EntryRef): string {
  return `${toHex(ref.device)}${ref.seq.toString(16).padStart(8, '0')}`;
}

/** Names a log among those of one conversation. */
export function logName(ref: Pick<EntryRef, 'author' | 'device'>): string {
  return `${toHex(ref.author)}/${toHex(ref.device)}`;
}

export function parseLogName(name: string): Pick<EntryRef, 'author' | 'device'> {
  const [author = '', device = ''] = name.split('/');
  return { author: fromHex(author), device: fromHex(device) };
}

/** The id people's programs know a message by. */
export function messageId(ref: EntryRef): string {
  return toBase64url(writeRef(new Writer(), ref).done());
}

/** Null where `id` is none of ours. */
export function parseMessageId(id: string): EntryRef | null {
  try {
    const reader = new Reader(fromBase64url(id), 'message id');
    const ref = readRef(reader);
    reader.end();
    return ref;
  } catch {
    return null;
  }
}
