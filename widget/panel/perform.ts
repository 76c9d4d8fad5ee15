/**
 * Request → deed. What needs the SDK waits for it.
 */

import type { Core } from './core.js';
import * as people from './people.js';
import type { Request } from './request.js';
import type { Screen } from './state.js';
import { loadOlder, openThread, sendTo } from './thread.js';

export async function perform(core: Core, request: Request): Promise<void> {
  switch (request.ask) {
    case 'begin':
      return core.begin();
    case 'go':
      return go(core, request.screen);
    case 'open':
      return openThread(core, request.address);
    case 'older':
      return loadOlder(core);
    case 'draft':
      return core.keepDraft(request.address, request.text);
    case 'send':
      return send(core, request.text, request.name ?? '');
    case 'retry':
      return retry(core);
    case 'dismiss':
      return; // every request takes the notice away
    case 'accept':
      return people.accept(core, request.from);
    case 'decline':
      return people.decline(core, request.from);
    case 'block':
      return people.block(core, request.address);
    case 'unblock':
      await (await core.running()).contacts.unblock(request.address);
      return;
    case 'remove':
      return people.remove(core, request.address);
    case 'rename':
      await (await core.running()).contacts.rename(request.address, request.name);
      return;
    case 'safety':
      return people.showSafety(core, request.address);
    case 'add':
      return people.add(core, request.text);
    case 'invited':
      return people.acceptInvitation(core);
    case 'link':
      return people.makeLink(core);
    case 'name':
      return people.setName(core, request.name);
    case 'erase':
      return core.erase();
  }
}

function go(core: Core, screen: Screen): void {
  const keepsThread = screen.name === 'conversation' || screen.name === 'person';
  core.set({ screen, thread: keepsThread ? core.state().thread : null });
}

async function send(core: Core, text: string, name: string): Promise<void> {
  const address = core.state().thread?.address;
  if (address === undefined) return;
  if (name !== '') await people.setName(core, name);
  await sendTo(core, address, text);
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
