/**
 * From messages to what a reader sees: days, and groups of what one person said in one go.
 */

import type { Message } from '../../sdk/index.js';

export type Item =
  | { readonly kind: 'day'; readonly key: string; readonly time: number }
  | { readonly kind: 'new'; readonly key: string }
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly mine: boolean;
      readonly messages: readonly Message[];
    };

/** Milliseconds between two messages of one person after which the later begins a new group. */
const GROUP_GAP = 5 * 60_000;

/**
 * @param newFrom the first message that was unread when the conversation was opened
 * @param dayOf names the day of a time, in the reader's time zone
 */
export function timeline(
  messages: readonly Message[],
  newFrom: string | null,
  dayOf: (time: number) => string,
): readonly Item[] {
  const items: Item[] = [];
  let group: Message[] = [];
  let before: Message | null = null;
  for (const message of messages) {
    const isNewDay = before === null || dayOf(before.time) !== dayOf(message.time);
    const isNew = message.id === newFrom;
    if (isNewDay) items.push({ kind: 'day', key: `day ${message.id}`, time: message.time });
    if (isNew) items.push({ kind: 'new', key: 'new' });
    if (isNewDay || isNew || before === null || !isSameBreath(before, message)) {
      group = [];
      items.push({ kind: 'group', key: message.id, mine: message.mine, messages: group });
    }
    group.push(message);
    before = message;
  }
  return items;
}

function isSameBreath(before: Message, after: Message): boolean {
  return before.mine === after.mine && after.time - before.time < GROUP_GAP;
}
