/** The crypto contract on both paths inside both real browsers, and keys that stay inside them. */

import type { Browser } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cryptoVectors } from '../contracts/crypto-vectors.js';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { assertPassed, runInPage } from '../support/in-page.js';

const ENTRY = new URL('./pages/crypto.ts', import.meta.url);

async function contractHolds(browser: Browser): Promise<void> {
  try {
    const result = await runInPage(await browser.newPage(), ENTRY, cryptoVectors);
    assertPassed(result);
    assert.ok(result.passed > 60, `only ${result.passed} tests ran`);
  } finally {
    await browser.close();
  }
}

test('Chromium holds the crypto contract on both paths', async () => {
  await contractHolds(await launchChromium());
});

test('Firefox holds the crypto contract on both paths', async () => {
  await contractHolds(await launchFirefox());
});

test.run();
