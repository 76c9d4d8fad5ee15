/** A file of so many bytes on disk, no two megabytes of it alike. */

import { randomBytes } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const MIB = 1_048_576;

export type Content = (page: Page, bytes: number) => Promise<void>;

/** Puts files from `folder` into a page's `#content`; each size is made once. */
export function contentIn(folder: string): Content {
  const made = new Map<number, string>();
  const fileOf = (bytes: number): string => {
    const path = join(folder, `content-${bytes}.bin`);
    const file = openSync(path, 'w');
    for (let at = 0; at < bytes; at += MIB) writeSync(file, randomBytes(Math.min(MIB, bytes - at)));
    closeSync(file);
    return path;
  };
  return async (page, bytes) => {
    const path = made.get(bytes) ?? fileOf(bytes);
    made.set(bytes, path);
    await page.setInputFiles('#content', path);
  };
}
