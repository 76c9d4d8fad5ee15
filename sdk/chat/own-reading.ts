/**
 * Receipts, where words of mine come back: what another device of mine has read is read here too, and
 * what they have read of mine shows so, though they said it before the words were here.
 */

import { equal, toHex } from '../base/bytes.js';
import type { EntryRef } from '../protocol/entry.js';
import { MAX_LOGS } from '../protocol/limits.js';
import type { StoredEntry } from './entry-rows.js';
import { logName } from './keys.js';
import type { LevelTalk } from './level-talk.js';

/** Entries looked at in one go. */
const BATCH = 256;

/** Takes the receipts among entries of mine that came back as what I have seen. */
export async function seenByMe(
  conversation: LevelTalk,
  returned: readonly StoredEntry[],
): Promise<void> {
  const heads = returned.flatMap(({ entry: { body } }) =>
    body.kind === 'read' && equal(body.upTo.author, conversation.peer) ? body.upTo : [],
  );
  if (heads.length === 0) return;
  await conversation.append([], {}, async (record) => {
    const seen: Record<string, number> = { ...record.seen };
    let { unread } = record;
    for (const head of heads) {
      const name = logName(head);
      const from = seen[name] ?? 0;
      if (head.seq <= from || (from === 0 && Object.keys(seen).length >= MAX_LOGS)) continue;
      unread -= await wordsIn(conversation, head, from);
      seen[name] = head.seq;
    }
    return { seen, unread: Math.max(0, unread) };
  });
}

/**
 * How far the other person says to have read a log of mine that came back, looked for among the last
 * of what they wrote.
 * @param depth entries of each of their logs that are looked at
 */
export async function readByThem(
  conversation: LevelTalk,
  log: Omit<EntryRef, 'seq'>,
  depth: number,
): Promise<void> {
  let upTo = 0;
  for (const head of conversation.heads) {
    if (!equal(head.author, conversation.peer)) continue;
    const end = Math.max(0, head.seq - depth);
    for (let at = head.seq; at > end && upTo === 0; at -= BATCH) {
      const from = Math.max(end, at - BATCH);
      for (const { entry } of await conversation.shelf.behind(head, from, at - from)) {
        if (entry.body.kind !== 'read') continue;
        const { author, device, seq } = entry.body.upTo;
        if (equal(author, log.author) && equal(device, log.device)) upTo = Math.max(upTo, seq);
      }
    }
  }
  const device = toHex(log.device);
  const here = (heads: Readonly<Record<string, number>>) =>
    Math.min(upTo, heads[logName(log)] ?? 0);
  if (upTo <= conversation.readTo(log.device)) return;
  await conversation.append([], {}, ({ read, heads }) => ({
    read: { ...read, [device]: Math.max(read[device] ?? 0, here(heads)) },
  }));
}

/** How many messages stand in a log behind `from`, up to a head. */
async function wordsIn(conversation: LevelTalk, head: EntryRef, from: number): Promise<number> {
  let count = 0;
  for (let at = from; at < head.seq; at += BATCH) {
    const entries = await conversation.shelf.behind(head, at, Math.min(BATCH, head.seq - at));
    count += entries.filter(
      ({ entry, stored }) => entry.body.kind === 'text' && !stored?.fold?.isDeleted,
    ).length;
    if (entries.length < BATCH) break;
  }
  return count;
}
