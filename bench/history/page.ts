/**
 * Runs in the browser: makes a conversation of so many messages in IndexedDB, and opens it as a page
 * does that shows its newest ones.
 */

import { Queue } from '../../sdk/base/queue.js';
import { browserPlatform } from '../../sdk/browser.js';
import { Conversations } from '../../sdk/chat/conversations.js';
import { chooseSuite } from '../../sdk/crypto/choose.js';
import { Pim } from '../../sdk/index.js';
import { decodeAddress } from '../../sdk/protocol/address.js';
import type { Entry } from '../../sdk/protocol/entry.js';
import { IndexedDbStorage } from '../../sdk/storage/indexeddb-storage.js';

/** Entries of one write, as the receiving side of a sync makes them. */
const BATCH = 256;
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
  const platform = browserPlatform();
  const storage = new IndexedDbStorage(indexedDB, `pim-${profile}`, platform);
  await storage.open();
  const me = { key: decodeAddress(address) };
  const host = {
    storage,
    queue: new Queue(),
    me,
    random: (length: number) => platform.random(length),
    now: () => Date.now(),
    onChanged: () => undefined,
    onRead: () => undefined,
  };
  const conversations = new Conversations(host, await chooseSuite(platform));
  conversations.load(await storage.list('conversations'), (fault) => {
    throw fault;
  });
  const author = decodeAddress(friend);
  const conversation = await conversations.open(author);
  const device = new Uint8Array(8).fill(7);
  const from = performance.now();
  for (let at = 0; at < count; at += BATCH) {
    const length = Math.min(BATCH, count - at);
    const entries = Array.from({ length }, (_, i): Entry => {
      const seq = at + i + 1;
      const text = `message ${seq}, of about the length that people write to each other`;
      const body = { kind: 'text', text, replyTo: null } as const;
      return {
        conversation: conversation.id,
        author,
        device,
        seq,
        after: seq + 9,
        time: seq,
        body,
      };
    });
    const stored = await conversation.receive(() => entries);
    if (stored.length !== length) throw new Error('not all was taken');
  }
  const took = performance.now() - from;
  await storage.close();
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
