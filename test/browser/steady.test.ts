/**
 * Nothing moves away under the finger: on the inbox's screens what comes late keeps the place of what
 * stands below it. Seen by the browser itself (Layout Instability, WICG), which only Chromium tells.
 */

import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium } from '../support/browsers.js';
import { startRelay } from '../support/relay-command.js';
import { someone } from './someone.js';

declare global {
  var moved: { readonly at: number; readonly what: string }[];
}

/** Milliseconds the browser takes to say what is kept, so that the screen is surely drawn before. */
const SLOW_MS = 300;
/** Milliseconds for late things to come, if they come. */
const LATE_MS = 1_500;

interface Shift extends PerformanceEntry {
  readonly sources: readonly { previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[];
}

/** Runs in the page, before anything else. */
function watch(slowMs: number): void {
  globalThis.moved = [];
  new PerformanceObserver((list) => {
    for (const { startTime: at, sources } of list.getEntries() as Shift[]) {
      for (const { previousRect: from, currentRect: to } of sources) {
        if (from.height > 0) globalThis.moved.push({ at, what: `from ${from.y} to ${to.y}` });
      }
    }
  }).observe({ type: 'layout-shift' });
  const estimate = navigator.storage.estimate.bind(navigator.storage);
  navigator.storage.estimate = () =>
    new Promise((resolve) => setTimeout(() => resolve(estimate()), slowMs));
}

const press = (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).first().click();

/** Runs in the page: the time when all that is in it has been drawn. */
const drawn = () =>
  new Promise<number>((resolve) =>
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now()))),
  );

/**
 * What moved since `open` was called; what moved before may be told only now.
 * @param last a text of the screen's lower end
 */
async function movedIn(page: Page, open: () => Promise<void>, last: string): Promise<string[]> {
  const since = await page.evaluate(drawn);
  await open();
  await page.getByText(last, { exact: true }).waitFor();
  await page.waitForTimeout(LATE_MS);
  return page.evaluate(
    (start) => globalThis.moved.flatMap(({ at, what }) => (at < start ? [] : what)),
    since,
  );
}

test('address, settings and person: what is there stays where it is', async () => {
  const { url, relay } = await startRelay();
  const browser = await launchChromium();
  try {
    const { address } = await someone(await browser.newPage(), url);
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    await page.addInitScript(watch, SLOW_MS);
    await page.goto(new URL('/inbox', url).href);
    const me = () => press(page, 'My address');
    assert.equal(await movedIn(page, me, 'Copy address'), [], 'my address');
    const settings = () => press(page, 'Settings');
    assert.equal(await movedIn(page, settings, 'Backup'), [], 'settings');
    await press(page, 'New chat');
    await page.getByLabel('Address or link').fill(address);
    await press(page, 'Continue');
    await page.getByRole('textbox', { name: 'Your message' }).fill('hello');
    await page.keyboard.press('Enter');
    // A conversation does move as two become friends: the composer asks for no name any more, and is lower.
    await page.getByLabel('Your name').waitFor({ state: 'detached' });
    await page.getByText('Delivered').first().waitFor({ state: 'attached' });
    const person = () => page.locator('.who').click();
    assert.equal(await movedIn(page, person, 'Block'), [], 'person');
  } finally {
    await browser.close();
    relay.removeAllListeners('exit').kill();
  }
});

test.run();
