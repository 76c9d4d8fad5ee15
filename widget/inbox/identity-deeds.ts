/**
 * Deeds that reach the identity, which need not be open, or there; and how what they find goes to the
 * view that asked.
 */

import type { Core } from '../panel/core.js';
import { toFault } from '../panel/fault.js';
import type { Request } from '../panel/request.js';
import type { PimPort } from '../port.js';

/** What is found goes to the view that asked, or the code of why it was not. */
export async function answer<Found>(
  got: (found: Found | string) => void,
  work: () => Promise<Found>,
): Promise<void> {
  try {
    got(await work());
  } catch (error) {
    got(toFault(error).code);
  }
}

/** With an SDK that need not run: somebody who comes back has no identity here yet. */
export async function withPim<Found>(
  core: Core,
  use: (pim: PimPort) => Promise<Found>,
): Promise<Found> {
  const { pim, release } = await core.outside.openPim(core.outside.settings());
  try {
    return await use(pim);
  } finally {
    release();
  }
}

export async function useIdentity(
  core: Core,
  { use, got }: Extract<Request, { ask: 'identity' }>,
): Promise<void> {
  const work = () => withPim(core, ({ identity }) => use(identity)).then(() => null);
  await (got ? answer(got, work) : work());
}

/** A key that is locked can be erased too, and nothing runs then. */
export async function erase(core: Core): Promise<void> {
  forgetChoices();
  const wipe = ({ identity }: PimPort) => identity.wipe();
  if (core.state().phase.name === 'failed') await withPim(core, wipe);
  else await wipe(await core.running());
  // Told by itself where this chat waited for its passphrase.
  if (core.state().phase.name !== 'idle') core.erased();
}

/** Waits for another tab that is given the passphrase, or erases everything. */
export async function goAlong(core: Core, signal: AbortSignal): Promise<void> {
  try {
    await withPim(core, ({ identity }) => identity.unlocked({ signal }));
  } catch (error) {
    if (signal.aborted) return;
    if (toFault(error).code !== 'pim/stopped') throw error;
    core.erased();
  }
}

/** What was chosen here beside the store: emoji of late, and how to be told of news. */
function forgetChoices(): void {
  try {
    for (const key of ['pim-emoji', 'pim-alerts']) localStorage.removeItem(key);
  } catch {
    // Blocked: then nothing lies there.
  }
}
