/**
 * The chat on a phone: over the whole screen, above the keyboard, beside notches, and the page behind
 * it left where it was. Chromium with a touch screen, Firefox at that size.
 * @time-limit 120
 */

import type { Browser, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { openScene, serveGallery } from '../support/gallery.js';
import type { Answer, SiteServer } from '../support/site.js';
import { smallTargets } from '../support/targets.js';
import { SCENES } from '../widget/gallery/scenes.js';

const PHONE = { width: 375, height: 667 };
const TOUCH = { viewport: PHONE, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
/** Where somebody had read to, CSS pixels. */
const READ_TO = 1200;
/** A notch and a home bar, as of a phone held upright. */
const INSETS = { top: 47, bottom: 34, left: 0, right: 0 };
/** Of a keyboard on the screen. */
const KEYBOARD = 291;

/** A page longer than the screen. */
const PAGE: Answer = {
  type: 'text/html; charset=utf-8',
  body: `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
    <title>a long page</title><main><h1>Long</h1>${'<p>A line.</p>'.repeat(200)}</main>
    <script type="module" src="/page.js"></script></html>`,
};

let site: SiteServer;
let chromium: Browser;
let firefox: Browser;
test.before(async () => {
  [site, chromium, firefox] = await Promise.all([
    serveGallery((path) => (path === '/long' ? PAGE : null)),
    launchChromium(),
    launchFirefox(),
  ]);
});
test.after(async () => {
  await Promise.all([chromium?.close(), firefox?.close()]);
  site?.close();
});

async function on(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0],
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  try {
    await use(await context.newPage());
  } finally {
    await context.close();
  }
}

const open = (page: Page, scene: string, path = '/') =>
  openScene(page, `${site.origin}${path}?scene=${scene}`);

async function boxOf(page: Page, part: string): Promise<DOMRect> {
  const box = await page.evaluate((selector) => {
    const found = document.querySelector('pim-chat')?.shadowRoot?.querySelector(selector);
    return found?.getBoundingClientRect().toJSON();
  }, part);
  assert.ok(box, `${part} is there`);
  return box as DOMRect;
}

/** Presses the button, and the chat is over everything; then closes it. */
async function opensAndCloses(page: Page, press: (name: string) => Promise<void>): Promise<void> {
  await open(page, 'closed', '/long');
  await page.evaluate((y) => scrollTo(0, y), READ_TO);
  await page.waitForFunction((y) => scrollY === y, READ_TO);
  await press('Open chat');
  await page.getByRole('dialog').waitFor();
  await page.waitForFunction(() => {
    const panel = document.querySelector('pim-chat')?.shadowRoot?.querySelector('.panel');
    const { x, y, width, height } = panel?.getBoundingClientRect() ?? {};
    const { clientWidth } = document.documentElement; // all but the page's scroll bar, where it has one
    return x === 0 && y === 0 && width === clientWidth && height === innerHeight;
  });
  assert.is(await page.locator('pim-chat .launcher').isVisible(), false);
  const composer = await boxOf(page, '.composer');
  assert.ok(composer.bottom <= PHONE.height && composer.bottom > PHONE.height - 20);
}

async function closes(page: Page, press: (name: string) => Promise<void>): Promise<void> {
  await press('Close chat');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.waitForFunction((y) => scrollY === y, READ_TO, { timeout: 10_000 });
  await page.locator('pim-chat .launcher').waitFor();
}

test('under a finger it covers the screen, and the page is where it was when it goes', () =>
  on(chromium, TOUCH, async (page) => {
    const tap = (name: string) => page.getByRole('button', { name }).tap();
    await opensAndCloses(page, tap);
    // A finger that drags the head of the chat moves the page behind it.
    const finger = await page.context().newCDPSession(page);
    await finger.send('Input.synthesizeScrollGesture', {
      x: 180,
      y: 34,
      yDistance: -500,
      gestureSourceType: 'touch',
    });
    await page.evaluate(() => scrollBy(0, 333)); // as a focused field or a keyboard does
    await page.waitForFunction((y) => scrollY !== y, READ_TO);
    await closes(page, tap);
    // And once more: it is not the first place that is kept.
    await page.evaluate((y) => scrollTo(0, y + 400), READ_TO);
    await tap('Open chat');
    await page.getByRole('dialog').waitFor();
    await page.evaluate((y) => scrollTo(0, y), 10);
    await tap('Close chat');
    await page.waitForFunction((y) => scrollY === y, READ_TO + 400, { timeout: 10_000 });
  }));

test('in Firefox at that size it covers the screen, and leaves the page alone', () =>
  on(firefox, { viewport: PHONE }, async (page) => {
    const click = (name: string) => page.getByRole('button', { name }).click();
    await opensAndCloses(page, click);
    await closes(page, click);
  }));

test('a keyboard covers neither the words nor the field', () =>
  on(chromium, TOUCH, async (page) => {
    // Headless browsers have no keyboard on the screen: this viewport shrinks as one makes it.
    await page.addInitScript(() => {
      const viewport = Object.assign(new EventTarget(), {
        scale: 1,
        height: 667,
        width: 375,
        offsetTop: 0,
        offsetLeft: 0,
      });
      Object.defineProperty(window, 'visualViewport', { value: viewport, configurable: true });
    });
    await open(page, 'conversation-phone', '/long');
    const type = (height: number, offsetTop: number) =>
      page.evaluate(
        (size) => {
          Object.assign(window.visualViewport as object, size);
          window.visualViewport?.dispatchEvent(new Event('resize'));
        },
        { height, offsetTop },
      );
    await type(PHONE.height - KEYBOARD, 60);
    await page.waitForFunction(
      (bottom) => {
        const root = document.querySelector('pim-chat')?.shadowRoot;
        return root?.querySelector('.panel')?.getBoundingClientRect().bottom === bottom;
      },
      PHONE.height - KEYBOARD + 60,
    );
    const [panel, header, composer] = [
      await boxOf(page, '.panel'),
      await boxOf(page, '.header'),
      await boxOf(page, '.composer'),
    ];
    assert.is(panel.top, 60);
    assert.is(header.top, 60);
    assert.ok(composer.bottom <= panel.bottom, 'the field is above the keyboard');
    // The newest words stay in sight.
    await page.waitForFunction(() => {
      const log = document.querySelector('pim-chat')?.shadowRoot?.querySelector('.log');
      return log && log.scrollHeight - log.scrollTop - log.clientHeight < 2;
    });
    await type(PHONE.height, 0);
    await page.waitForFunction((bottom) => {
      const root = document.querySelector('pim-chat')?.shadowRoot;
      return root?.querySelector('.panel')?.getBoundingClientRect().bottom === bottom;
    }, PHONE.height);
  }));

for (const scene of ['closed', 'conversation-phone', 'inbox-phone']) {
  test(`nothing lies under a notch or the home bar: ${scene}`, () =>
    on(chromium, TOUCH, async (page) => {
      const devtools = await page.context().newCDPSession(page);
      await devtools.send(
        'Emulation.setSafeAreaInsetsOverride' as never,
        { insets: INSETS } as never,
      );
      await open(page, scene);
      if (scene === 'closed') {
        const { bottom } = await boxOf(page, '.launcher');
        assert.ok(bottom <= PHONE.height - INSETS.bottom, `the button ends at ${bottom}`);
        return;
      }
      const { top } = await boxOf(page, '.header');
      assert.ok(top >= INSETS.top, `the head begins at ${top}`);
      const last = await boxOf(page, scene === 'inbox-phone' ? '.scroll' : '.composer');
      assert.ok(last.bottom <= PHONE.height - INSETS.bottom, `the panel ends at ${last.bottom}`);
      // Held sideways, with the notch at one side.
      await page.setViewportSize({ width: PHONE.height, height: PHONE.width });
      const sideways = { top: 0, bottom: 21, left: 47, right: 47 };
      await devtools.send(
        'Emulation.setSafeAreaInsetsOverride' as never,
        { insets: sideways } as never,
      );
      await page.waitForFunction(() => {
        const root = document.querySelector('pim-chat')?.shadowRoot;
        return (root?.querySelector('.header')?.getBoundingClientRect().left ?? 0) >= 47;
      });
      const { right } = await boxOf(page, '.header');
      assert.ok(right <= PHONE.height - 47, `the head ends at ${right}`);
    }));
}

test('fingers meet nothing small, and no field makes the page zoom', () =>
  on(chromium, TOUCH, async (page) => {
    const found: string[] = [];
    for (const scene of Object.keys(SCENES).filter((name) => SCENES[name]?.size === 'small')) {
      await open(page, scene);
      const small = await smallTargets(page);
      // Under 16 pixels iOS zooms into a field that gets the focus.
      const zooming = await page.evaluate(() => {
        const root = document.querySelector('pim-chat')?.shadowRoot;
        return [...(root?.querySelectorAll('textarea, input:not([hidden])') ?? [])]
          .filter((each) => Number.parseFloat(getComputedStyle(each).fontSize) < 16)
          .map((each) => `${each.outerHTML} zooms`);
      });
      const wide = await page.evaluate(() =>
        document.documentElement.scrollWidth > innerWidth ? ['the page is too wide'] : [],
      );
      found.push(...[...small, ...zooming, ...wide].map((each) => `${scene}: ${each}`));
    }
    assert.equal(found, []);
  }));

test.run();
