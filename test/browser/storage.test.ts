/** The storage contract on the IndexedDB of both real browsers, and a full disk in Chromium. */

import type { Browser } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { assertPassed, runInPage } from '../support/in-page.js';

const CONTRACT = new URL('./pages/storage.ts', import.meta.url);
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

test('Chromium holds the contract, and tells a full disk', async () => {
  const browser = await launchChromium();
  try {
    await contractHolds(browser, true);
    for (const endsWrites of [true, false]) await fullDiskIsTold(browser, endsWrites);
  } finally {
    await browser.close();
  }
});

test('Firefox holds the contract', async () => {
  const browser = await launchFirefox();
  try {
    await contractHolds(browser, false);
  } finally {
    await browser.close();
  }
});

test.run();
