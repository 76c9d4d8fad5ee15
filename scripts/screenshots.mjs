/**
 * Pictures of the widget's scenes, light and dark, from the gallery (test/widget/gallery): the real
 * element on an SDK in memory, under the policy that docs/widget.md gives.
 * Usage: node --import tsx scripts/screenshots.mjs [folder [scene …]]; without arguments the scenes
 * the documents show, into docs/images/; with a folder alone every scene.
 */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../test/support/browsers.ts';
import { openScene, serveGallery } from '../test/support/gallery.ts';
import { demoPictures } from './demo-pictures.mjs';

const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));
/** The demo page while a relay attacks; not a scene of the gallery. */
const DEMO = 'demo-attack';
/** What the documents show. */
const SHOWN = [
  'closed',
  'first',
  'empty',
  'conversation',
  'conversation-phone',
  'lively',
  'menu',
  'sheet',
  'emoji',
  'find',
  'files',
  'requested',
  'inbox-page',
  'inbox-phone',
  'request-page',
  'request-phone',
  'invitations',
  'person',
  'settings',
  'kept',
  'recovery',
  'locked',
  'passphrase',
  'rtl',
  'long-names',
  'no-relay',
  DEMO,
];
const SIZES = {
  bubble: { width: 920, height: 780 },
  small: { width: 375, height: 720 },
  wide: { width: 1180, height: 760 },
};
process.env.PIM_TEST_POLICY ??= 'strict';
const given = process.argv.slice(2);
const folder = given[0] ?? IMAGES;
const only = given.length === 0 ? SHOWN : given.slice(1);
const gallery = await serveGallery();
const browser = await launchChromium();
try {
  await mkdir(folder, { recursive: true });
  const { SCENES } = await import('../test/widget/gallery/scenes.ts');
  for (const [name, { size = 'bubble' }] of Object.entries(SCENES)) {
    if (only.length > 0 && !only.includes(name)) continue;
    for (const theme of ['light', 'dark']) {
      const page = await browser.newPage({ viewport: SIZES[size], colorScheme: theme });
      page.on('console', (message) => console.log(`${name}: ${message.text()}`));
      page.on('pageerror', (error) => console.log(`${name}: ${error.stack}`));
      await openScene(page, `${gallery.origin}/?scene=${name}`);
      await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
      await page.close();
    }
  }
  if (only.length === 0 || only.includes(DEMO)) await demoPictures(browser, folder);
} finally {
  await browser.close();
  gallery.close();
}
