/**
 * What entries make of a conversation's record, without the store: which of them are taken, how far
 * logs and clock are then, what was read. Pure.
 */

import { type Bytes, equal, toHex } from '../base/bytes.js';
import type { Entry, EntryBody } from '../protocol/entry.js';
import { MAX_CLOCK_LEAP, MAX_LOGS } from '../protocol/limits.js';
import { logName, parseLogName } from './keys.js';
import type { ConversationRecord } from './records.js';

/** Who the entries must be of, and where. */
export interface Names {
  readonly id: Bytes;
  readonly peer: Bytes;
}

/** The entries that are taken, docs/protocol.md §8.4. */
export function freshOf(
  record: ConversationRecord,
  entries: readonly Entry[],
  { id, peer }: Names,
): Entry[] {
  const heads: Record<string, number> = { ...record.heads };
  let { clock } = record;
  let logs = Object.keys(heads).length;
  const fresh: Entry[] = [];
  for (const entry of entries) {
    const name = logName(entry);
    const head = heads[name] ?? 0;
    if (entry.seq <= head) continue;
    const isTheirs = equal(entry.author, peer) && equal(entry.conversation, id);
    if (!isTheirs || entry.seq !== head + 1 || entry.after > clock + MAX_CLOCK_LEAP) continue;
    if (head === 0 && logs === MAX_LOGS) continue;
    if (head === 0) logs++;
    heads[name] = entry.seq;
    clock = Math.max(clock, entry.after);
    fresh.push(entry);
  }
  return fresh;
}

/** The record with these entries in it. */
export function advanced(
  record: ConversationRecord,
  entries: readonly Entry[],
  me: Bytes,
): ConversationRecord {
  const heads: Record<string, number> = { ...record.heads };
  const times: Record<string, number> = { ...record.times };
  const read: Record<string, number> = { ...record.read };
  let { clock } = record;
  for (const entry of entries) {
    const name = logName(entry);
    heads[name] = entry.seq;
    times[name] = entry.time;
    clock = Math.max(clock, entry.after);
    if (entry.body.kind !== 'read') continue;
    const { upTo } = entry.body;
    const device = toHex(upTo.device);
    // Only what is written can be read, and of what I do not know I keep no names.
    const isMine = equal(upTo.author, me) && upTo.seq <= (heads[logName(upTo)] ?? 0);
    if (isMine) read[device] = Math.max(read[device] ?? 0, upTo.seq);
  }
  return { ...record, heads, times, read, clock };
}

/** Their logs as read to the end, and what tells them so. */
export function readTo(
  record: ConversationRecord,
  { peer }: Names,
): { readonly seen: Record<string, number>; readonly read: EntryBody[] } {
  const seen: Record<string, number> = {};
  const read: EntryBody[] = [];
  for (const [name, seq] of Object.entries(record.heads)) {
    if (!name.startsWith(toHex(peer))) continue;
    seen[name] = seq;
    if (seq > (record.seen[name] ?? 0))
      read.push({ kind: 'read', upTo: { ...parseLogName(name), seq } });
  }
  return { seen, read };
}

/** Entries that change no other one. */
export function isPlain({ body }: Entry): boolean {
  return body.kind !== 'edit' && body.kind !== 'delete' && body.kind !== 'react';
}
