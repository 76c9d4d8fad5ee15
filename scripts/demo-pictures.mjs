/** Pictures of the demo page while a relay attacks: the real page, the real relay, WebRTC and all. */

import { join } from 'node:path';
import { demoRelay, pick } from '../test/support/demo.ts';

const VIEWPORT = { width: 1060, height: 1300 };
/** Around what is shown, CSS pixels. */
const MARGIN = 24;

/** Writes demo-attack-light.png and demo-attack-dark.png into `folder`. */
export async function demoPictures(browser, folder) {
  const relay = await demoRelay();
  try {
    for (const theme of ['light', 'dark']) {
      const context = await browser.newContext({ viewport: VIEWPORT, colorScheme: theme });
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${relay.port}/`);
      await pick(page, 'Alters what passes', /^Not connected/);
      await page.getByText('A relay changes what passes').last().waitFor();
      await page.evaluate(() => document.activeElement?.blur());
      await page.mouse.move(0, 0);
      const [top, bottom] = await Promise.all(
        ['.stage', '#lab'].map((part) => page.locator(part).boundingBox()),
      );
      const clip = {
        x: top.x - MARGIN,
        y: top.y - MARGIN,
        width: top.width + 2 * MARGIN,
        height: bottom.y + bottom.height - top.y + 2 * MARGIN,
      };
      await page.screenshot({
        path: join(folder, `demo-attack-${theme}.png`),
        clip,
        fullPage: true,
      });
      await context.close();
    }
  } finally {
    await relay.close({ withinMs: 0 });
  }
}
