/** Both real browsers take every TURN server that our reader takes: one they refuse ends all connecting. */

import type { Browser } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { assertPassed, runInPage } from '../support/in-page.js';

const ENTRY = new URL('./pages/turn-urls.ts', import.meta.url);

async function suitePasses(browser: Browser): Promise<void> {
  try {
    const seed = Math.floor(Math.random() * 2 ** 32);
    const result = await runInPage(await browser.newPage(), ENTRY, seed);
    assertPassed(result);
    assert.is(result.passed, 2);
  } finally {
    await browser.close();
  }
}

test('Chromium takes every TURN server that we take', async () => {
  await suitePasses(await launchChromium());
});

test('Firefox takes every TURN server that we take', async () => {
  await suitePasses(await launchFirefox());
});

test.run();
