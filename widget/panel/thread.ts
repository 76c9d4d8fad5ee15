/**
 * The open conversation: its pages, sending, and what counts as read.
 */

import type { Message, MessageContent } from '../../sdk/index.js';
import type { PimPort } from '../port.js';
import type { Core } from './core.js';
import { peerOf, withMessage } from './reduce.js';
import { emptyThread, type Thread } from './state.js';

/** Messages a page of history has: two screens of short ones. */
export const PAGE = 40;

/** Shows the conversation with `address`; what is stored of it arrives after. */
export async function openThread(core: Core, address: string): Promise<void> {
  const former = core.state().thread;
  const thread = former?.address === address ? former : emptyThread(address);
  core.set({ thread, screen: { name: 'conversation', address } });
  if (core.state().phase.name === 'ready') await loadThread(core, await core.running());
}

/** Reads the newest page of the open conversation, and all that stands beside it. */
export async function loadThread(core: Core, pim: PimPort): Promise<void> {
  const address = core.state().thread?.address;
  if (address === undefined) return;
  const contact = pim.contacts.get(address);
  if (contact === null) return;
  const connection = pim.connections.status(address);
  patchThread(core, address, { contact, connection, loading: 'newest' });
  const { messages, more } = await pim.conversations.history(address, { limit: PAGE });
  const unread = unreadWith(core, address);
  const newFrom = unread === 0 ? null : firstUnread(messages, unread);
  const hasPast = messages.length > 0;
  patchThread(core, address, { messages, more, newer: false, hasPast, newFrom, loading: null });
  await markRead(core, pim);
}

/** Sends, and makes a contact of somebody new first: their relays and my invitation go with it. */
export async function sendTo(
  core: Core,
  address: string,
  content: MessageContent,
): Promise<Message> {
  const pim = await core.running();
  if (pim.contacts.get(address) === null) await addNew(core, pim, address);
  const message = await pim.send(address, content);
  await received(core, pim, message);
  return message;
}

async function addNew(core: Core, pim: PimPort, address: string): Promise<void> {
  const { invite, relays } = core.state().settings;
  const contact = await pim.contacts.add(address, {
    relays,
    ...(invite === '' ? {} : { invite }),
  });
  patchThread(core, address, { contact });
}

/** A message was stored, or changed its status. */
export async function received(core: Core, pim: PimPort, message: Message): Promise<void> {
  const { thread } = core.state();
  if (thread === null || thread.newer || thread.address !== peerOf(message)) return;
  const messages = withMessage(thread.messages, message);
  if (messages === null) await reload(core, pim, thread);
  else patchThread(core, thread.address, { messages });
}

/** Messages that were written earlier have come: as many as are shown are read again, in order. */
async function reload(core: Core, pim: PimPort, { address, messages }: Thread): Promise<void> {
  const page = await pim.conversations.history(address, { limit: messages.length + 1 });
  patchThread(core, address, { messages: page.messages, more: page.more });
}

/** The status of a message changed; one that is not shown has nothing to change here. */
export function updated(core: Core, message: Message): void {
  const { thread } = core.state();
  if (thread?.messages.some(({ id }) => id === message.id) !== true) return;
  const messages = withMessage(thread.messages, message) ?? thread.messages;
  patchThread(core, thread.address, { messages });
}

/** What the person sees is read: the conversation is open, shown, and the page has the focus. */
export async function markRead(core: Core, pim: PimPort): Promise<void> {
  const { thread, screen } = core.state();
  if (thread === null || screen.name !== 'conversation' || !core.hasAttention()) return;
  if (unreadWith(core, thread.address) > 0) await pim.conversations.markRead(thread.address);
}

export function patchThread(core: Core, address: string, patch: Partial<Thread>): void {
  const { thread } = core.state();
  if (thread?.address === address) core.set({ thread: { ...thread, ...patch } });
}

function unreadWith(core: Core, address: string): number {
  const { conversations } = core.state();
  return conversations.find((each) => each.with.address === address)?.unread ?? 0;
}

function firstUnread(messages: readonly Message[], unread: number): string | null {
  const theirs = messages.filter(({ mine }) => !mine);
  return theirs.at(-unread)?.id ?? theirs[0]?.id ?? null;
}
