/**
 * Forgetting somebody: the contact, the conversation and every row of it. Fetched when it is done.
 */

import type { Bytes } from '../base/bytes.js';
import type { Storage, TableName, Write } from '../storage/storage.js';
import { CLOCK, DRAFT, prefixEnd } from './keys.js';
import type { ContactRecord } from './records.js';

interface Forgettable {
  readonly name: string;
  readonly record: { readonly clock: number };
}

/** What is asked to forget. */
export interface RemovalHost<Talk extends Forgettable> {
  readonly people: {
    remove(key: Bytes, also: readonly Write[]): Promise<ContactRecord | null>;
  };
  readonly conversations: {
    of(key: Bytes): Talk | null;
    forget(conversation: Talk): void;
  };
  readonly owner: { readonly storage: Storage };
  readonly book: { drop(key: Bytes): void };
  readonly outreach: { stop(key: Bytes): void };
  onContact(contact: ContactRecord, isRemoved: boolean): void;
}

export async function remove<Talk extends Forgettable>(
  host: RemovalHost<Talk>,
  key: Bytes,
): Promise<void> {
  const { people, conversations, owner, book, outreach } = host;
  outreach.stop(key);
  book.drop(key);
  const conversation = conversations.of(key);
  const writes = conversation === null ? [] : await removalOf(owner.storage, conversation);
  const removed = await people.remove(key, writes);
  if (removed !== null) host.onContact(removed, true);
  if (conversation !== null) conversations.forget(conversation);
}

/** Forgets a contact, with `also` in the same transaction. */
export async function forget(
  storage: Storage,
  contacts: Map<string, ContactRecord>,
  key: string,
  also: readonly Write[],
): Promise<ContactRecord | null> {
  const before = contacts.get(key);
  if (before === undefined) return null;
  await storage.write([{ table: 'contacts', key, remove: true }, ...also]);
  contacts.delete(key);
  return before;
}

/** The relays of everybody who is left. */
export function relaysOf(contacts: readonly ContactRecord[]): Set<string> {
  const known = contacts.filter(({ status }) => status !== 'blocked');
  return new Set(known.flatMap(({ relays }) => relays));
}

/** The writes that remove every row of a conversation. */
export async function removalOf(storage: Storage, conversation: Forgettable): Promise<Write[]> {
  const { name, record } = conversation;
  const range = { from: `${name}/`, to: prefixEnd(`${name}/`) };
  const within = async (table: TableName) => {
    const rows = await storage.list(table, range);
    return rows.map(({ key }): Write => ({ table, key, remove: true }));
  };
  const rows = await Promise.all([within('entries'), within('logs'), within('files')]);
  return [
    ...rows.flat(),
    { table: 'conversations', key: name, remove: true },
    { table: 'meta', key: DRAFT + name, remove: true },
    // All that stays: were it to begin at 0 again, new words would stand above old ones over there.
    { table: 'meta', key: CLOCK + name, value: record.clock },
  ];
}
