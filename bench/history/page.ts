/**
 * Runs in the browser: makes a conversation of so many messages in IndexedDB, and opens it as a page
 * does that shows its newest ones.
 */

import { Pim } from '../../sdk/index.js';
import { decodeAddress } from '../../sdk/protocol/address.js';
import { type Entry, NO_TAG } from '../../sdk/protocol/entry.js';
import { BATCH, storedWith, textOf } from './stored.js';

const PAGE = 50;

export interface Opened {
  /** Milliseconds from `new Pim` to the newest page. */
  readonly openMs: number;
  readonly messages: number;
  readonly more: boolean;
}

/** @returns entries a second that were stored */
async function fill(profile: string, friend: string, count: number): Promise<number> {
  const pim = new Pim({ profile });
  await pim.start();
  await pim.contacts.add(friend);
  await pim.send(friend, 'mine');
  const { address } = pim;
  await pim.stop();
  const { conversation, close } = await storedWith(profile, address, friend);
  const author = decodeAddress(friend);
  const device = new Uint8Array(8).fill(7);
  const from = performance.now();
  for (let at = 0; at < count; at += BATCH) {
    const length = Math.min(BATCH, count - at);
    const entries = Array.from({ length }, (_, i): Entry => {
      const seq = at + i + 1;
      const body = { kind: 'text', text: textOf(seq), replyTo: null } as const;
      return {
        conversation: conversation.id,
        author,
        device,
        seq,
        after: seq + 9,
        time: seq,
        body,
        tag: NO_TAG,
      };
    });
    const stored = await conversation.receive(() => entries);
    if (stored.length !== length) throw new Error('not all was taken');
  }
  const took = performance.now() - from;
  await close();
  return (count / took) * 1_000;
}

async function open(profile: string, friend: string): Promise<Opened> {
  const from = performance.now();
  const pim = new Pim({ profile });
  await pim.start();
  const { messages, more } = await pim.conversations.history(friend, { limit: PAGE });
  const openMs = performance.now() - from;
  await pim.stop();
  return { openMs, messages: messages.length, more };
}

declare global {
  var fillHistory: typeof fill;
  var openHistory: typeof open;
}

globalThis.fillHistory = fill;
globalThis.openHistory = open;
