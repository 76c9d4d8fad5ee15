/**
 * Whether ten thousand messages scroll as ten do: from the newest to the first and back in the widget,
 * a step each frame, beside a page with nothing on it. In Chromium, with its profile on disk.
 */

import { openBrowser } from '../connect/browser.js';
import { servePage } from '../in-page.js';
import { load, machine } from '../machine.js';
import { keep } from '../results.js';
import { count, ms, table } from '../table.js';
import type { Ride, Rides } from './page.js';

/** An address of nobody. */
const FRIEND = 'pim1q9n4wd83kzw4vqpqnhzwvhl2jcwtlprhez39p33jn9qjjp6yvcz4swzwk7z';
const MESSAGES = 10_000;

/** @param messages how long the conversation is */
export async function measureScroll(
  messages: number,
): Promise<Rides & { readonly browser: string }> {
  const host = await servePage('page.ts', import.meta.url);
  const browser = await openBrowser();
  try {
    const page = await browser.context.newPage();
    await page.goto(host.url);
    await page.evaluate(() => import(new URL('/suite.js', location.href).href));
    const given = ['scroll', FRIEND] as const;
    await page.evaluate((g) => globalThis.fillHistory(...g), [...given, messages] as const);
    const rides = await page.evaluate((g) => globalThis.scrollHistory(...g), given);
    return { ...rides, browser: browser.version };
  } finally {
    await browser.close();
    await host.close();
  }
}

export async function scroll(): Promise<void> {
  const before = load();
  const { up, down, empty, browser } = await measureScroll(MESSAGES);
  const row = (name: string, ride: Ride): string[] => [
    name,
    count(ride.frames),
    ms(ride.medianMs),
    ms(ride.worstMs),
    String(ride.over50),
    count(ride.nodes),
    count(ride.seen),
  ];
  const head = ['', 'frames', 'median, ms', 'worst, ms', '> 50 ms', 'elements', 'messages seen'];
  console.log(`\n${MESSAGES} messages in the widget, Chromium ${browser}\n`);
  console.log(table(head, [row('to the first', up), row('back', down), row('empty page', empty)]));
  keep('scroll', {
    at: new Date().toISOString(),
    machine: machine(),
    browser,
    load: before,
    messages: MESSAGES,
    up,
    down,
    empty,
  });
}
