/**
 * Which conversations are more than a few plain words, so that what shows the rest is to be fetched.
 */

import type { Message } from '../../sdk/index.js';
import type { Thread } from './state.js';

/** Signs of links, marks, emoji and turned text; more than that is looked at by who can show it. */
const MARKS = /[*_`\u202A-\u202E]|:\/\/|www\.|mailto:|\p{Extended_Pictographic}|\p{RI}/iu;
/** Messages from which on a log has to be kept short. */
const MANY = 100;

export function wantsComforts(thread: Thread | null): boolean {
  if (thread === null) return false;
  const { hasPast, messages } = thread;
  return hasPast || messages.length > MANY || !messages.every(isPlain);
}

function isPlain({ text, deleted, editedAt, file, reactions, replyTo }: Message): boolean {
  return (
    !file &&
    !deleted &&
    editedAt === null &&
    reactions.length === 0 &&
    replyTo === null &&
    !MARKS.test(text)
  );
}
