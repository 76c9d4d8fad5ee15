/**
 * A large picture is left by its own keys, Escape and its button, in both browsers: the chat stays open,
 * and the focus is on the picture again.
 */

import type { Browser } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { openScene, serveGallery } from '../support/gallery.js';
import type { SiteServer } from '../support/site.js';

let site: SiteServer;
let browsers: Browser[];
test.before(async () => {
  [site, ...browsers] = await Promise.all([serveGallery(), launchChromium(), launchFirefox()]);
});
test.after(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  site.close();
});

for (const key of ['Escape', 'Enter']) {
  test(`a large picture is left by ${key}`, async () => {
    for (const browser of browsers) {
      const page = await browser.newPage();
      await openScene(page, `${site.origin}/?scene=files&theme=auto&lang=en`);
      await page.locator('.picture').focus();
      await page.keyboard.press('Enter');
      await page.locator('dialog.viewer').waitFor();
      await page.getByRole('button', { name: 'Close the picture' }).focus();
      await page.keyboard.press(key);
      await page.locator('dialog.viewer').waitFor({ state: 'detached' });
      assert.ok(await page.locator('pim-chat[open]').count(), browser.browserType().name());
      assert.is(await page.locator('.picture:focus').count(), 1, browser.browserType().name());
      await page.close();
    }
  });
}

test.run();
