/**
 * The built scripts on somebody else's page: from another origin, as a module and as a classic script
 * without a `crossorigin` attribute, they register the element and find their own chunks. A chunk that
 * cannot be fetched is told as such. With the policy of every page here, and without any.
 */

import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { builtDist } from '../support/dist.js';
import type { PageName } from '../support/policy.js';
import { html, type SiteServer, serveSite } from '../support/site.js';

const TAGS = {
  module: (from: string) => `<script type="module" src="${from}/pim-chat.js"></script>`,
  classic: (from: string) => `<script src="${from}/pim-chat.iife.js"></script>`,
};

async function serveDist(): Promise<SiteServer> {
  const dist = await builtDist();
  return serveSite(async (path) => {
    const body = await readFile(join(dist, path)).catch(() => null);
    const type = extname(path) === '.js' ? 'text/javascript' : 'application/json';
    return body && { type, body };
  });
}

async function opensPanel(browser: Browser, tag: string, name?: PageName): Promise<void> {
  const body = `${tag}<pim-chat storage="memory"></pim-chat>`;
  const site = await serveSite((path) => (path === '/' ? html(body, name) : null));
  const page = await browser.newPage();
  const broken: string[] = [];
  // The site of the scripts runs no relay: a socket that does not open is as it should be.
  page.on('pageerror', ({ message }) => message.includes('ws://') || broken.push(message));
  page.on('requestfailed', (request) => /\.js$/.test(request.url()) && broken.push(request.url()));
  try {
    await page.goto(site.origin);
    await page.waitForFunction(() => customElements.get('pim-chat') !== undefined);
    const panel = page.waitForResponse((response) =>
      /\/chunks\/panel-.*\.js$/.test(response.url()),
    );
    await page.evaluate(() => {
      (document.querySelector('pim-chat') as HTMLElement & { show(): unknown }).show();
    });
    assert.is((await panel).status(), 200);
    await page.waitForLoadState('networkidle');
    assert.equal(broken, []);
  } finally {
    await page.close();
    site.close();
  }
}

async function everyTag(launch: () => Promise<Browser>): Promise<void> {
  const scripts = await serveDist();
  const browser = await launch();
  try {
    for (const tag of Object.values(TAGS)) {
      await opensPanel(browser, tag(scripts.origin));
      await opensPanel(browser, tag(scripts.origin), 'free');
    }
  } finally {
    await browser.close();
    scripts.close();
  }
}

test('both scripts open the panel on a foreign page in Chromium', () => everyTag(launchChromium));

test('both scripts open the panel on a foreign page in Firefox', () => everyTag(launchFirefox));

/** What a call says while the chunk it needs is not served, and when it is. */
async function asked(page: Page, scripts: string, reload: boolean): Promise<unknown[]> {
  const ask = () =>
    page.evaluate(async (from) => {
      const { Pim } = await import(`${from}/sdk.js`);
      return Pim.exists().catch(({ name, code, retryable }: Record<string, unknown>) => {
        return { name, code, retryable };
      });
    }, scripts);
  await page.route(/\/chunks\/identity-exists-/, (route) => route.abort());
  const refused = await ask();
  await page.unrouteAll();
  if (reload) await page.reload();
  return [refused, await ask()];
}

// Firefox remembers for as long as the page is open that a module could not be fetched.
for (const [name, launch, reload] of [
  ['Chromium', launchChromium, false],
  ['Firefox', launchFirefox, true],
] as const) {
  test(`a chunk that is not served is told as such, and asked for again, in ${name}`, async () => {
    const scripts = await serveDist();
    // The policy names the origins that the tags of a page do.
    const tag = `<script type="module" src="${scripts.origin}/sdk.js"></script>`;
    const site = await serveSite(() => html(tag));
    const browser = await launch();
    try {
      const page = await browser.newPage();
      await page.goto(site.origin);
      assert.equal(await asked(page, scripts.origin, reload), [
        { name: 'PimError', code: 'pim/not-loaded', retryable: true },
        false,
      ]);
    } finally {
      await browser.close();
      scripts.close();
      site.close();
    }
  });
}

test.run();
