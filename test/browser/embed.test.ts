/**
 * The element on somebody's page: what it costs before it is opened, how it gets there, and that
 * nothing of it stays when it goes. The built scripts, from a relay on another origin.
 * @time-limit 240
 */

import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { builtDist } from '../support/dist.js';
import type { PageName } from '../support/policy.js';
import { startRelay } from '../support/relay-command.js';
import { html, type SiteServer, serveSite } from '../support/site.js';
import { ADA, GRACE } from '../widget/fake-pim.js';

/** What a page pays for before anybody opens the chat, gzip. */
const LOADER_BYTES = 10_240;

let relay: { url: string; relay: ChildProcess };
let chromium: Browser;
let firefox: Browser;
test.before(async () => {
  [relay, chromium, firefox] = await Promise.all([startRelay(), launchChromium(), launchFirefox()]);
});
test.after(async () => {
  await Promise.all([chromium?.close(), firefox?.close()]);
  relay?.relay.removeAllListeners('exit').kill();
});

const script = (name: string): string => new URL(name, relay.url).href;

/** A page with `body`, in a profile of its own. What it throws fails the test. */
async function onPage(
  browser: Browser,
  body: string,
  use: (page: Page, site: SiteServer) => Promise<void>,
  prepare: (page: Page) => Promise<unknown> = async () => undefined,
  name?: PageName,
): Promise<void> {
  const site = await serveSite((path) => (path === '/' ? html(body, name) : null));
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const thrown: string[] = [];
    // A site that serves scripts and runs no relay is no fault of the element.
    page.on('pageerror', ({ message }) => message.includes('ws://') || thrown.push(message));
    await prepare(page);
    await page.goto(site.origin);
    await use(page, site);
    assert.equal(thrown, []);
  } finally {
    await context.close();
    site.close();
  }
}

const inBoth = (name: string, run: (browser: Browser) => Promise<void>): void => {
  test(`${name} (Chromium)`, () => run(chromium));
  test(`${name} (Firefox)`, () => run(firefox));
};

/** Keeps, in the page, the names of what leaves a trace. */
function watchTraces(): void {
  if (!isSecureContext) return; // the empty page before: it has half of what is watched
  const traces: string[] = [];
  Object.assign(globalThis, { traces });
  const spy = (owner: object | undefined, name: string) => {
    if (owner === undefined) return;
    const original = Reflect.get(owner, name) as (...args: unknown[]) => unknown;
    Object.defineProperty(owner, name, {
      configurable: true,
      writable: true,
      value: new Proxy(original, {
        apply: (target, self, args) => {
          traces.push(name);
          return Reflect.apply(target, self, args);
        },
        construct: (target, args) => {
          traces.push(name);
          return Reflect.construct(target, args) as object;
        },
      }),
    });
  };
  spy(IDBFactory.prototype, 'open');
  for (const name of ['setItem', 'removeItem']) spy(Storage.prototype, name);
  spy(Crypto.prototype, 'getRandomValues'); // without which no key is made
  spy(LockManager.prototype, 'request');
  for (const name of ['persist', 'getDirectory']) spy(StorageManager.prototype, name);
  spy(CacheStorage.prototype, 'open');
  for (const name of ['fetch', 'WebSocket', 'RTCPeerConnection', 'Worker', 'BroadcastChannel']) {
    spy(globalThis, name);
  }
  spy(Navigator.prototype, 'sendBeacon');
}

const tracesOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => (globalThis as unknown as { traces: string[] }).traces);

