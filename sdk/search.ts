/**
 * Finds words in a conversation: reads it backwards a page at a time and keeps nothing but what fits.
 * Fetched at the first use.
 */

import { invalidOption } from './base/check.js';
import { PimError } from './base/errors.js';
import type { Conversation } from './chat/conversation.js';
import type { Message } from './events.js';
import type { EntryRef } from './protocol/entry.js';
import type { View } from './view.js';

/** Messages read from the store in one go. */
const BATCH = 250;
/** Characters. Longer ones are no words one looks for. */
const MAX_QUERY_CHARS = 256;

export async function search(
  view: View,
  conversation: Conversation,
  query: string,
  range: { limit: number; before: EntryRef | null; signal: AbortSignal | null },
): Promise<{ messages: Message[]; more: boolean }> {
  const words = checkQuery(query);
  const { limit, before, signal } = range;
  const { shelf } = conversation;
  let place = before === null ? null : await shelf.placeOf(before);
  const messages: Message[] = [];
  for (;;) {
    if (signal?.aborted) throw new PimError('pim/aborted', 'The search was given up.', null);
    const page = await shelf.rowsBefore(place, BATCH);
    for (const [i, stored] of page.entries.entries()) {
      const message = view.message(conversation, stored);
      if (message === null || !plain(message.text).includes(words)) continue;
      messages.push(message);
      if (messages.length < limit) continue;
      return { messages, more: page.more || i < page.entries.length - 1 };
    }
    if (!page.more || page.end === null) return { messages, more: false };
    place = page.end;
  }
}

/** Without accents and case: NFKD apart, marks off (Unicode UAX #15, UTS #10 primary strength). */
export function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .normalize('NFC');
}

/** @throws options/invalid */
function checkQuery(query: unknown): string {
  const words = typeof query === 'string' ? plain(query.trim()) : '';
  if (words !== '' && words.length <= MAX_QUERY_CHARS) return words;
  throw invalidOption('query', `a text of 1 to ${MAX_QUERY_CHARS} characters`);
}
