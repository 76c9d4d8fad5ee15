/** A conversation of this page, opened past the SDK's facade: many entries in few writes. */

import { Queue } from '../../sdk/base/queue.js';
import { browserPlatform } from '../../sdk/browser.js';
import type { Conversation } from '../../sdk/chat/conversation.js';
import { Conversations } from '../../sdk/chat/conversations.js';
import { chooseSuite } from '../../sdk/crypto/choose.js';
import { decodeAddress } from '../../sdk/protocol/address.js';
import { NO_TAG } from '../../sdk/protocol/entry.js';
import { IndexedDbStorage } from '../../sdk/storage/indexeddb-storage.js';

/** Entries of one write, as the receiving side of a sync makes them. */
export const BATCH = 256;

export const textOf = (number: number): string =>
  `message ${number}, of about the length that people write to each other`;

/** @param address of the page, whose chat does not run meanwhile */
export async function storedWith(
  profile: string,
  address: string,
  friend: string,
): Promise<{ readonly conversation: Conversation; close(): Promise<void> }> {
  const platform = browserPlatform();
  const name = profile === 'pim' ? profile : `pim-${profile}`;
  const storage = new IndexedDbStorage(indexedDB, name, platform);
  await storage.open();
  const host = {
    storage,
    queue: new Queue(),
    me: { key: decodeAddress(address), tagOf: async () => NO_TAG },
    random: (length: number) => platform.random(length),
    now: () => Date.now(),
    onChanged: () => undefined,
    onRead: () => undefined,
  };
  const conversations = new Conversations(host, await chooseSuite(platform));
  conversations.load(await storage.list('conversations'), (fault) => {
    throw fault;
  });
  const conversation = await conversations.open(decodeAddress(friend));
  return { conversation, close: () => storage.close() };
}