inBoth('nothing is stored, made or asked for before somebody opens it', async (browser) => {
  const dist = await builtDist();
  const requests: string[] = [];
  await onPage(
    browser,
    `<script type="module" src="${script('pim-chat.js')}"></script><pim-chat to="${ADA}"></pim-chat>`,
    async (page) => {
      const button = page.getByRole('button', { name: 'Open chat' });
      await button.waitFor();
      await page.waitForLoadState('networkidle');
      const files = requests
        .map((url) => new URL(url))
        .filter(({ pathname }) => pathname !== '/' && pathname !== '/favicon.ico');
      for (const { origin } of files) assert.is(origin, new URL(relay.url).origin);
      const paid = files.map(({ pathname }) => gzipSync(readFileSync(dist + pathname)).length);
      const sum = paid.reduce((total, bytes) => total + bytes, 0);
      assert.ok(files.length > 0 && sum <= LOADER_BYTES, `${files.join(' ')}: ${sum} bytes`);
      assert.equal(await tracesOf(page), []);
      const kept = await page.evaluate(async () => [
        (await indexedDB.databases()).length,
        localStorage.length,
        sessionStorage.length,
        document.cookie,
      ]);
      assert.equal(kept, [0, 0, 0, '']);

      // Who comes near it fetches the rest, and still leaves no trace.
      const panel = page.waitForResponse(/\/chunks\/panel-.*\.js$/);
      await button.hover();
      await panel;
      await page.waitForLoadState('networkidle');
      assert.equal(await tracesOf(page), []);

      // With the press there is an identity and a relay: the counters count.
      await button.click();
      // A relay is dialled while the store opens and the key is made: each comes in its own time.
      await page.waitForFunction(() => {
        const { traces } = globalThis as unknown as { traces: string[] };
        return ['WebSocket', 'open', 'getRandomValues'].every((each) => traces.includes(each));
      });
      const traces = await tracesOf(page);
      assert.not.ok(traces.includes('RTCPeerConnection'), `${traces}`);
    },
    async (page) => {
      page.on('request', (request) => requests.push(request.url()));
      // The compiler of the tests names functions, by a function that the page has not.
      await page.addInitScript('globalThis.__name = (made) => made');
      await page.addInitScript(watchTraces);
    },
  );
});

const tags = {
  module: (data: string) =>
    `<script type="module" src="${script('pim-chat.js')}" ${data}></script>`,
  classic: (data: string) => `<script src="${script('pim-chat.iife.js')}" ${data}></script>`,
};

for (const kind of ['module', 'classic'] as const) {
  inBoth(`a ${kind} tag with data-to is a whole chat, also where it is there twice`, (browser) => {
    const tag = tags[kind](
      `data-to="${ADA}" data-relay-only data-greeting="Good day" data-storage="memory"`,
    );
    const other = tags[kind](`data-to="${GRACE}"`);
    return onPage(browser, `<main>${tag}</main>${tag}${other}`, async (page) => {
      await page.locator('pim-chat').nth(1).waitFor({ state: 'attached' });
      await page.waitForLoadState('networkidle');
      const made = await page.evaluate(() =>
        [...document.querySelectorAll('pim-chat')].map(({ to, greeting, relayOnly, storage }) => ({
          to,
          greeting,
          relayOnly,
          storage,
        })),
      );
      assert.equal(made, [
        { to: ADA, greeting: 'Good day', relayOnly: true, storage: 'memory' },
        { to: GRACE, greeting: '', relayOnly: false, storage: 'persistent' },
      ]);
      await page.evaluate(() => document.querySelector('pim-chat')?.show());
      await page.getByText('Good day').waitFor();
    });
  });
}

inBoth('calls made before the script has arrived wait for it, in their order', (browser) => {
  const early = `<script>window.PimChat = window.PimChat || []; window.order = [];
    PimChat.push((chat) => order.push(['first', chat?.to]), () => { throw new Error('of a caller') });
    PimChat.push((chat) => { order.push(['second', chat?.to]); chat.greeting = 'Good day'; chat.show(); });
    addEventListener('error', (event) => { order.push([event.message]); event.preventDefault(); });
  </script>`;
  const body = `${early}${tags.classic(`data-to="${ADA}" data-storage="memory"`)}`;
  const use = async (page: Page) => {
    await page.getByText('Good day').waitFor();
    const order = (await page.evaluate(() => Reflect.get(globalThis, 'order'))) as string[][];
    assert.equal(order[0], ['first', ADA]);
    assert.match(order[1]?.[0] ?? '', 'of a caller');
    assert.equal(order[2], ['second', ADA]);
  };
  return onPage(browser, body, use, undefined, 'early calls');
});

