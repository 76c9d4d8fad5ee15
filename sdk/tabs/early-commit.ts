/**
 * Whether a browser may be told to end a write before its requests were answered (`commit()`, Indexed
 * Database API 3.0 §4.10). Without it a leader whose thread stands still in the middle of a write keeps
 * the next one from the store until it wakes. Chromium takes all of such a write back where a request
 * fails, as the standard has it; Firefox 153 keeps the rest of it, which would be half a write.
 */

import type { Access } from '../access.js';
import { databaseName } from '../running.js';
import { settled } from '../storage/indexeddb-rows.js';
import { IndexedDbStorage } from '../storage/indexeddb-storage.js';
import { HOLDER } from '../storage/storage.js';

/** From here on writes end early, where this browser keeps all of one or nothing. */
export async function endWrites({ running, options }: Access): Promise<void> {
  const { storage } = running();
  const factory = options.platform.indexedDB;
  if (!(storage instanceof IndexedDbStorage) || factory === null) return;
  const database = await settled(factory.open(databaseName(options.profile)));
  database.onversionchange = () => database.close();
  try {
    storage.endsWrites = await takesBack(database);
  } finally {
    database.close();
  }
}

/** A write that must fail; what is left where it does not is what was there before. */
export function takesBack(database: IDBDatabase): Promise<boolean> {
  return new Promise((resolve) => {
    const transaction = database.transaction('meta', 'readwrite');
    transaction.oncomplete = () => resolve(false);
    transaction.onabort = () => resolve(true);
    const meta = transaction.objectStore('meta');
    const key = `${HOLDER}/trial`;
    meta.add(0, key);
    meta.add(0, key);
    meta.delete(key);
    transaction.commit();
  });
}
