/** How long a word takes while nothing else goes on, and while a file runs between the same two people. */

import type { Page } from 'playwright-core';
import { summary } from '../statistics.js';
import { count, ms, table, times } from '../table.js';
import type { Content } from './content.js';
import type { Way } from './page.js';

const MIB = 1_048_576;
const WORDS = 40;
/** Milliseconds between a word that is known to be over there and the next one: the file runs meanwhile. */
const PAUSE_MS = 250;
/** Lasts longer than they do. */
const MEANWHILE = 1024 * MIB;

export interface Two {
  readonly reader: Page;
  readonly author: Page;
}

export type Opener = (way: Way) => Promise<Two & { close(): Promise<void> }>;

/** From `send` to the receipt: stored here, over there, and known to be. */
export async function words(open: Opener, content: Content) {
  const { reader, author, close } = await open('pim');
  const round = async () => {
    const all: number[] = [];
    for (let n = 0; n < WORDS; n++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      all.push(await author.evaluate(() => benchFiles.word()));
    }
    return all;
  };
  await round();
  const idle = await round();
  const whole = reader.evaluate((bytes) => benchFiles.received(bytes), MEANWHILE);
  await content(author, MEANWHILE);
  await author.evaluate((bytes) => benchFiles.send(bytes), MEANWHILE);
  await reader.waitForFunction((bytes) => benchFiles.progress() > bytes, 8 * MIB);
  const progress = () => reader.evaluate(() => benchFiles.progress());
  const [before, from] = [await progress(), performance.now()];
  const busy = await round();
  const [after, seconds] = [await progress(), (performance.now() - from) / 1000];
  if (after >= MEANWHILE) throw new Error('the file was over before the words were');
  whole.catch(() => undefined);
  await close();
  const row = (name: string, all: readonly number[]) => {
    const { median, q3, max } = summary(all);
    return [name, ms(median), ms(q3), ms(max), times(median / summary(idle).median)];
  };
  console.log();
  console.log(
    table(
      ['a word, ms', 'median', '75 %', 'most', 'x idle'],
      [row('idle', idle), row('file', busy)],
    ),
  );
  const perS = (after - before) / MIB / seconds;
  console.log(`\nthe file meanwhile: ${count(perS)} MiB/s`);
  return { idle, busy, perS };
}
