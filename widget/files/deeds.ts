/**
 * What one can do about a file, and what is to be said of it, by how it stands. Pure.
 */

import type { FileStatus } from '../../sdk/index.js';
import type { StringKey } from '../strings.js';

export interface Deed {
  readonly does: 'accept' | 'decline' | 'pause' | 'resume' | 'cancel' | 'save' | 'choose';
  readonly says: StringKey;
}

const ACCEPT: Deed = { does: 'accept', says: 'file.accept' };
const DECLINE: Deed = { does: 'decline', says: 'file.decline' };
const PAUSE: Deed = { does: 'pause', says: 'file.pause' };
const RESUME: Deed = { does: 'resume', says: 'file.resume' };
const AGAIN: Deed = { does: 'resume', says: 'file.again' };
const CANCEL: Deed = { does: 'cancel', says: 'file.cancel' };
const SAVE: Deed = { does: 'save', says: 'file.save' };
const CHOOSE: Deed = { does: 'choose', says: 'file.choose' };

/** The likeliest first. */
export function deedsOf({ state, mine, by }: FileStatus): readonly Deed[] {
  switch (state) {
    case 'offered':
      return mine ? [CANCEL] : [ACCEPT, DECLINE];
    case 'waiting':
    case 'running':
      return [PAUSE, CANCEL];
    case 'paused':
      return by === 'me' ? [RESUME, CANCEL] : [CANCEL];
    case 'missing':
      return mine ? [CHOOSE, CANCEL] : [CANCEL];
    case 'failed':
      return mine ? [CANCEL] : [AGAIN, CANCEL];
    case 'done':
      return mine ? [] : [SAVE];
    default:
      return mine || by === 'them' ? [] : [ACCEPT];
  }
}

/** What is said beside its size; null where that is enough. */
export function noteOf({ state, mine, by }: FileStatus): StringKey | null {
  const whose = by === 'me' ? 'me' : 'them';
  switch (state) {
    case 'offered':
      return mine ? 'file.offered-mine' : null;
    case 'waiting':
      return 'file.waiting';
    case 'paused':
    case 'declined':
    case 'cancelled':
      return `file.${state}-${whose}`;
    case 'missing':
      return mine ? 'file.missing-mine' : 'file.missing-theirs';
    default:
      return null;
  }
}
