/** How a store finds out, from what the other side has of it, that it is an older copy of itself. */

import type { DatedHead } from '../protocol/channel-frames.js';
import type { Conversation } from './conversation.js';
import { logName } from './keys.js';

/** Whether a head of my log tells of entries that this store does not have. */
export async function isBeyond(conversation: Conversation, head: DatedHead): Promise<boolean> {
  const { ownHead, record } = conversation;
  if (head.seq > ownHead) return true;
  const isLast = head.seq === ownHead;
  const time = isLast ? record.times[logName(head)] : (await conversation.get(head))?.entry.time;
  // Without a time nothing can be said: the entry was damaged here or there.
  return time !== head.time && Boolean(time) && head.time !== 0;
}
