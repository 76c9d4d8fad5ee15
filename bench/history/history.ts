/**
 * What a long conversation costs: opening one of 100,000 messages beside one of 100, each in a page
 * that was not open before, storing what a sync brings, and a sync. In Chromium, with its profile on disk.
 */

import type { Page } from 'playwright-core';
import { type BenchBrowser, openBrowser } from '../connect/browser.js';
import { servePage } from '../in-page.js';
import { load, machine } from '../machine.js';
import { keep } from '../results.js';
import { ratio, summary } from '../statistics.js';
import { count, ms, table, times } from '../table.js';
import type { Opened } from './page.js';
import { MISSED, sync } from './sync.js';

/** An address of nobody. */
const FRIEND = 'pim1q9n4wd83kzw4vqpqnhzwvhl2jcwtlprhez39p33jn9qjjp6yvcz4swzwk7z';
const SIZES = [100, 10_000, 100_000] as const;

const PARTS = { open: opening, sync: syncing } as const;

/** @param only parts of it by name, all where none is named */
export async function history(rounds: number, only: readonly string[] = []): Promise<void> {
  const parts = only.length === 0 ? Object.keys(PARTS) : only;
  for (const name of parts) {
    const part = PARTS[name as keyof typeof PARTS];
    if (part === undefined) throw new Error(`history has no part “${name}”`);
    const about = { at: new Date().toISOString(), machine: machine(), load: load() };
    const browser = await openBrowser();
    try {
      await part(browser, rounds, { ...about, browser: browser.version });
    } finally {
      await browser.close();
    }
  }
}

/** Runs in a page of its own, which is closed after. */
type InPage = <Result>(run: (page: Page) => Promise<Result>) => Promise<Result>;

async function withPages(browser: BenchBrowser, use: (inPage: InPage) => Promise<void>) {
  const host = await servePage('page.ts', import.meta.url);
  try {
    await use(async (run) => {
      const page = await browser.context.newPage();
      try {
        await page.goto(host.url);
        await page.evaluate(() => import(new URL('/suite.js', location.href).href));
        return await run(page);
      } finally {
        await page.close();
      }
    });
  } finally {
    await host.close();
  }
}

/** @returns entries a second that were stored */
const fill = (inPage: InPage, size: number): Promise<number> =>
  inPage((page) =>
    page.evaluate((g) => globalThis.fillHistory(...g), [`n${size}`, FRIEND, size] as const),
  );

async function opening(browser: BenchBrowser, rounds: number, about: object): Promise<void> {
  await withPages(browser, async (inPage) => {
    const storedPerS = new Map<number, number>();
    for (const size of SIZES) storedPerS.set(size, await fill(inPage, size));
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
    const figures = figuresOf(opened, storedPerS);
    printOpening(figures, browser.version);
    keep('history', { ...about, figures });
  });
}

function figuresOf(opened: ReadonlyMap<number, number[]>, storedPerS: ReadonlyMap<number, number>) {
  const base = opened.get(SIZES[0]) ?? [];
  return SIZES.map((size) => {
    const openMs = opened.get(size) ?? [];
    return {
      size,
      openMs: summary(openMs),
      toSmallest: ratio(openMs, base),
      storedPerS: storedPerS.get(size) ?? Number.NaN,
    };
  });
}

function printOpening(figures: ReturnType<typeof figuresOf>, version: string): void {
  const lines = figures.map(({ size, openMs, toSmallest, storedPerS }) => [
    `${size} messages`,
    ms(openMs.median),
    `${ms(openMs.q1)}–${ms(openMs.q3)}`,
    times(toSmallest.paired),
    `${times(toSmallest.low)}–${times(toSmallest.high)}`,
    count(storedPerS),
  ]);
  const head = ['', 'open, ms', 'quartiles', 'x smallest', '95 %', 'stored/s'];
  console.log(`\nfrom new Pim to the newest page, Chromium ${version}\n`);
  console.log(table(head, lines));
}

async function syncing(browser: BenchBrowser, rounds: number, about: object): Promise<void> {
  await withPages(browser, async (inPage) => {
    const friends = await servePage('sync-page.ts', import.meta.url);
    try {
      const alone = await fill(inPage, MISSED);
      keep('history-sync', {
        ...about,
        ...(await sync(browser, friends.url, Math.min(rounds, 5), alone)),
      });
    } finally {
      await friends.close();
    }
  });
}
