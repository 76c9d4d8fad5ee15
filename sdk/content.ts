/**
 * What a caller gives `send`, checked.
 */

import { utf8 } from './base/bytes.js';
import { invalidOption } from './base/check.js';
import { PimError } from './base/errors.js';
import { parseMessageId } from './chat/keys.js';
import type { EntryBody, EntryRef } from './protocol/entry.js';
import { MAX_TEXT_BYTES } from './protocol/limits.js';

/** A message as `send` takes it: its text, or the text and the message it answers. */
export type MessageContent = string | { readonly text: string; readonly replyTo?: string };

/** What goes with a file. */
export interface FileToSend {
  /** Words beside it, at most 16,000 bytes of UTF-8. */
  readonly text?: string;
  /** The id of the message it answers. */
  readonly replyTo?: string;
  /** What it is to be called, where it is no File or under another name. */
  readonly name?: string;
  /**
   * Where it lies (File System Access API), so that it can be read again after a reload. Of files up
   * to 16 MiB a copy is kept anyway.
   */
  readonly handle?: unknown;
  /** Ends the reading of a large one, before anything is sent. */
  readonly signal?: AbortSignal;
  /** A name for this call, ≤ 64 bytes; a second one of the same name writes nothing. */
  readonly once?: string;
}

/** @throws message/empty, message/too-long, options/invalid where `replyTo` is no message id */
export function readContent(content: MessageContent): EntryBody {
  const { text, replyTo } =
    typeof content === 'object' && content !== null
      ? content
      : { text: content, replyTo: undefined };
  return { kind: 'text', text: checkText(text), replyTo: refOf(replyTo, 'replyTo') };
}

/** @throws message/empty, message/too-long */
export function checkText(text: unknown): string {
  if (typeof text !== 'string' || text.trim() === '') {
    throw new PimError('message/empty', 'There is nothing to send.', null);
  }
  const wellFormed = text.toWellFormed();
  const bytes = utf8(wellFormed).length;
  if (bytes <= MAX_TEXT_BYTES) return wellFormed;
  const detail = { bytes, maxBytes: MAX_TEXT_BYTES };
  throw new PimError('message/too-long', 'The message is too long.', detail);
}

/** @throws options/invalid where it is no message id */
export function refOf(id: string | undefined, option: string): EntryRef | null {
  if (id === undefined) return null;
  const ref = typeof id === 'string' ? parseMessageId(id) : null;
  if (ref !== null) return ref;
  throw invalidOption(option, 'the id of a message');
}
