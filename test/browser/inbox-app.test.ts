/**
 * The inbox as an installed app: what a browser asks of one, and a start without a network. The built
 * relay serves it, and is gone when it is started again.
 * @time-limit 120
 */

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mediaTypeOf } from '../../relay/media-types.js';
import { launchChromium, launchFirefox, openChromium } from '../support/browsers.js';
import { builtDist } from '../support/dist.js';
import { startRelay } from '../support/relay-command.js';
import { type SiteServer, serveSite } from '../support/site.js';

/** Of nobody. */
const FRIEND = 'pim1q9n4wd83kzw4vqpqnhzwvhl2jcwtlprhez39p33jn9qjjp6yvcz4swzwk7z';
const SAID = 'Waits until we are both here';

type Relay = Awaited<ReturnType<typeof startRelay>>['relay'];

/** Resolves once it listens no longer. */
async function stopped(relay: Relay): Promise<void> {
  relay.removeAllListeners('exit');
  if (relay.exitCode !== null || relay.signalCode !== null) return;
  const ended = new Promise((resolve) => relay.once('exit', resolve));
  relay.kill('SIGKILL');
  await ended;
}

/** Chromium with a profile on disk: private windows install nothing. */
async function withProfile(use: (context: BrowserContext) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pim-app-'));
  try {
    const context = await openChromium(folder);
    try {
      await use(context);
    } finally {
      await context.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Until everything is kept and the page is under its worker. */
const settled = (page: Page) =>
  page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', null, {
    timeout: 60_000,
  });

/** Every address that lies in a cache of this origin. */
const keptPaths = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const found: string[] = [];
    for (const name of await caches.keys()) {
      for (const { url } of await (await caches.open(name)).keys()) found.push(url);
    }
    return found;
  });

/** Writes to somebody who is not there, then starts again where nothing answers. */
async function startsWithoutNetwork(context: BrowserContext): Promise<void> {
  const { url, relay } = await startRelay();
  try {
    const page = await context.newPage();
    await page.goto(new URL(`/inbox#${FRIEND}`, url).href);
    await page.getByRole('button', { name: 'Write to them' }).click();
    await page.getByRole('textbox', { name: 'Your message' }).fill(SAID);
    await page.keyboard.press('Enter');
    await page.getByRole('log').getByText(SAID).waitFor();
    await settled(page);
    const kept = await keptPaths(page);
    const paths = kept.map((each) => each.slice(new URL(url).origin.length)).sort();
    const list = await (await fetch(new URL('/inbox-files.js', url))).text();
    const { files } = JSON.parse(list.slice(list.indexOf('{'), list.lastIndexOf('}') + 1));
    const listed = Object.keys(files).sort();
    assert.equal(paths, listed, 'exactly the files of the build are kept');
    assert.ok(paths.includes('/pim-chat.js') && paths.includes('/inbox'));
    await page.close();
    await stopped(relay);

    const thrown: string[] = [];
    const again = await context.newPage();
    again.on('pageerror', ({ message }) => {
      if (!message.includes('ws://')) thrown.push(message); // Firefox says so of the relay that is gone
    });
    await again.goto(new URL('/inbox', url).href);
    await again.getByRole('button', { name: new RegExp(SAID) }).click();
    await again.getByRole('log').getByText(SAID).waitFor();
    // What was not needed before is there too: here the settings of a chunk of their own.
    await again.getByRole('textbox', { name: 'Your message' }).fill('and this');
    await again.keyboard.press('Enter');
    await again.getByRole('log').getByText('and this').waitFor();
    await again.getByText('No connection').first().waitFor();
    assert.equal(thrown, []);
  } finally {
    await stopped(relay);
  }
}

test('in Chromium the inbox starts without a network, with everything that was said', () =>
  withProfile(startsWithoutNetwork));

test('in Firefox too', async () => {
  let firefox: Browser | undefined;
  try {
    firefox = await launchFirefox();
    await startsWithoutNetwork(await firefox.newContext());
  } finally {
    await firefox?.close();
  }
});

test('Chromium finds nothing that keeps it from being installed, and its icons are the drop', () =>
  withProfile(async (context) => {
    const { url, relay } = await startRelay();
    try {
      const page = await context.newPage();
      const objections: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') objections.push(message.text());
      });
      await page.goto(new URL('/inbox', url).href);
      await settled(page);
      const devtools = await context.newCDPSession(page);
      const { errors, data = '' } = await devtools.send('Page.getAppManifest');
      assert.equal(errors, []);
      assert.is(JSON.parse(data).start_url, '/inbox');
      const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
      assert.equal(installabilityErrors, []);
      assert.equal(objections, []);
      const [same, colors] = await page.evaluate(compareIcons);
      assert.ok((same ?? 0) > 0.985, `${same} of the points of both icons are the same`);
      assert.ok((colors ?? 0) > 0.9, 'the maskable icon is green to its edges');
    } finally {
      await stopped(relay);
    }
  }));

