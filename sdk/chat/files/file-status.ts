/**
 * How a file stands, as people's programs see it.
 */

import type { PimError } from '../../base/errors.js';

export type FileState =
  /** Theirs: nobody has said yes or no yet. Mine: nobody has begun to fetch it. */
  | 'offered'
  /** Wanted; the other side is not here, or other files come first. */
  | 'waiting'
  | 'running'
  | 'paused'
  /** All of it is there, checked. */
  | 'done'
  | 'declined'
  /** Given up by whoever `by` says. */
  | 'cancelled'
  /** The device it is sent from no longer has it at hand; there it can be chosen again. */
  | 'missing'
  /** Something went wrong, `reason` says what; it may be tried again. */
  | 'failed';

export interface FileStatus {
  /** The message it came with. */
  readonly id: string;
  readonly conversation: string;
  /** For saving: one line without path separators, whatever the sender says. */
  readonly name: string;
  /** Bytes of the whole. */
  readonly size: number;
  /** As its sender says. */
  readonly type: string;
  readonly mine: boolean;
  readonly state: FileState;
  /** Bytes that are over there, or here. */
  readonly bytes: number;
  /** Who paused, declined or cancelled it. */
  readonly by: 'me' | 'them' | null;
  readonly reason: PimError | null;
  /** Whether `read` gives it on this device. */
  readonly isHere: boolean;
}
