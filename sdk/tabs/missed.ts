/**
 * What a tab was not told of while nobody led: read from the store, by how far each conversation was
 * told of before. A leader that dies between a write and its event leaves only the write.
 */

import type { Access } from '../access.js';
import { type Bytes, fromHex } from '../base/bytes.js';
import type { Conversation } from '../chat/conversation.js';
import type { StoredEntry } from '../chat/entry-rows.js';
import { parseLogName } from '../chat/keys.js';
import type { Message } from '../events.js';
import { encodeAddress } from '../protocol/address.js';
import { MAX_PAGE } from '../protocol/limits.js';
import { type Mark, markOf, type Told } from './snapshot.js';

const NOTHING: Mark = { heads: {}, delivered: {}, read: {}, unread: 0 };

/**
 * At most the newest 500 entries of a log.
 * @param marks as of the moment this is called at, not later, the events told are complete from
 */
export async function missed(
  access: Access,
  marks: Readonly<Record<string, Mark>>,
): Promise<Told[]> {
  const { chat } = access.running();
  const now = chat.conversations.all.map((each) => [each, markOf(each)] as const);
  const told: Told[] = [];
  for (const [conversation, mark] of now) {
    const before = marks[conversation.name] ?? NOTHING;
    if (JSON.stringify(before) !== JSON.stringify(mark)) {
      told.push(...(await missedOf(access, conversation, before, mark)));
    }
  }
  return told;
}

async function missedOf(
  { running }: Access,
  conversation: Conversation,
  before: Mark,
  now: Mark,
): Promise<Told[]> {
  const { view, identity } = running();
  const seen = (stored: StoredEntry | null): Message | null =>
    stored && view.message(conversation, stored);
  const entries: StoredEntry[] = [];
  for (const [name, to] of Object.entries(now.heads)) {
    entries.push(...(await behind(conversation, parseLogName(name), before.heads[name], to)));
  }
  entries.sort((a, b) => a.storedAt - b.storedAt || a.entry.after - b.entry.after);
  const told: Told[] = [];
  const receipts: Told[] = [];
  const updated = new Map<string, Message>();
  for (const stored of entries) {
    const { author, body } = stored.entry;
    const message = seen(stored);
    if (message && !message.deleted) told.push({ type: 'message', event: message });
    if (!('target' in body)) continue;
    const target = seen(await conversation.get({ author, ...body.target }));
    if (target) updated.set(target.id, target);
  }
  const author = identity.keys.publicKey;
  for (const kind of ['delivered', 'read'] as const) {
    const ids: string[] = [];
    for (const [device, to] of Object.entries(now[kind])) {
      const log = { author, device: fromHex(device) };
      for (const stored of await behind(conversation, log, before[kind][device], to)) {
        const message = seen(stored);
        if (message === null) continue;
        updated.set(message.id, message);
        ids.push(message.id);
      }
    }
    const from = encodeAddress(conversation.peer);
    const event = { conversation: conversation.name, from, ids, kind };
    if (ids.length > 0) receipts.push({ type: 'receipt', event });
  }
  const fresh = new Set(told.flatMap((each) => (each.type === 'message' ? each.event.id : [])));
  for (const event of updated.values()) {
    if (!fresh.has(event.id)) told.push({ type: 'message:update', event });
  }
  told.push(...receipts);
  const summary = await view.summary(conversation);
  return summary ? [...told, { type: 'conversation', event: summary }] : told;
}

async function behind(
  conversation: Conversation,
  log: { readonly author: Bytes; readonly device: Bytes },
  from: number | undefined,
  to: number,
): Promise<StoredEntry[]> {
  const first = Math.max(from ?? 0, to - MAX_PAGE);
  if (to <= first) return [];
  const rows = await conversation.shelf.behind(log, first, to - first);
  return rows.flatMap(({ stored }) => stored ?? []);
}
