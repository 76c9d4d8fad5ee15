/** Both real browsers start and offer what pim builds on; the smallest test of the browser set-up. */

import type { Browser } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { assertPassed, runInPage } from '../support/in-page.js';

const ENTRY = new URL('./pages/platform.ts', import.meta.url);

async function suitePasses(browser: Browser, engine: string): Promise<void> {
  try {
    const result = await runInPage(await browser.newPage(), ENTRY, { engine });
    assertPassed(result);
    assert.is(result.passed, 2);
  } finally {
    await browser.close();
  }
}

test('Chromium has what pim builds on', async () => {
  await suitePasses(await launchChromium(), 'Chromium');
});

test('Firefox has what pim builds on', async () => {
  await suitePasses(await launchFirefox(), 'Firefox');
});

test.run();
