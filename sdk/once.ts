/**
 * A message that is written once, however often it is sent: by a name that the caller gives it, kept
 * with the conversation in the same write. Fetched at the first use.
 */

import type { Access } from './access.js';
import type { Bytes } from './base/bytes.js';
import { checkName } from './base/check.js';
import { unknownMessage } from './chat/shelf.js';
import type { Message } from './events.js';
import type { EntryBody } from './protocol/entry.js';
import { MAX_NAME_BYTES } from './protocol/limits.js';

/** Names kept of a conversation: more calls than a tab that dies leaves without an answer. */
const KEPT = 64;

type Named = readonly [once: string, seq: number];

/** @throws options/invalid, message/unknown where it was written and is not here any longer */
export async function send(
  { running }: Access,
  to: Bytes,
  body: EntryBody,
  once: string,
): Promise<Message> {
  const name = checkName(once, 'once', MAX_NAME_BYTES);
  const { chat, view, identity } = running();
  let earlier: number | null = null;
  const { conversation, stored } = await chat.send(to, body, (record, seq) => {
    const named = (record.named ?? []).filter(isNamed);
    earlier = named.find(([each]) => each === name)?.[1] ?? null;
    return earlier === null ? { named: [...named, [name, seq]].slice(-KEPT) } : null;
  });
  const author = identity.keys.publicKey;
  const found =
    earlier === null
      ? stored
      : await conversation.get({ author, device: conversation.log, seq: earlier });
  const message = found && view.message(conversation, found);
  if (!message) throw unknownMessage();
  return message;
}

/** What is stored is input from outside like any other. */
function isNamed(value: unknown): value is Named {
  return Array.isArray(value) && typeof value[0] === 'string' && Number.isSafeInteger(value[1]);
}
