/**
 * What later entries make of a message: the newest edit, whether it is deleted, who reacted how. A
 * fold is a join: the same entries give the same fold in whatever order, and however often, they come.
 */

import { toHex } from '../base/bytes.js';
import { cleanLine } from '../base/check.js';
import type { Entry, EntryRef } from '../protocol/entry.js';
import { MAX_REACTIONS } from '../protocol/limits.js';
import type { Edit, Fold, Reaction } from './entry-rows.js';
import { logKey, orderKey } from './keys.js';

/** What one entry does to which other one; null where it does nothing. */
export function deedOf(entry: Entry): { readonly target: EntryRef; readonly fold: Fold } | null {
  const { author, body, time } = entry;
  // The conversation's name is the same in all of them.
  const order = orderKey(entry).split('/')[1] ?? '';
  switch (body.kind) {
    case 'edit': {
      if (body.text === '') return null;
      const edit = { order, key: logKey(entry.conversation, entry), text: body.text, time };
      return { target: { ...body.target, author }, fold: { edit } };
    }
    case 'delete':
      return { target: { ...body.target, author }, fold: { isDeleted: true } };
    case 'react': {
      if (cleanLine(body.emoji) !== body.emoji) return null;
      const { target, emoji, isSet } = body;
      return { target, fold: { reactions: [{ author: toHex(author), emoji, order, isSet }] } };
    }
    default:
      return null;
  }
}

/** Commutative, associative and idempotent. */
export function merge(a: Fold, b: Fold): Fold {
  if (a.isDeleted || b.isDeleted) return { isDeleted: true };
  const edit = newer(a.edit, b.edit);
  const reactions = mergeReactions(a.reactions, b.reactions);
  return { ...(edit && { edit }), ...(reactions && { reactions }) };
}

function newer(a: Edit | undefined, b: Edit | undefined): Edit | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.order < b.order ? b : a;
}

function mergeReactions(
  a: readonly Reaction[] | undefined,
  b: readonly Reaction[] | undefined,
): readonly Reaction[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const newest = new Map<string, Reaction>();
  for (const each of [...a, ...b]) {
    const name = each.author + each.emoji;
    if ((newest.get(name)?.order ?? '') < each.order) newest.set(name, each);
  }
  const left = new Map<string, number>();
  // One that is pushed out can only come back by an entry newer than all that pushed it.
  const kept = [...newest.values()].sort(byOrder).reverse();
  return kept
    .filter(({ author }) => {
      const room = left.get(author) ?? MAX_REACTIONS;
      left.set(author, room - 1);
      return room > 0;
    })
    .reverse();
}

function byOrder(a: Reaction, b: Reaction): number {
  return a.order < b.order ? -1 : 1;
}
