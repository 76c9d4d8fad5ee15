/**
 * A store that is an older copy of itself begins a new log, and writes what it does not know to have
 * arrived into it again: a batch at a time, each of them one write, so that a page that dies on the
 * way goes on where it was.
 */

import { type Bytes, equal, fromHex, toHex } from '../base/bytes.js';
import type { TagOf } from '../crypto/entry-tag.js';
import type { Entry, EntryBody, EntryPlace, EntryRef } from '../protocol/entry.js';
import { DEVICE_BYTES } from '../protocol/limits.js';
import type { Storage, Write } from '../storage/storage.js';
import { advanced } from './advance.js';
import { isShown } from './entry-rows.js';
import { Folding } from './folding.js';
import { logKey, logName, messageId, orderKey } from './keys.js';
import type { ConversationRecord } from './records.js';
import type { Shelf } from './shelf.js';

/** Entries moved in one write. */
const BATCH = 200;

export interface MovingHost {
  readonly storage: Storage;
  readonly shelf: Shelf;
  readonly me: Bytes;
  readonly tagOf: TagOf;
  readonly ledger: {
    readonly record: ConversationRecord;
    save(record: ConversationRecord, writes: readonly Write[]): Promise<void>;
  };
}

/** The record with a new log in it, into which the present one is to be moved. */
export function renewed(
  record: ConversationRecord,
  { random, me }: { random(length: number): Bytes; readonly me: { readonly key: Bytes } },
): Partial<ConversationRecord> {
  const delivered = record.delivered[record.log] ?? 0;
  const ended = logName({ author: me.key, device: fromHex(record.log) });
  const { [ended]: _, ...times } = record.times;
  // What is moved away can come again from the other side, as it was written elsewhere.
  const { [ended]: before = 0, ...others } = record.heads;
  const stays = Math.min(before, delivered);
  return {
    log: toHex(random(DEVICE_BYTES)),
    moving: { ...record.moving, [record.log]: delivered },
    heads: stays > 0 ? { ...others, [ended]: stays } : others,
    times,
    isRebuilt: true,
    // What has a name is named by its place in the log that ends here.
    named: [],
  };
}

/** Moves all there is to move. */
export async function moveOn(host: MovingHost): Promise<void> {
  for (;;) {
    const [next] = Object.entries(host.ledger.record.moving);
    if (next === undefined) return;
    await moveBatch(host, ...next);
  }
}

async function moveBatch(host: MovingHost, from: string, upTo: number): Promise<void> {
  const { storage, shelf, me } = host;
  const record = host.ledger.record;
  const found = await shelf.behind({ author: me, device: fromHex(from) }, upTo, BATCH);
  const folding = new Folding({ ...record, storage, isUnread: () => false });
  const moved: Entry[] = [];
  /** Where entries of this batch have gone. */
  const gone = new Map<number, number>();
  for (const { entry, stored } of found) {
    const now = await movedBody(host, entry, from, gone);
    const head = record.heads[logName({ author: me, device: fromHex(record.log) })] ?? 0;
    const seq = head + moved.length + 1;
    const after = record.clock + moved.length + 1;
    const { tag: _, ...said } = entry;
    const place = { ...said, device: fromHex(record.log), seq, after, body: now };
    const next = { ...place, tag: await host.tagOf(place) };
    const { storedAt = 0, fold = {}, alias = messageId(entry) } = stored ?? {};
    const before = logKey(entry.conversation, entry);
    const isMessage = isShown({ entry, fold });
    folding.remove('logs', before);
    if (isMessage) folding.remove('entries', orderKey(entry));
    // Who knows it by its old place finds it.
    if (isMessage) folding.point(before, next);
    await folding.add({ entry: next, storedAt, fold, ...(isMessage && { alias }) });
    gone.set(entry.seq, seq);
    moved.push(next);
  }
  const { [from]: _, ...others } = record.moving;
  const moving = found.length < BATCH ? others : { ...others, [from]: upTo + found.length };
  const after = advanced(record, moved, me);
  await host.ledger.save({ ...after, moving, waiting: folding.waiting }, folding.writes);
}

/** Where a message that was moved to another log is now. */
async function moved({ storage, ledger }: MovingHost, ref: EntryRef): Promise<EntryRef> {
  const order = await storage.get('logs', logKey(fromHex(ledger.record.id), ref));
  if (typeof order !== 'string') return ref;
  // An order key ends with device and seq (keys.ts).
  const [device, seq] = [order.slice(-24, -8), order.slice(-8)];
  return { author: ref.author, device: fromHex(device), seq: Number.parseInt(seq, 16) };
}

/** What the entry says, of the places where things are now. */
async function movedBody(
  host: MovingHost,
  { body, author }: Entry,
  from: string,
  gone: ReadonlyMap<number, number>,
): Promise<EntryBody> {
  const log = fromHex(host.ledger.record.log);
  const place = async <Place extends EntryPlace>(of: Place): Promise<Place> => {
    if ('author' in of && !equal(of.author as Bytes, author)) return of;
    const seq = equal(of.device, fromHex(from)) ? gone.get(of.seq) : undefined;
    if (seq !== undefined) return { ...of, device: log, seq };
    return { ...of, ...(await moved(host, { ...of, author })) };
  };
  switch (body.kind) {
    case 'text':
      return body.replyTo === null ? body : { ...body, replyTo: await place(body.replyTo) };
    case 'edit':
    case 'delete':
      return { ...body, target: await place(body.target) };
    case 'react':
      return { ...body, target: await place(body.target) };
    default:
      return body;
  }
}
