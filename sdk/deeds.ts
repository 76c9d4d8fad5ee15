/**
 * What one does to a message that is there: look it up, edit, delete, react; and drafts. Fetched at the
 * first use.
 */

import { type Access, findConversation } from './access.js';
import { equal, utf8 } from './base/bytes.js';
import { cleanLine, invalidOption } from './base/check.js';
import { PimError } from './base/errors.js';
import type { Conversation } from './chat/conversation.js';
import { isShown, type StoredEntry } from './chat/entry-rows.js';
import { DRAFT } from './chat/keys.js';
import { unknownMessage } from './chat/shelf.js';
import { checkText, refOf } from './content.js';
import type { Message } from './events.js';
import type { EntryBody } from './protocol/entry.js';
import { MAX_EMOJI_BYTES } from './protocol/limits.js';

export async function get(access: Access, target: string, id: string): Promise<Message | null> {
  const conversation = findConversation(access, target);
  const ref = refOf(id, 'id');
  const stored = ref === null ? null : await conversation.get(ref);
  return stored === null ? null : access.running().view.message(conversation, stored);
}

export async function edit(
  access: Access,
  target: string,
  id: string,
  text: string,
): Promise<Message> {
  const words = checkText(text);
  const found = await findMine(access, target, id);
  if (found.stored.fold?.isDeleted) throw deleted();
  const { entry, fold } = found.stored;
  const now = fold?.edit?.text ?? (entry.body.kind === 'text' ? entry.body.text : '');
  if (now === words) return seen(access, found);
  return write(access, found, { kind: 'edit', target: entry, text: words });
}

async function remove(access: Access, target: string, id: string): Promise<Message> {
  const found = await findMine(access, target, id);
  if (found.stored.fold?.isDeleted) return seen(access, found);
  return write(access, found, { kind: 'delete', target: found.stored.entry });
}

export { remove as delete };

export const react = (...given: [Access, target: string, id: string, emoji: string]) =>
  setReaction(true, ...given);
export const unreact = (...given: Parameters<typeof react>) => setReaction(false, ...given);

async function setReaction(
  isSet: boolean,
  access: Access,
  target: string,
  id: string,
  emoji: string,
): Promise<Message> {
  checkEmoji(emoji);
  const found = await find(access, target, id);
  if (found.stored.fold?.isDeleted) throw deleted();
  const me = access.running().identity.address;
  const { reactions } = seen(access, found);
  const isThere = reactions.some((each) => each.emoji === emoji && each.from.includes(me));
  if (isThere === isSet) return seen(access, found);
  return write(access, found, { kind: 'react', target: found.stored.entry, isSet, emoji });
}

export async function draft(access: Access, target: string): Promise<string> {
  const { name } = findConversation(access, target);
  const text = await access.running().storage.get('meta', DRAFT + name);
  return typeof text === 'string' ? text : '';
}

export async function setDraft(access: Access, target: string, text: string): Promise<void> {
  const { name } = findConversation(access, target);
  const row = { table: 'meta', key: DRAFT + name } as const;
  const isEmpty = typeof text === 'string' && text.trim() === '';
  const write = isEmpty ? { ...row, remove: true as const } : { ...row, value: checkText(text) };
  await access.running().storage.write([write], true);
}

interface Found {
  readonly conversation: Conversation;
  readonly stored: StoredEntry;
}

async function find(access: Access, target: string, id: string): Promise<Found> {
  const conversation = findConversation(access, target);
  const ref = refOf(id, 'id');
  const stored = ref === null ? null : await conversation.get(ref);
  if (stored === null || !isShown(stored)) throw unknownMessage();
  return { conversation, stored };
}

async function findMine(access: Access, target: string, id: string): Promise<Found> {
  const found = await find(access, target, id);
  const { publicKey } = access.running().identity.keys;
  if (equal(found.stored.entry.author, publicKey)) return found;
  throw new PimError('message/not-mine', 'Only its author can change a message.', null);
}

/** Writes what changes the message, and gives the message as it is then. */
async function write(access: Access, found: Found, body: EntryBody): Promise<Message> {
  const { conversation, stored } = found;
  await access.running().chat.add(conversation, body);
  return seen(access, { conversation, stored: (await conversation.get(stored.entry)) ?? stored });
}

function seen(access: Access, { conversation, stored }: Found): Message {
  const message = access.running().view.message(conversation, stored);
  if (message === null) throw unknownMessage();
  return message;
}

function checkEmoji(emoji: unknown): void {
  const bytes = typeof emoji === 'string' && cleanLine(emoji) === emoji ? utf8(emoji).length : 0;
  if (bytes > 0 && bytes <= MAX_EMOJI_BYTES) return;
  throw invalidOption('emoji', `an emoji of at most ${MAX_EMOJI_BYTES} bytes`);
}

function deleted(): PimError<'message/deleted'> {
  return new PimError('message/deleted', 'This message was deleted.', null);
}
