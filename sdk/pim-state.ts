/**
 * The states of a Pim.
 */

import type { Table } from './base/state.js';

export type PimState = 'stopped' | 'starting' | 'started' | 'stopping';
export type PimEvent = 'start' | 'started' | 'failed' | 'stop' | 'stopped';

/** The states of a Pim; ARCHITECTURE.md draws this table. */
export const PIM: Table<PimState, PimEvent> = {
  stopped: { start: 'starting' },
  starting: { started: 'started', failed: 'stopped' },
  started: { stop: 'stopping' },
  stopping: { stopped: 'stopped' },
};
