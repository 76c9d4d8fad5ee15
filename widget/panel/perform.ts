/**
 * Request → deed, for what a conversation asks. What needs the SDK waits for it.
 */

import type { Core } from './core.js';
import type { Request } from './request.js';
import type { Screen } from './state.js';
import { openThread, sendTo } from './thread.js';

export type Perform = (core: Core, request: Request) => Promise<void>;

/** What a chunk does with requests: its own deeds, and others before or after what `next` does. */
export type Layer = (next: Perform) => Perform;

export const perform: Perform = async (core, request) => {
  switch (request.ask) {
    case 'begin':
      return core.begin();
    case 'go':
      return go(core, request.screen);
    case 'open':
      return openThread(core, request.address);
    case 'draft':
      return core.set({ drafts: { ...core.state().drafts, [request.address]: request.text } });
    case 'send':
      return send(core, request.text, request.name ?? '');
    case 'unblock':
      await (await core.running()).contacts.unblock(request.address);
      return;
    case 'retry':
      return retry(core);
    case 'dismiss':
      return; // every request takes the notice away
    default:
      throw new Error('its chunk is not there yet');
  }
};

function go(core: Core, screen: Screen): void {
  const keepsThread = screen.name === 'conversation' || screen.name === 'person';
  core.set({ screen, thread: keepsThread ? core.state().thread : null });
}

async function send(core: Core, text: string, name: string): Promise<void> {
  const address = core.state().thread?.address;
  if (address === undefined) return;
  if (name !== '') await nameMyself(core, name);
  await sendTo(core, address, text);
}

export async function nameMyself(core: Core, name: string): Promise<void> {
  const pim = await core.running();
  await pim.identity.setName(name);
  const { me } = core.state();
  if (me !== null) core.set({ me: { ...me, name: pim.identity.name } });
}

/** Again: the person of the open conversation, and every relay that is not reached. */
async function retry(core: Core): Promise<void> {
  const pim = await core.running();
  const { thread, relays } = core.state();
  if (thread?.contact) pim.connections.retry(thread.address);
  const lost = relays.filter(({ state }) => state !== 'online');
  for (const { url } of lost) {
    await pim.relays.remove(url); // a link of its own waits longer with every try; a new one does not
    await pim.relays.add(url);
  }
}
