/**
 * Where everything of a person is kept: seven tables of ordered rows and one atomic write.
 * Small on purpose: an implementation is a page, and one acceptance suite (test/contracts) holds all
 * of them. Who keeps what under which key is decided in sdk/chat, not here.
 */

/** Rows live in one of these; an implementation may hold them any way it likes. */
export const TABLES = [
  'meta',
  'contacts',
  'requests',
  'conversations',
  'entries',
  'logs',
  'files',
] as const;
/**
 * The row of `meta` that names the page whose store it is. A page that takes the store over from a silent
 * one writes a new name, which leaves a row `holder/` and the old name. Every write of a page begins with
 * adding the row of its own name, and ends with removing it: the silent one, should it wake, finds
 * it there, and writes nothing more. To look first would leave a transaction open that waits for its page.
 * A write to `files` alone does so in `files`, that no word waits for a file: whoever takes over leaves the row there too.
 */
export const HOLDER = 'holder';

export type TableName = (typeof TABLES)[number];

export interface Row {
  readonly key: string;
  /** What `write` was given, structured-cloned or the same object; never change it in place. */
  readonly value: unknown;
}

/** Part of a table in the order of its keys (by UTF-16 code unit, as JavaScript compares). */
export interface Range {
  /** The first key included. */
  readonly from?: string;
  /** The first key no longer included. */
  readonly to?: string;
  /** From the end backwards. */
  readonly reverse?: boolean;
  readonly limit?: number;
}

export type Write =
  | { readonly table: TableName; readonly key: string; readonly value: unknown }
  | { readonly table: TableName; readonly key: string; readonly remove: true };

export interface Storage {
  /** False where everything is gone with the page. */
  readonly isPersistent: boolean;
  /**
   * Called once, before anything else. @throws storage/unavailable where the platform keeps nothing
   * (private windows, blocked cookies, a newer schema than this code knows)
   */
  open(): Promise<void>;
  /** The value, or undefined where there is none. @throws storage/failed */
  get(table: TableName, key: string): Promise<unknown>;
  /** @throws storage/failed */
  list(table: TableName, range?: Range): Promise<Row[]>;
  /**
   * All of `writes` or none, in order, durable when the promise resolves (survives a crash of the
   * browser as far as the platform can promise it).
   * @param isLast one row that this page may write whoever has the store by now, done even where the
   * page is left before it could hear so
   * @throws storage/full where the disk or the quota is full: nothing was written, nothing was lost
   * @throws storage/failed
   */
  write(writes: readonly Write[], isLast?: boolean): Promise<void>;
  /** Every row of every table gone, and what held them. The storage is closed after. */
  wipe(): Promise<void>;
  close(): Promise<void>;
}
