/**
 * What a friend missed: somebody wrote 10,000 messages while the other was away; both are there
 * again. Real pages, real channel, both stores on disk, beside what storing alone takes.
 */

import type { Page } from 'playwright-core';
import { createRelay } from '../../relay/index.js';
import { type BenchBrowser, originOf } from '../connect/browser.js';
import { summary } from '../statistics.js';
import { count, table, times } from '../table.js';
import type {} from './sync-page.js';

export const MISSED = 10_000;

/** @param storedPerS entries a second that one side stores, without a network */
export async function sync(
  { context }: BenchBrowser,
  url: string,
  rounds: number,
  storedPerS: number,
) {
  const relay = createRelay({ port: 0, host: '127.0.0.1', files: false });
  await relay.listen();
  const at = `ws://127.0.0.1:${relay.port}`;
  const perS: number[] = [];
  try {
    for (let round = -1; round < rounds; round++) {
      const rate = await once(context, url, at, `${round + 1}`);
      if (round >= 0) perS.push(rate);
    }
  } finally {
    await relay.close();
  }
  const { median, q1, q3 } = summary(perS);
  console.log(`\n${MISSED} entries that were missed, from being connected to the last one told\n`);
  const row = [count(median), `${count(q1)}–${count(q3)}`, times(median / storedPerS)];
  console.log(table(['entries/s', 'quartiles', 'x stored/s alone'], [row]));
  return { missed: MISSED, perS, storedPerS, toStoring: median / storedPerS };
}

/** @returns entries a second */
async function once(
  context: BenchBrowser['context'],
  url: string,
  relay: string,
  name: string,
): Promise<number> {
  const open = async (person: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(originOf(url.replace('127.0.0.1', 'localhost'), `${person}${name}`));
    await page.evaluate(() => import(new URL('/suite.js', location.href).href));
    return page;
  };
  const [author, reader] = [await open('author'), await open('reader')];
  try {
    const [from, to] = [
      await author.evaluate((at) => benchSync.begin(at), relay),
      await reader.evaluate((at) => benchSync.begin(at), relay),
    ];
    await author.evaluate((address) => benchSync.befriend(address), to);
    await reader.evaluate(() => benchSync.stop());
    await author.evaluate((given) => benchSync.write(...given), [to, MISSED] as const);
    const taking = reader.evaluate((given) => benchSync.take(...given), [
      relay,
      from,
      MISSED,
    ] as const);
    const [took] = await Promise.all([taking, author.evaluate((at) => benchSync.begin(at), relay)]);
    return (MISSED / took) * 1_000;
  } finally {
    await author.close();
    await reader.close();
  }
}
