/**
 * Entries as rows. What is shown lies under its place in reading order, with a pointer to there under
 * its place in its log; everything else lies in its log alone, so that a page of messages is a range
 * of rows, however many reactions and receipts there are.
 */

import type { Bytes } from '../base/bytes.js';
import {
  decodeEntry,
  type Entry,
  type EntryRef,
  encodeEntry,
  NO_TAG,
  NOTHING,
} from '../protocol/entry.js';
import type { Row, Write } from '../storage/storage.js';
import { clockOf, logKey, orderKey } from './keys.js';

/** The newest edit of a message. */
export interface Edit {
  /** Its place in reading order. */
  readonly order: string;
  /** Its place in its log. */
  readonly key: string;
  readonly text: string;
  readonly time: number;
}

/** The last word of one person about one emoji at a message. */
export interface Reaction {
  /** Hexadecimal. */
  readonly author: string;
  readonly emoji: string;
  readonly order: string;
  readonly isSet: boolean;
}

/** What later entries made of a message (fold.ts), kept in its row. */
export interface Fold {
  readonly edit?: Edit;
  readonly isDeleted?: true;
  /** By order. */
  readonly reactions?: readonly Reaction[];
}

/** An entry with the moment it was stored here, milliseconds since 1970, and what became of it. */
export interface StoredEntry {
  readonly entry: Entry;
  readonly storedAt: number;
  readonly fold?: Fold;
  /** The id people's programs know it by, where it was moved since they learned it. */
  readonly alias?: string;
}

interface EntryRow {
  readonly bytes: Bytes;
  readonly storedAt: number;
  readonly fold?: Fold;
  readonly alias?: string;
}

/** Whether people see the entry, or what is left of it, as a message. */
export function isShown({ entry, fold }: Omit<StoredEntry, 'storedAt'>): boolean {
  return entry.body.kind === 'text' || fold?.isDeleted === true;
}

export function writesOf(stored: StoredEntry): Write[] {
  const { entry, storedAt, fold, alias } = stored;
  const row: EntryRow = {
    bytes: encodeEntry(entry),
    storedAt,
    ...(fold !== undefined && Object.keys(fold).length > 0 && { fold }),
    ...(alias !== undefined && { alias }),
  };
  const place = logKey(entry.conversation, entry);
  if (!isShown(stored)) return [{ table: 'logs', key: place, value: row }];
  const order = orderKey(entry);
  return [
    { table: 'entries', key: order, value: row },
    { table: 'logs', key: place, value: order },
  ];
}

/** Null where the row cannot be read any more. */
export function readRow(value: unknown): StoredEntry | null {
  const row = value as Partial<EntryRow> | null | undefined;
  if (!(row?.bytes instanceof Uint8Array) || typeof row.storedAt !== 'number') return null;
  try {
    const { bytes, storedAt, fold, alias } = row;
    const known = typeof alias === 'string' ? { alias } : {};
    const folded = fold === undefined ? {} : { fold: readFold(fold) };
    return { entry: decodeEntry(bytes), storedAt, ...folded, ...known };
  } catch {
    return null;
  }
}

/** A fold that is damaged costs what it says, not the message. */
export function readFold(value: unknown): Fold {
  const { edit, isDeleted, reactions } = (value ?? {}) as Partial<Fold>;
  if (isDeleted === true) return { isDeleted };
  const hasEdit = typeof edit?.text === 'string' && typeof edit.order === 'string';
  return {
    ...(hasEdit && { edit }),
    ...(Array.isArray(reactions) && { reactions: reactions.filter(isReaction) }),
  };
}

function isReaction(value: unknown): value is Reaction {
  const { author, emoji, order } = (value ?? {}) as Partial<Reaction>;
  return [author, emoji, order].every((each) => typeof each === 'string');
}

/**
 * What stands in a log for an entry that cannot be read any more: nothing, in its place, so that the
 * entries behind it still reach the other side.
 */
export function gapEntry(log: Row, conversation: Bytes, ref: Omit<EntryRef, 'seq'>): Entry {
  return {
    conversation,
    author: ref.author,
    device: ref.device,
    seq: Number.parseInt(log.key.slice(-8), 16),
    after: clockOf(String(log.value)),
    time: 0,
    body: NOTHING,
    tag: NO_TAG,
  };
}
