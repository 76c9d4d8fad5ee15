/**
 * Entries as rows: one under its place in reading order, one under its place in its log.
 */

import type { Bytes } from '../base/bytes.js';
import { decodeEntry, type Entry, type EntryRef, encodeEntry } from '../protocol/entry.js';
import type { Row, Write } from '../storage/storage.js';
import { logKey, orderKey } from './keys.js';

/** An entry with the moment it was stored here, milliseconds since 1970. */
export interface StoredEntry {
  readonly entry: Entry;
  readonly storedAt: number;
}

interface EntryRow {
  readonly bytes: Bytes;
  readonly storedAt: number;
}

export function writesOf(entry: Entry, storedAt: number): Write[] {
  const order = orderKey(entry);
  const row: EntryRow = { bytes: encodeEntry(entry), storedAt };
  return [
    { table: 'entries', key: order, value: row },
    { table: 'logs', key: logKey(entry.conversation, entry), value: order },
  ];
}

export function removalsOf(entry: Entry): Write[] {
  return [
    { table: 'entries', key: orderKey(entry), remove: true },
    { table: 'logs', key: logKey(entry.conversation, entry), remove: true },
  ];
}

/** Null where the row cannot be read any more. */
export function readRow(value: unknown): StoredEntry | null {
  const row = value as Partial<EntryRow> | null | undefined;
  if (!(row?.bytes instanceof Uint8Array) || typeof row.storedAt !== 'number') return null;
  try {
    return { entry: decodeEntry(row.bytes), storedAt: row.storedAt };
  } catch {
    return null;
  }
}

/**
 * What stands in a log for an entry that cannot be read any more: nothing, in its place, so that the
 * entries behind it still reach the other side.
 */
export function gapEntry(log: Row, conversation: Bytes, ref: Omit<EntryRef, 'seq'>): Entry {
  const order = String(log.value).split('/')[1] ?? '';
  const after = Number.parseInt(order.slice(0, 14), 16);
  return {
    conversation,
    author: ref.author,
    device: ref.device,
    seq: Number.parseInt(log.key.slice(-8), 16),
    after: Number.isSafeInteger(after) ? after : 0,
    time: 0,
    body: { kind: 'unknown', code: 0, bytes: new Uint8Array(0) },
  };
}
