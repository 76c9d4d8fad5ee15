/**
 * What the SDK tells by itself: into the state, and on to the page as events of the element.
 */

import type { PimEvents } from '../../sdk/index.js';
import type { PimPort } from '../port.js';
import type { Core } from './core.js';
import { toFault } from './fault.js';
import { withConnection, withContact, withConversation, withRelay, withRequest } from './reduce.js';
import { markRead, received, updated } from './thread.js';

/** Failures by themselves that a person should hear of; the others show where they matter. */
const TOLD: ReadonlySet<string> = new Set(['storage/full', 'storage/failed', 'storage/invalid']);

export interface LifeNews {
  ready(event: PimEvents['ready']): void;
  /** Another tab took the identity. */
  taken(): void;
  /** Another tab erased everything. */
  erased(): void;
}

/** Listens until the returned function is called. */
export function listen(core: Core, pim: PimPort, life: LifeNews): () => void {
  const { outside } = core;
  const failed = (error: unknown): void => {
    const fault = toFault(error);
    outside.emit('pim-error', error);
    if (fault.code === 'pim/elsewhere') life.taken();
    else if (fault.code === 'pim/stopped') life.erased();
    else if (TOLD.has(fault.code)) core.set({ notice: fault });
    else if (fault.code === 'storage/unavailable') notKept(core);
  };
  const undo = [
    pim.on('ready', (event) => life.ready(event)),
    pim.on('message', (message) => {
      received(core, pim, message).catch(failed);
      outside.emit('pim-message', message);
    }),
    pim.on('message:update', (message) => updated(core, message)),
    pim.on('conversation', (changed) => {
      core.set({ conversations: withConversation(core.state().conversations, changed) });
      markRead(core, pim).catch(failed); // only now is it known to be unread
    }),
    pim.on('contact', (change) => core.set(withContact(core.state(), change))),
    pim.on('request', (request) => {
      core.set({ requests: withRequest(core.state().requests, request) });
      outside.emit('pim-request', request);
    }),
    pim.on('connection', (status) => {
      core.set({ thread: withConnection(core.state().thread, status) });
      outside.emit('pim-connection', status);
    }),
    pim.on('relay', (relay) => core.set(withRelay(core.state(), relay))),
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
