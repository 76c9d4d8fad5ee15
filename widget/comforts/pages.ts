/**
 * The part of a long conversation that is here: a window over its pages. It is kept short at the end
 * the reader is far from, so that ten thousand messages cost no more than a few screens of them.
 */

import type { Message } from '../../sdk/index.js';
import type { Core } from '../panel/core.js';
import type { Thread } from '../panel/state.js';
import { PAGE, patchThread } from '../panel/thread.js';
import { patchExtra } from './extra.js';

/** Messages that are on the page at once, at most; two pages more while others are awaited. */
export const MAX_KEPT = 200;

type Page = Pick<Thread, 'messages' | 'more' | 'newer'>;

/** One page further in one direction. */
export async function turnPage(core: Core, to: 'older' | 'newer'): Promise<void> {
  const { thread } = core.state();
  const isOlder = to === 'older';
  if (thread === null || thread.loading !== null || !thread[isOlder ? 'more' : 'newer']) return;
  const edge = thread.messages.at(isOlder ? 0 : -1)?.id;
  if (edge === undefined) return;
  await loading(core, thread.address, async (now) => {
    const pim = await core.running();
    const range = { [isOlder ? 'before' : 'after']: edge, limit: PAGE };
    const page = await pim.conversations.history(thread.address, range);
    const { messages, more, newer } = now() ?? thread;
    // Another page has come in the meantime: this one has no place any longer.
    if (messages.at(isOlder ? 0 : -1)?.id !== edge) return null;
    if (isOlder) return shortened([...page.messages, ...messages], page.more, newer, 'end');
    return shortened([...messages, ...page.messages], more, page.more, 'start');
  });
}

/** A log that only grows at its end loses what is far up. */
export function trim(core: Core): void {
  const { thread } = core.state();
  if (thread === null || thread.newer || thread.messages.length <= MAX_KEPT + PAGE) return;
  const page = shortened(thread.messages, thread.more, false, 'start');
  patchThread(core, thread.address, page);
}

/** The end of the conversation. */
export async function loadNewest(core: Core): Promise<void> {
  const { thread } = core.state();
  if (thread === null) return;
  const { address } = thread;
  if (thread.newer) {
    await loading(core, address, async () => {
      const pim = await core.running();
      const { messages, more } = await pim.conversations.history(address, { limit: PAGE });
      return { messages, more, newer: false };
    });
  }
  const id = core.state().thread?.messages.at(-1)?.id;
  patchExtra(core, address, { missed: 0, shown: id === undefined ? null : { id } });
}

/** Brings a message into sight, with what was said around it. */
export async function show(core: Core, id: string): Promise<void> {
  const { thread } = core.state();
  if (thread === null) return;
  const { address } = thread;
  if (!thread.messages.some((each) => each.id === id)) {
    await loading(core, address, async () => {
      const { conversations } = await core.running();
      const self = await conversations.get(address, id);
      if (self === null) return null;
      const [before, after] = await Promise.all([
        conversations.history(address, { before: id, limit: PAGE }),
        conversations.history(address, { after: id, limit: PAGE }),
      ]);
      const messages = [...before.messages, self, ...after.messages];
      return { messages, more: before.more, newer: after.more };
    });
  }
  patchExtra(core, address, { shown: { id } });
}

async function loading(
  core: Core,
  address: string,
  load: (now: () => Thread | null) => Promise<Page | null>,
): Promise<void> {
  patchThread(core, address, { loading: 'older' });
  try {
    const page = await load(() => core.state().thread);
    if (page !== null) patchThread(core, address, page);
  } finally {
    patchThread(core, address, { loading: null });
  }
}

/** Without what is too much, taken from one end. */
function shortened(
  messages: readonly Message[],
  more: boolean,
  newer: boolean,
  from: 'start' | 'end',
): Page {
  if (messages.length <= MAX_KEPT) return { messages, more, newer };
  return from === 'start'
    ? { messages: messages.slice(-MAX_KEPT), more: true, newer }
    : { messages: messages.slice(0, MAX_KEPT), more, newer: true };
}
