/**
 * The built scripts on somebody else's page: from another origin, as a module and as a classic script
 * without a `crossorigin` attribute, they register the element and find their own chunks.
 */

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { builtDist } from '../support/dist.js';

const TAGS = {
  module: (from: string) => `<script type="module" src="${from}/pim-chat.js"></script>`,
  classic: (from: string) => `<script src="${from}/pim-chat.iife.js"></script>`,
};

type Answer = (path: string) => Promise<{ type: string; body: string | Buffer } | null>;

/** An origin of its own. */
async function serve(answer: Answer): Promise<{ origin: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const found = await answer(new URL(request.url ?? '/', 'http://host').pathname);
    response.writeHead(found ? 200 : 404, {
      'content-type': found?.type ?? 'text/plain',
      'access-control-allow-origin': '*',
    });
    response.end(found?.body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function serveDist(): Promise<{ origin: string; close(): void }> {
  const dist = await builtDist();
  return serve(async (path) => {
    const body = await readFile(join(dist, path)).catch(() => null);
    const type = extname(path) === '.js' ? 'text/javascript' : 'application/json';
    return body && { type, body };
  });
}

async function opensPanel(browser: Browser, tag: string): Promise<void> {
  const site = await serve(async () => ({
    type: 'text/html; charset=utf-8',
    body: `<!doctype html><title>a site</title>${tag}<pim-chat storage="memory"></pim-chat>`,
  }));
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
    for (const tag of Object.values(TAGS)) await opensPanel(browser, tag(scripts.origin));
  } finally {
    await browser.close();
    scripts.close();
  }
}

test('both scripts open the panel on a foreign page in Chromium', () => everyTag(launchChromium));

test('both scripts open the panel on a foreign page in Firefox', () => everyTag(launchFirefox));

test.run();
