/**
 * What the comforts know of the open conversation, read and changed.
 */

import type { Core } from '../panel/core.js';
import type { Thread, ThreadExtra } from '../panel/state.js';
import { patchThread } from '../panel/thread.js';

const NONE: ThreadExtra = { about: null, isTyping: false, missed: 0, shown: null, find: null };

export function extraOf(thread: Thread | null): ThreadExtra {
  return thread?.extra ?? NONE;
}

/** Changes nothing where another conversation is open by now. */
export function patchExtra(core: Core, address: string, patch: Partial<ThreadExtra>): void {
  const extra = { ...extraOf(core.state().thread), ...patch };
  patchThread(core, address, { extra });
}