inBoth('two versions of the script and several elements share a page', async (browser) => {
  const dist = await builtDist();
  const older = await serveSite((path) =>
    path.endsWith('.js') ? { type: 'text/javascript', body: readFileSync(dist + path) } : null,
  );
  const body = `
    <script src="${older.origin}/pim-chat.iife.js"></script>
    ${tags.module('')}${tags.classic('')}${tags.module('')}
    <pim-chat id="one" to="${ADA}" storage="memory"></pim-chat>
    <pim-chat id="two" to="${GRACE}" storage="memory" position="start"></pim-chat>
    <div><pim-chat id="three" mode="inline" storage="memory"></pim-chat></div>`;
  try {
    await onPage(browser, body, async (page) => {
      await page.locator('#three').getByRole('button', { name: 'Begin' }).click();
      for (const id of ['one', 'two']) {
        await page.locator(`#${id}`).getByRole('button', { name: 'Open chat' }).click();
        await page.locator(`#${id}`).getByRole('textbox', { name: 'Your message' }).waitFor();
        await page.locator(`#${id}`).evaluate((chat: Element) => chat.removeAttribute('open'));
      }
      await page.locator('#three').getByRole('button', { name: 'My address' }).first().click();
      const mine = await page.locator('#three code.address').textContent();
      assert.match(mine ?? '', /^pim1q/);
      // They are of one person: where that person is the one of `to`, the chat says so.
      await page.evaluate((to) => {
        const chat = document.querySelector('#one') as HTMLElement & { to: string };
        chat.to = to ?? '';
        chat.setAttribute('open', '');
      }, mine);
      await page.getByText('This is your own address.').waitFor();
    });
  } finally {
    older.close();
  }
});

interface Counters {
  readonly nodes: number;
  readonly jsEventListeners: number;
}

async function counters(cdp: CDPSession): Promise<Counters> {
  // Twice: what a first collection finds dead may hold something that a second one finds.
  for (let n = 0; n < 2; n += 1) await cdp.send('HeapProfiler.collectGarbage');
  const { nodes, jsEventListeners } = await cdp.send('Memory.getDOMCounters');
  return { nodes, jsEventListeners };
}

/** Opens it, waits until it has an identity and a relay, moves it, takes it away. */
async function visits(page: Page, times: number): Promise<void> {
  await page.evaluate(
    async ([to, count]) => {
      for (let n = 0; n < count; n += 1) {
        const chat = document.createElement('pim-chat');
        for (const [name, value] of Object.entries({ to, open: '', storage: 'memory' })) {
          chat.setAttribute(name, value);
        }
        const ready = new Promise((done) => chat.addEventListener('pim-ready', done));
        document.body.append(chat);
        await ready;
        document.querySelector('main')?.append(chat);
        await new Promise((done) => requestAnimationFrame(done));
        if (chat.shadowRoot?.querySelector('.panel') == null) throw new Error('lost in the move');
        chat.remove();
        await new Promise((done) => requestAnimationFrame(done));
      }
    },
    [ADA, times] as const,
  );
}

test('a hundred visits leave no node, listener, socket or connection behind', () => {
  const sockets = { opened: 0, closed: 0 };
  const tag = `<script type="module" src="${script('pim-chat.js')}"></script><main></main>`;
  return onPage(
    chromium,
    tag,
    async (page) => {
      const cdp = await page.context().newCDPSession(page);
      await page.waitForFunction(() => customElements.get('pim-chat') !== undefined);
      await visits(page, 5);
      const before = await counters(cdp);
      await visits(page, 100);
      const limit = performance.now() + 10_000;
      while (sockets.closed < sockets.opened && performance.now() < limit) {
        await page.evaluate(() => new Promise(requestAnimationFrame));
      }
      const after = await counters(cdp);
      assert.ok(sockets.opened > 50, `${sockets.opened} sockets`);
      assert.is(sockets.closed, sockets.opened);
      // One of either a visit would be a hundred.
      assert.ok(after.nodes - before.nodes < 50, `nodes: ${before.nodes}, then ${after.nodes}`);
      const more = after.jsEventListeners - before.jsEventListeners;
      assert.ok(more < 20, `listeners: ${before.jsEventListeners}, then ${after.jsEventListeners}`);
      console.log(
        `100 visits: ${after.nodes - before.nodes} nodes, ${more} listeners, 0 sockets more`,
      );
    },
    async (page) => {
      page.on('websocket', (socket) => {
        sockets.opened += 1;
        socket.on('close', () => {
          sockets.closed += 1;
        });
      });
    },
  );
});

test.run();
