/**
 * What a conversation must look like, told as simply as can be: from the plain list of everything that
 * was ever written, without rows, batches or order of arrival.
 */

import { toHex } from '../../../sdk/base/bytes.js';
import { messageId, orderKey } from '../../../sdk/chat/keys.js';
import type { Entry, EntryPlace } from '../../../sdk/protocol/entry.js';

/** One message as people see it. */
export interface Seen {
  readonly id: string;
  readonly words: string;
  readonly emoji: readonly string[];
}

const names = (author: Uint8Array, { device, seq }: EntryPlace) =>
  `${toHex(author)}/${toHex(device)}/${seq}`;
const byOrder = (a: Entry, b: Entry) => (orderKey(a) < orderKey(b) ? -1 : 1);

/** What somebody who has exactly these entries sees, in reading order. */
export function referenceView(entries: readonly Entry[]): Seen[] {
  const sorted = [...entries].sort(byOrder);
  return sorted
    .filter(({ body }) => body.kind === 'text')
    .map((message) => {
      const name = names(message.author, message);
      let words = message.body.kind === 'text' ? message.body.text : '';
      const emoji = new Map<string, boolean>();
      let isDeleted = false;
      for (const { author, body } of sorted) {
        if (body.kind === 'react' && names(body.target.author, body.target) === name) {
          emoji.set(`${toHex(author).slice(0, 2)} ${body.emoji}`, body.isSet);
        }
        if (body.kind !== 'edit' && body.kind !== 'delete') continue;
        if (names(author, body.target) !== name) continue;
        if (body.kind === 'edit') words = body.text;
        else isDeleted = true;
      }
      const set = [...emoji].flatMap(([each, isSet]) => (isSet ? each : []));
      const id = messageId(message);
      return isDeleted ? { id, words: '', emoji: [] } : { id, words, emoji: set.sort() };
    });
}
