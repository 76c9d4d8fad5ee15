/**
 * What people send to break the one who reads: a megabyte of text, marks piled on marks, turned
 * directions, names of ten thousand characters, scripts in every dress. Nothing runs, nothing hangs,
 * nothing leaves its place.
 */

import type { Browser, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { openScene, serveGallery } from '../support/gallery.js';
import type { SiteServer } from '../support/site.js';

/** Milliseconds until all of it stands there, on a busy machine; a quadratic search takes minutes. */
const READY_MS = 20_000;

let gallery: SiteServer;
let chromium: Browser;
let firefox: Browser;
test.before(async () => {
  [gallery, chromium, firefox] = await Promise.all([
    serveGallery(),
    launchChromium(),
    launchFirefox(),
  ]);
});
test.after(async () => {
  await Promise.all([chromium?.close(), firefox?.close()]);
  gallery?.close();
});

const boxOf = (page: Page, part: string) => page.locator(`pim-chat ${part}`).first().boundingBox();

async function holds(browser: Browser): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 920, height: 780 } });
  const alerts: string[] = [];
  page.on('dialog', (dialog) => {
    alerts.push(dialog.message());
    void dialog.dismiss();
  });
  try {
    await openScene(page, `${gallery.origin}/?scene=conversation`);
    const usual = [await boxOf(page, '.panel'), await boxOf(page, '.composer')];
    const began = performance.now();
    await openScene(page, `${gallery.origin}/?scene=hostile`);
    const ms = performance.now() - began;
    assert.ok(ms < READY_MS, `${ms} ms`);
    assert.equal([await boxOf(page, '.panel'), await boxOf(page, '.composer')], usual);
    const found = await page.evaluate(() => {
      const root = document.querySelector('pim-chat')?.shadowRoot as ShadowRoot;
      const log = root.querySelector('.log') as Element;
      return {
        made: root.querySelectorAll('img, script, iframe, svg:not(.icon, .avatar, .face)').length,
        links: [...root.querySelectorAll<HTMLAnchorElement>('.log a')].map(
          ({ href, textContent }) => `${textContent} → ${href}`,
        ),
        wide: log.scrollWidth - log.clientWidth,
        header: root.querySelector('.header')?.getBoundingClientRect().height,
        spilling: [...root.querySelectorAll('.bubble')].filter(
          (each) => getComputedStyle(each).overflowX === 'visible',
        ).length,
        dir: getComputedStyle(root.querySelector('.status') as Element).direction,
      };
    });
    assert.equal([found.made, found.wide, found.spilling, found.dir], [0, 0, 0, 'ltr']);
    assert.ok((found.header ?? 999) <= 76, `the header is ${found.header} high`);
    // Where a link says it leads is where it leads; what would hide that makes no link.
    const honest = 'https://x.example/gpj.exe → https://x.example/gpj.exe';
    assert.equal(found.links, [honest, honest]);
    // It still works: one writes, and the words stand there.
    await page.getByRole('textbox', { name: 'Your message' }).fill('still here');
    await page.keyboard.press('Enter');
    await page.getByRole('log').getByText('still here').waitFor({ timeout: READY_MS });
    assert.equal(alerts, []);
  } finally {
    await page.close();
  }
}

test('hostile content breaks nothing in Chromium', () => holds(chromium));

test('hostile content breaks nothing in Firefox', () => holds(firefox));

test.run();
