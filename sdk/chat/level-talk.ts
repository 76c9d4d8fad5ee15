/** A conversation, as far as bringing its older logs level goes; and who writes in it. */

import type { Bytes } from '../base/bytes.js';
import type { TagOf } from '../crypto/entry-tag.js';
import type { DatedHead } from '../protocol/channel-frames.js';
import type { Entry, EntryBody, EntryPlace } from '../protocol/entry.js';
import type { StoredEntry } from './entry-rows.js';
import type { ConversationRecord } from './records.js';
import type { Shelf } from './shelf.js';

/** Who writes here, and what makes entries known to be theirs. */
export interface Me {
  readonly key: Bytes;
  readonly tagOf: TagOf;
}

export interface LevelTalk {
  readonly id: Bytes;
  readonly peer: Bytes;
  readonly log: Bytes;
  readonly shelf: Shelf;
  readonly record: ConversationRecord;
  readonly heads: readonly DatedHead[];
  append(
    bodies: readonly EntryBody[],
    change: Partial<ConversationRecord>,
    once: (
      record: ConversationRecord,
    ) => Partial<ConversationRecord> | Promise<Partial<ConversationRecord>>,
  ): Promise<StoredEntry[]>;
  receive(take: () => readonly Entry[], author: Bytes): Promise<StoredEntry[]>;
  deliver(log: EntryPlace): Promise<number>;
  deliveredTo(device: Bytes): number;
  readTo(device: Bytes): number;
}
