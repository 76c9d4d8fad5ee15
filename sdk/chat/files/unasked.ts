/**
 * Pictures that are fetched without a click: small ones, and not without end.
 */

import type { Platform } from '../../base/platform.js';
import { Queue } from '../../base/queue.js';
import type { FileFacts } from '../../protocol/entry.js';
import { MAX_AUTO_IMAGE_BYTES, MAX_AUTO_IMAGES_BYTES } from '../../protocol/limits.js';
import { claimsPicture } from './file-name.js';
import type { SharedFile } from './shared-file.js';

const HOUR_MS = 3_600_000;

export function isSmallPicture({ size, type }: FileFacts): boolean {
  return claimsPicture(type) && size <= MAX_AUTO_IMAGE_BYTES;
}

/** Whoever may send pictures unasked may not fill the disk with them. */
export class Unasked {
  readonly #platform: Platform;
  /** By conversation: how many bytes since when. */
  readonly #taken = new Map<string, { readonly since: number; readonly bytes: number }>();

  /** One is decided on after the other: a picture that is met twice must not count twice. */
  readonly #turns = new Queue();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Fetches theirs that `find` gives, if it is only offered so far and within the hour's allowance. */
  take(find: () => Promise<SharedFile>): Promise<void> {
    return this.#turns.run(async () => {
      const file = await find();
      if (file.mine || file.state !== 'offered') return;
      const { key, facts } = file.names;
      if (this.#allows(key.talk, facts.size)) await file.accept();
    });
  }

  /** Whether `size` bytes more are within the hour's allowance; counts them where they are. */
  #allows(talk: string, size: number): boolean {
    const now = this.#platform.monotonic();
    const before = this.#taken.get(talk);
    const isFresh = before !== undefined && now - before.since < HOUR_MS;
    const { since, bytes } = isFresh ? before : { since: now, bytes: 0 };
    if (bytes + size > MAX_AUTO_IMAGES_BYTES) return false;
    this.#taken.set(talk, { since, bytes: bytes + size });
    return true;
  }
}
