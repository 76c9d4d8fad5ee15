/**
 * What the SDK tells by itself: into the state, and on to the page as events of the element.
 */

import type { PimEvents } from '../../sdk/index.js';
import type { PimPort } from '../port.js';
import type { Core } from './core.js';
import { type Fault, toFault } from './fault.js';
import {
  withAnswered,
  withConnection,
  withContact,
  withConversation,
  withRelay,
  withRequest,
} from './reduce.js';
import type { State } from './state.js';
import { markRead, received, updated } from './thread.js';

/** Failures by themselves that a person should hear of; the others show where they matter. */
const TOLD = /^storage\/(?:full|failed|invalid)$/;

export interface LifeNews {
  ready(event: PimEvents['ready']): void;
  /** Another tab took the identity. */
  taken(): void;
  /** Another tab erased everything. */
  erased(): void;
  /** The key was closed, in whatever tab. */
  shut(fault: Fault): void;
}

/** Listens until the returned function is called. */
export function listen(core: Core, pim: PimPort, life: LifeNews): () => void {
  const { outside } = core;
  const failed = (error: unknown): void => {
    const fault = toFault(error);
    outside.emit('pim-error', error);
    if (fault.code === 'pim/elsewhere') life.taken();
    else if (fault.code === 'pim/stopped') life.erased();
    else if (fault.code === 'identity/locked') life.shut(fault);
    else if (TOLD.test(fault.code)) core.set({ notice: fault });
    else if (fault.code === 'storage/unavailable') notKept(core);
  };
  const told = <Name extends keyof PimEvents>(
    name: Name,
    reduce: (state: State, event: PimEvents[Name]) => Partial<State>,
    then?: (event: PimEvents[Name]) => void,
  ) =>
    pim.on(name, (event) => {
      core.set(reduce(core.state(), event));
      then?.(event);
    });
  const undo = [
    pim.on('ready', (event) => life.ready(event)),
    pim.on('message', (message) => {
      received(core, pim, message).catch(failed);
      outside.emit('pim-message', message);
    }),
    pim.on('message:update', (message) => updated(core, message)),
    told('conversation', withConversation, () => {
      markRead(core, pim).catch(failed); // only now is it known to be unread
    }),
    told('contact', withContact),
    told('request', withRequest, (request) => outside.emit('pim-request', request)),
    told('request:declined', withAnswered),
    told('connection', withConnection, (status) => outside.emit('pim-connection', status)),
    told('relay', withRelay),
    pim.on('error', failed),
  ];
  return () => {
    for (const end of undo) end();
  };
}

function notKept(core: Core): void {
  const { me } = core.state();
  if (me !== null) core.set({ me: { ...me, isPersistent: false } });
}
