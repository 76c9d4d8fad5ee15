/**
 * What a long conversation costs: opening one of 100,000 messages beside one of 100, each in a page
 * that was not open before, storing what a sync brings, and a sync. In Chromium, with its profile on disk.
 */

import type { Page } from 'playwright-core';
import { openBrowser } from '../connect/browser.js';
import { servePage } from '../in-page.js';
import { load, machine } from '../machine.js';
import { keep } from '../results.js';
import { ratio, summary } from '../statistics.js';
import { count, ms, table, times } from '../table.js';
import type { Opened } from './page.js';
import { sync } from './sync.js';

/** An address of nobody. */
const FRIEND = 'pim1q9n4wd83kzw4vqpqnhzwvhl2jcwtlprhez39p33jn9qjjp6yvcz4swzwk7z';
const SIZES = [100, 10_000, 100_000] as const;
/** The size that is stored without a network as often as a sync brings it. */
const SYNCED_BESIDE = 10_000;

export async function history(rounds: number): Promise<void> {
  const before = load();
  const host = await servePage('page.ts', import.meta.url);
  const friends = await servePage('sync-page.ts', import.meta.url);
  const browser = await openBrowser();
  try {
    const inPage = async <Result>(run: (page: Page) => Promise<Result>): Promise<Result> => {
      const page = await browser.context.newPage();
      await page.goto(host.url);
      await page.evaluate(() => import(new URL('/suite.js', location.href).href));
      try {
        return await run(page);
      } finally {
        await page.close();
      }
    };
    const storedPerS = new Map<number, number>();
    for (const size of SIZES) {
      const given = [`n${size}`, FRIEND, size] as const;
      const rate = await inPage((page) =>
        page.evaluate((g) => globalThis.fillHistory(...g), given),
      );
      storedPerS.set(size, rate);
    }
    const opened = new Map<number, number[]>(SIZES.map((size) => [size, []]));
    for (let round = -1; round < rounds; round++) {
      for (const size of SIZES) {
        const given = [`n${size}`, FRIEND] as const;
        const result: Opened = await inPage((page) =>
          page.evaluate((g) => globalThis.openHistory(...g), given),
        );
        if (result.messages !== 50 || !result.more) throw new Error('not the newest page');
        if (round >= 0) opened.get(size)?.push(result.openMs);
      }
    }
    const base = opened.get(SIZES[0]) ?? [];
    const figures = SIZES.map((size) => {
      const openMs = opened.get(size) ?? [];
      return {
        size,
        openMs: summary(openMs),
        toSmallest: ratio(openMs, base),
        storedPerS: storedPerS.get(size) ?? Number.NaN,
      };
    });
    const lines = figures.map(({ size, openMs, toSmallest, storedPerS: rate }) => [
      `${size} messages`,
      ms(openMs.median),
      `${ms(openMs.q1)}–${ms(openMs.q3)}`,
      times(toSmallest.paired),
      `${times(toSmallest.low)}–${times(toSmallest.high)}`,
      count(rate),
    ]);
    const head = ['', 'open, ms', 'quartiles', 'x smallest', '95 %', 'stored/s'];
    console.log(`\nfrom new Pim to the newest page, Chromium ${browser.version}\n`);
    console.log(table(head, lines));
    const alone = storedPerS.get(SYNCED_BESIDE) ?? Number.NaN;
    const missed = await sync(browser, friends.url, Math.min(rounds, 5), alone);
    keep('history', {
      at: new Date().toISOString(),
      machine: machine(),
      browser: browser.version,
      load: before,
      figures,
      sync: missed,
    });
  } finally {
    await browser.close();
    await host.close();
    await friends.close();
  }
}
