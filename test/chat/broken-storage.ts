/** A storage that fails at a write of the test's choice, as a disk, a quota or a crash does. */

import { PimError } from '../../sdk/base/errors.js';
import { MemoryStorage } from '../../sdk/storage/memory-storage.js';
import type { Range, Row, Storage, TableName, Write } from '../../sdk/storage/storage.js';

/** What a write that fails has done: nothing, or all of it without anybody having been told. */
export type Failure = 'full' | 'crash-before' | 'crash-after';

/** The page died; nothing that it would have done next happens. */
export class Crash extends Error {}

export class BrokenStorage implements Storage {
  readonly isPersistent = true;
  readonly #inner = new MemoryStorage();
  #writes = 0;
  #failure: { at: number; how: Failure } | null = null;
  #isDead = false;
  /** Every write that was done. */
  readonly done: (readonly Write[])[] = [];

  static async opened(): Promise<BrokenStorage> {
    const storage = new BrokenStorage();
    await storage.open();
    return storage;
  }

  /** The `nth` write from now on fails, 1 for the next one. */
  failAt(nth: number, how: Failure): void {
    this.#failure = { at: this.#writes + nth, how };
  }

  /** Nothing fails any longer: there is room again, or the page was opened anew. */
  heal(): void {
    this.#failure = null;
    this.#isDead = false;
  }

  /** The page that was on it has died. */
  get isDead(): boolean {
    return this.#isDead;
  }

  get writes(): number {
    return this.#writes;
  }

  open(): Promise<void> {
    return this.#inner.open();
  }

  get(table: TableName, key: string): Promise<unknown> {
    return this.#inner.get(table, key);
  }

  list(table: TableName, range?: Range): Promise<Row[]> {
    return this.#inner.list(table, range);
  }

  async write(writes: readonly Write[]): Promise<void> {
    if (this.#isDead) throw new Crash('a dead page writes nothing');
    this.#writes++;
    const isNow = this.#failure !== null && this.#writes >= this.#failure.at;
    const how = isNow ? this.#failure?.how : undefined;
    if (how === 'full') throw new PimError('storage/full', 'The disk is full.', null);
    this.#isDead = how !== undefined;
    if (how === 'crash-before') throw new Crash('before the write');
    await this.#inner.write(writes);
    this.done.push(writes);
    if (how === 'crash-after') throw new Crash('after the write');
  }

  wipe(): Promise<void> {
    return this.#inner.wipe();
  }

  async close(): Promise<void> {
    // The rows stay: the next page opens the same disk.
  }
}
