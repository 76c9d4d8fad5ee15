/**
 * Searching in the open conversation: hits a page at a time, the newest first.
 */

import type { Core } from '../panel/core.js';
import type { Find } from '../panel/state.js';
import { extraOf, patchExtra } from './extra.js';
import { show } from './pages.js';

/** Hits of one page; further ones are looked for when somebody goes there. */
const HITS = 50;

const NOTHING = { hits: [], at: 0, more: false } as const;

let searching: AbortController | null = null;

/** @param query what is in the field now; null closes it */
export async function find(core: Core, query: string | null): Promise<void> {
  searching?.abort();
  const address = core.state().thread?.address;
  if (address === undefined) return;
  if (query === null) return patchExtra(core, address, { find: null });
  const words = query.trim();
  const isBusy = words !== '';
  patchExtra(core, address, { find: { ...NOTHING, query, isBusy } });
  if (isBusy) await search(core, address, { ...NOTHING, query, isBusy });
}

/** From the shown hit to the next older (1) or newer (-1) one. */
export async function stepHit(core: Core, step: 1 | -1): Promise<void> {
  const { thread } = core.state();
  const now = extraOf(thread).find;
  if (thread === null || now === null || now.isBusy) return;
  const at = now.at + step;
  if (at === now.hits.length && now.more) return search(core, thread.address, now);
  const id = now.hits.at(at % Math.max(1, now.hits.length));
  if (id === undefined) return;
  patchExtra(core, thread.address, { find: { ...now, at: now.hits.indexOf(id) } });
  await show(core, id);
}

/** Adds a page of hits behind those there are, and shows its first one. */
async function search(core: Core, address: string, before: Find): Promise<void> {
  const ended = new AbortController();
  searching = ended;
  const { signal } = ended;
  patchExtra(core, address, { find: { ...before, isBusy: true } });
  const isMine = (): boolean => searching === ended && core.state().thread?.address === address;
  const last = before.hits.at(-1);
  const range = { limit: HITS, signal, ...(last === undefined ? {} : { before: last }) };
  try {
    const pim = await core.running();
    const { messages, more } = await pim.conversations.search(address, before.query.trim(), range);
    if (!isMine()) return;
    const hits = [...before.hits, ...messages.map(({ id }) => id)];
    const at = Math.min(before.hits.length, Math.max(0, hits.length - 1));
    patchExtra(core, address, { find: { ...before, hits, at, more, isBusy: false } });
    const id = hits[at];
    if (id !== undefined) await show(core, id);
  } catch (error) {
    if (!isMine()) return; // another search has begun
    patchExtra(core, address, { find: { ...before, isBusy: false } });
    throw error;
  }
}
