/**
 * Request → deed, for what one does to messages; and what the comforts add to writing and sending.
 */

import type { Message } from '../../sdk/index.js';
import type { Core } from '../panel/core.js';
import type { Layer } from '../panel/perform.js';
import { peerOf } from '../panel/reduce.js';
import type { About } from '../panel/state.js';
import { sendTo, updated } from '../panel/thread.js';
import type { PimPort } from '../port.js';
import { drafted, keepNow, restoreDraft } from './drafts.js';
import { extraOf, patchExtra } from './extra.js';
import { find, stepHit } from './find.js';
import { loadNewest, show, trim, turnPage } from './pages.js';

export const layer: Layer = (next) => async (core, request) => {
  switch (request.ask) {
    case 'attend':
      request.onLeave(keepNow);
      return attend(core, request.signal);
    case 'older':
    case 'newer':
      return turnPage(core, request.ask);
    case 'newest':
      return loadNewest(core);
    case 'trim':
      return trim(core);
    case 'seen':
      return seen(core);
    case 'show':
      return show(core, request.id);
    case 'quoted':
      return quoted(core, request.id, request.got);
    case 'find':
      return find(core, request.query);
    case 'hit':
      return stepHit(core, request.step);
    case 'use':
      await request.use(await core.running());
      return;
    case 'react':
      return react(core, request.message, request.emoji);
    case 'delete':
      return remove(core, request.message);
    case 'about':
      return about(core, request.how, request.message);
    case 'draft':
      await next(core, request);
      return drafted(core, request.address, request.text);
    case 'go':
    case 'open':
      // What is edited is no draft: it does not stay in a field one comes back to.
      if (extraOf(core.state().thread).about?.how === 'edit') about(core, 'reply', null);
      return next(core, request);
    case 'send': {
      if (core.state().thread?.newer) await loadNewest(core);
      const now = extraOf(core.state().thread).about;
      return now === null ? next(core, request) : sendAbout(core, now, request.text);
    }
    default:
      return next(core, request);
  }
};

/** Hears who is writing and what comes while the reader is elsewhere, until `signal`. */
async function attend(core: Core, signal: AbortSignal): Promise<void> {
  const address = core.state().thread?.address;
  const pim = await core.running();
  if (address === undefined || signal.aborted) return;
  const undo = [
    pim.on('typing', ({ from, typing }) => {
      if (from === address) patchExtra(core, address, { isTyping: typing });
    }),
    pim.on('message', (message) => {
      if (message.mine || peerOf(message) !== address) return;
      const { missed } = extraOf(core.state().thread);
      patchExtra(core, address, { missed: missed + 1, isTyping: false });
    }),
  ];
  signal.addEventListener('abort', () => {
    for (const end of undo) end();
  });
  await restoreDraft(core, address);
}

function seen(core: Core): void {
  const { thread } = core.state();
  if (thread !== null && extraOf(thread).missed > 0)
    patchExtra(core, thread.address, { missed: 0 });
}

async function quoted(core: Core, id: string, got: (found: Message | null) => void): Promise<void> {
  const address = core.state().thread?.address;
  if (address === undefined) return;
  got(await (await core.running()).conversations.get(address, id));
}

/** Puts the emoji there, or takes it away where it is mine already. */
async function react(core: Core, message: Message, emoji: string): Promise<void> {
  const pim = await core.running();
  const reaction = message.reactions.find((each) => each.emoji === emoji);
  const how = reaction?.from.includes(pim.address) ? 'unreact' : 'react';
  updated(core, await pim.conversations[how](peerOf(message), message.id, emoji));
}

async function remove(core: Core, message: Message): Promise<void> {
  const pim = await core.running();
  if (extraOf(core.state().thread).about?.message.id === message.id) about(core, 'reply', null);
  updated(core, await pim.conversations.delete(peerOf(message), message.id));
}

/** The field is for this message now; or, with none, for what stood in it before. */
function about(core: Core, how: About['how'], message: Message | null): void {
  const { thread, drafts } = core.state();
  if (thread === null) return;
  const { address } = thread;
  const now = extraOf(thread).about;
  const typed = drafts[address] ?? '';
  const before = now?.how === 'edit' ? now.before : typed;
  const text = message !== null && how === 'edit' ? message.text : before;
  patchExtra(core, address, { about: message === null ? null : { how, message, before } });
  if (text !== typed) core.set({ drafts: { ...core.state().drafts, [address]: text } });
}

/** An answer, or other words for what was said. */
async function sendAbout(core: Core, { how, message, before }: About, text: string): Promise<void> {
  const pim: PimPort = await core.running();
  const address = peerOf(message);
  if (how === 'reply') await sendTo(core, address, { text, replyTo: message.id });
  else updated(core, await pim.conversations.edit(address, message.id, text));
  patchExtra(core, address, { about: null });
  const { drafts } = core.state();
  if (how === 'edit' && (drafts[address] ?? '') === '') {
    core.set({ drafts: { ...drafts, [address]: before } });
  }
}
