/**
 * Files in the store: how each stands, and its bytes in segments of whole pieces, which the browser
 * keeps on the disk as blobs. A segment and the record that counts it are one write, so what is counted
 * is there. All of it lies under the conversation's name, and goes when the conversation goes.
 */

import type { Storage, Write } from '../../storage/storage.js';
import type { StoredEntry } from '../entry-rows.js';
import { fileKeys, openFiles } from '../file-keys.js';
import { messageId, prefixEnd } from '../keys.js';

/** How a file stands, as it is kept. */
export interface FileRecord {
  readonly state: 'offered' | 'wanted' | 'done' | 'declined' | 'cancelled';
  /** Who declined or gave it up. */
  readonly by: 'me' | 'them' | null;
  /** I stopped it for now. */
  readonly isPaused: boolean;
  /** Pieces: of theirs those stored here, of mine those stored over there. */
  readonly stored: number;
  /** The whole file lies here. */
  readonly isKept: boolean;
  /** Where a file of mine lies on the disk, where the platform tells. */
  readonly handle?: unknown;
}

export const NEW_FILE: FileRecord = {
  state: 'offered',
  by: null,
  isPaused: false,
  stored: 0,
  isKept: false,
};

const STATES: readonly unknown[] = ['offered', 'wanted', 'done', 'declined', 'cancelled'];

export class FileStore {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  get isPersistent(): boolean {
    return this.#storage.isPersistent;
  }

  async load({ talk, id }: FileKey): Promise<FileRecord> {
    const { open, closed } = fileKeys(talk, id);
    const at = async (key: string) => readRecord(await this.#storage.get('files', key));
    return (await at(open)) ?? (await at(closed)) ?? NEW_FILE;
  }

  /** Message ids of files in a conversation that are offered or wanted, and not done. */
  async unfinished(talk: string, limit: number): Promise<string[]> {
    const prefix = openFiles(talk);
    const range = { from: prefix, to: prefixEnd(prefix), limit };
    const rows = await this.#storage.list('files', range);
    return rows.map(({ key }) => key.slice(prefix.length));
  }

  /** @throws storage/full, storage/failed */
  save({ talk, id }: FileKey, record: FileRecord, also: readonly Write[] = []): Promise<void> {
    const isOpen = record.state === 'offered' || record.state === 'wanted';
    const { open, closed } = fileKeys(talk, id);
    const [key, other] = isOpen ? [open, closed] : [closed, open];
    const row: Write = { table: 'files', key, value: record };
    return this.#storage.write([...also, row, { table: 'files', key: other, remove: true }]);
  }

  /** The write that adds a segment, whose first piece is number `first`. */
  segment({ talk, id }: FileKey, first: number, bytes: Blob): Write {
    const key = fileKeys(talk, id).bytes + first.toString(16).padStart(8, '0');
    return { table: 'files', key, value: bytes };
  }

  /** The whole file, null where not all of it is here. Reads no byte of it. */
  async read(key: FileKey, size: number): Promise<Blob | null> {
    const rows = await this.#segments(key);
    const parts = rows.flatMap(({ value }) => (value instanceof Blob ? value : []));
    const whole = new Blob(parts);
    return whole.size === size ? whole : null;
  }

  /** The writes that remove its bytes. */
  async cleared(key: FileKey): Promise<Write[]> {
    const rows = await this.#segments(key);
    return rows.map((row): Write => ({ table: 'files', key: row.key, remove: true }));
  }

  /** Nothing of it stays. */
  async remove(key: FileKey): Promise<void> {
    const { records } = fileKeys(key.talk, key.id);
    const rows = records.map((row): Write => ({ table: 'files', key: row, remove: true }));
    await this.#storage.write([...rows, ...(await this.cleared(key))]);
  }

  #segments({ talk, id }: FileKey) {
    const prefix = fileKeys(talk, id).bytes;
    return this.#storage.list('files', { from: prefix, to: prefixEnd(prefix) });
  }
}

/** Names a file: the conversation's id and the message's. */
export interface FileKey {
  readonly talk: string;
  readonly id: string;
}

/** A record that is damaged costs what it says: the file can be fetched once more. */
function readRecord(value: unknown): FileRecord | null {
  const { state, by, isPaused, stored, isKept, handle } = (value ?? {}) as Partial<FileRecord>;
  if (!STATES.includes(state)) return null;
  return {
    state: state as FileRecord['state'],
    by: by === 'me' || by === 'them' ? by : null,
    isPaused: isPaused === true,
    stored: Number.isSafeInteger(stored) && (stored as number) >= 0 ? (stored as number) : 0,
    isKept: isKept === true,
    ...(handle !== undefined && { handle }),
  };
}

/** The id people's programs know a message by. */
export function idOf({ alias, entry }: StoredEntry): string {
  return alias ?? messageId(entry);
}
