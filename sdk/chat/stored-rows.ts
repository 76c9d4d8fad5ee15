/** What a start reads before anything else: everybody, and every conversation without its entries. */

import type { Row, Storage } from '../storage/storage.js';

export interface StoredRows {
  readonly contacts: readonly Row[];
  readonly requests: readonly Row[];
  readonly conversations: readonly Row[];
}

/** @throws storage/failed */
export async function readStored(storage: Storage): Promise<StoredRows> {
  const [contacts, requests, conversations] = await Promise.all([
    storage.list('contacts'),
    storage.list('requests'),
    storage.list('conversations'),
  ]);
  return { contacts, requests, conversations };
}
