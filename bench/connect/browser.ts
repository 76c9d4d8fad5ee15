/**
 * The browser of the measurements: one Chromium with a profile on disk, as people have it, because
 * storage in memory would hide what pim pays for keeping things. Every person has an origin of
 * their own, so that they share neither storage nor, being another site, a process.
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { browserFor } from '../../test/support/find-browser.js';

const CACHE = fileURLToPath(new URL('../../.cache/bench', import.meta.url));

export interface BenchBrowser {
  readonly version: string;
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** A new folder below .cache/; `clear` removes it. */
export function temporaryFolder(name: string): { readonly path: string; clear(): void } {
  mkdirSync(CACHE, { recursive: true });
  const path = mkdtempSync(join(CACHE, `${name}-`));
  return { path, clear: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export async function openBrowser(): Promise<BenchBrowser> {
  const { path, env } = await browserFor('chromium');
  const profile = temporaryFolder('profile');
  const context = await chromium.launchPersistentContext(profile.path, {
    executablePath: path,
    chromiumSandbox: false, // absent in most containers, and every page here is our own
    args: ['--host-resolver-rules=MAP *.localhost 127.0.0.1', '--no-pings', '--disable-breakpad'],
    env: { ...(process.env as Record<string, string>), ...env },
  });
  return {
    version: context.browser()?.version() ?? 'unknown',
    context,
    close: async () => {
      await context.close();
      profile.clear();
    },
  };
}

/** `url` on an origin of this person alone; the relay, the pages and the browser call it loopback. */
export function originOf(pages: string, person: string): string {
  return pages.replace('//', `//${person}.`);
}

/** By how much a page's clock is ahead of ours, in milliseconds, and how far that may be wrong. */
export async function clockOf(page: Page): Promise<{ ahead: number; give: number }> {
  let best = { ahead: 0, give: Number.POSITIVE_INFINITY };
  for (let i = 0; i < 5; i++) {
    const from = performance.timeOrigin + performance.now();
    const theirs = await page.evaluate(() => performance.timeOrigin + performance.now());
    const to = performance.timeOrigin + performance.now();
    const give = (to - from) / 2;
    if (give < best.give) best = { ahead: theirs - (from + to) / 2, give };
  }
  return best;
}