const ROOT = new URL('../../', import.meta.url);

/** The files as a relay serves them, and a build that can be replaced by another one. */
async function serveBuild(): Promise<
  SiteServer & { readonly build: { list: string; lacks: string } }
> {
  const dist = await builtDist();
  const list = readFileSync(join(dist, 'inbox-files.js'), 'utf8');
  const build = { list, lacks: '' };
  const site = await serveSite((path) => {
    if (path === '/inbox-files.js') return { type: 'text/javascript', body: build.list };
    const name = path === '/inbox' ? '/inbox.html' : path;
    const files = [join(dist, name), fileURLToPath(new URL(`examples${name}`, ROOT))];
    const file = files.find((each) => existsSync(each) && statSync(each).isFile());
    const type = mediaTypeOf(name.slice(name.lastIndexOf('/') + 1))?.type;
    if (file === undefined || type === undefined || path === build.lacks) return null;
    return { type, body: readFileSync(file), page: 'inbox' };
  });
  return Object.assign(site, { build });
}

/** As the browser does by itself at a start: resolves with what became of the newer worker. */
const updated = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    const worker = registration.installing ?? registration.waiting;
    if (worker === null) return 'none';
    while (!['activated', 'redundant'].includes(worker.state)) {
      await new Promise((done) => worker.addEventListener('statechange', done, { once: true }));
    }
    return worker.state;
  });

test('a newer build is taken whole or not at all, and the one before it stays for open windows', async () => {
  const site = await serveBuild();
  const browser = await launchChromium();
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${site.origin}/inbox`);
    await settled(page);
    const names = () => page.evaluate(() => caches.keys());
    const version = /"version": "([0-9a-f]{16})"/.exec(site.build.list)?.[1] ?? '';
    assert.equal(await names(), [`pim-inbox ${version}`]);
    assert.is(await updated(page), 'none', 'the same build is no update');
    const asked = site.asked.length;

    // One of its files is not there yet: everything stays as it was.
    const first = site.build.list;
    const next = (n: number): string => first.replace(version, String(n).repeat(16));
    site.build.lacks = '/pim-chat.js';
    site.build.list = next(1);
    assert.is(await updated(page), 'redundant');
    assert.equal(await names(), [`pim-inbox ${version}`]);
    assert.is(await page.evaluate(() => navigator.serviceWorker.controller?.state), 'activated');
    await page.reload();
    await page.locator('pim-chat .panel').waitFor();

    site.build.lacks = '';
    site.build.list = next(2);
    assert.is(await updated(page), 'activated');
    site.build.list = next(3);
    assert.is(await updated(page), 'activated');
    assert.equal(
      await names(),
      ['2', '3'].map((n) => `pim-inbox ${n.repeat(16)}`),
    );
    const again = site.asked.slice(asked).filter((path) => path.startsWith('/chunks/'));
    assert.equal(again, [], 'files whose names hold their hash are not fetched anew');
  } finally {
    await browser.close();
    site.close();
  }
});

/** [Share of points the PNG has as the SVG, share of the maskable one's edge that is opaque green]. */
async function compareIcons(): Promise<number[]> {
  const canvases = [];
  for (const path of ['/icon.svg', '/icons/192.png', '/icons/512-maskable.png']) {
    const image = new Image(192, 192);
    image.src = path;
    await image.decode();
    const canvas = new OffscreenCanvas(192, 192);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(image, 0, 0, 192, 192);
    canvases.push(context.getImageData(0, 0, 192, 192).data);
  }
  const [svg, png, full] = canvases as [Uint8ClampedArray, Uint8ClampedArray, Uint8ClampedArray];
  let same = 0;
  let green = 0;
  for (let at = 0; at < svg.length; at += 4) {
    const isSame = [1, 3].every(
      (part) => Math.abs((svg[at + part] ?? 0) - (png[at + part] ?? 0)) < 24,
    );
    if (isSame) same += 1;
    const isEdge = at < 192 * 4;
    if (isEdge && full[at] === 0x0f && full[at + 1] === 0x6b && full[at + 3] === 255) green += 1;
  }
  return [same / (192 * 192), green / 192];
}

test.run();
