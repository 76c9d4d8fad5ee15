/**
 * What is begun and not sent: kept by the SDK for each conversation a moment after the last key, and
 * told to the other person as “is writing” where both want that.
 */

import type { Core } from '../panel/core.js';
import { extraOf } from './extra.js';

/** Milliseconds after the last key. */
const PAUSE_MS = 400;

/** What is kept when its time has come, by address. */
const pauses = new Map<string, { readonly timer: ReturnType<typeof setTimeout>; keep(): void }>();

/** A key was pressed: the state has the text already. */
export function drafted(core: Core, address: string, text: string): void {
  const { thread, phase } = core.state();
  if (phase.name !== 'ready' || thread?.address !== address || thread.contact === null) return;
  const isEdit = extraOf(thread).about?.how === 'edit';
  void say(core, address, text !== '' && !isEdit);
  if (isEdit) return;
  clearTimeout(pauses.get(address)?.timer);
  const now = (): void => {
    pauses.delete(address);
    void keep(core, address, text);
  };
  pauses.set(address, { timer: setTimeout(now, text === '' ? 0 : PAUSE_MS), keep: now });
}

/** The page is left, or out of sight: there may be no moment later. */
export function keepNow(): void {
  for (const { timer, keep } of [...pauses.values()]) {
    clearTimeout(timer);
    keep();
  }
}

/** Puts what was kept into the field, unless somebody has written in it since. */
export async function restoreDraft(core: Core, address: string): Promise<void> {
  const { thread, drafts } = core.state();
  if (thread?.contact == null) return;
  const typed = drafts[address];
  if (typed !== undefined) return keep(core, address, typed); // before any of this was here
  const text = await (await core.running()).conversations.draft(address);
  const now = core.state().drafts;
  if (text !== '' && now[address] === undefined) core.set({ drafts: { ...now, [address]: text } });
}

async function say(core: Core, address: string, isTyping: boolean): Promise<void> {
  (await core.running()).conversations.typing(address, isTyping);
}

/** What cannot be kept is still in the field; a draft is no reason for an alarm. */
async function keep(core: Core, address: string, text: string): Promise<void> {
  if (core.state().phase.name !== 'ready') return;
  const kept = core.running().then((pim) => pim.conversations.setDraft(address, text));
  await kept.catch(() => undefined);
}
