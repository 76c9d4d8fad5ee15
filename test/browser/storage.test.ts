/**
 * The storage contract on the IndexedDB of both real browsers, a full disk in Chromium, and what they
 * answer to a page that asks them not to erase it.
 */

import type { Browser, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { assertPassed, runInPage } from '../support/in-page.js';
import type { Answer } from './pages/kept.js';

const CONTRACT = new URL('./pages/storage.ts', import.meta.url);
const KEPT = new URL('./pages/kept.ts', import.meta.url);
const FULL = new URL('./pages/storage-full.ts', import.meta.url);

async function contractHolds(browser: Browser, endsWrites: boolean): Promise<void> {
  for (const way of ['records', 'older'] as const) {
    const page = await browser.newPage();
    const result = await runInPage(page, CONTRACT, { way, endsWrites }, 'storage');
    assertPassed(result);
    assert.ok(result.passed > 25);
    await page.close();
  }
}

async function fullDiskIsTold(browser: Browser, endsWrites: boolean): Promise<void> {
  const page = await browser.newPage();
  const devtools = await page.context().newCDPSession(page);
  await page.exposeFunction('limitStorage', (quotaSize: number) =>
    devtools.send('Storage.overrideQuotaForOrigin', {
      origin: new URL(page.url()).origin,
      quotaSize,
    }),
  );
  assertPassed(await runInPage(page, FULL, { endsWrites }));
  await page.close();
}

async function keptAsTold(browser: Browser, answer: Answer): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  if (answer === true) await promise(browser, page);
  assertPassed(await runInPage(page, KEPT, answer));
  await context.close();
}

/** As Chromium does by itself for a page that somebody has installed or uses every day. */
async function promise(browser: Browser, page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const { targetInfo } = await devtools.send('Target.getTargetInfo');
  const { browserContextId = '' } = targetInfo;
  const whole = await browser.newBrowserCDPSession(); // what it grants goes with it
  await whole.send('Browser.grantPermissions', {
    permissions: ['durableStorage'],
    browserContextId,
  });
}

test('Chromium holds the contract, tells a full disk, and what it promises to keep', async () => {
  const browser = await launchChromium();
  try {
    await contractHolds(browser, true);
    for (const endsWrites of [true, false]) await fullDiskIsTold(browser, endsWrites);
    for (const answer of [false, true]) await keptAsTold(browser, answer);
  } finally {
    await browser.close();
  }
});

test('Firefox holds the contract, and nobody is kept waiting for its question', async () => {
  const browser = await launchFirefox();
  try {
    await contractHolds(browser, false);
    // It asks the person, and answers once they do.
    await keptAsTold(browser, null);
  } finally {
    await browser.close();
  }
});

test.run();
