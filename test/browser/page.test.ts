/**
 * The page itself, as two people use it: the built relay serves the built widget, one of them has
 * Chromium and the other Firefox, and everything is done by clicking and typing.
 * @time-limit 180
 */

import type { Browser, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { startRelay } from '../support/relay-command.js';
import { html, serveSite } from '../support/site.js';

const ADDRESS = /pim1q[a-z0-9]{58}/;

async function beginAtDemo(page: Page, url: string): Promise<string> {
  await page.goto(url);
  await page.getByRole('button', { name: 'Begin' }).click();
  const field = page.getByLabel('Your address').first();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('input')].some((input) => input.value.startsWith('pim1q')),
  );
  return ADDRESS.exec(await field.inputValue())?.[0] ?? '';
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your message' }).first().fill(text);
  await page.keyboard.press('Enter');
}

const sees = (page: Page, text: string) =>
  page.getByRole('log').getByText(text, { exact: true }).first().waitFor();

let relay: Awaited<ReturnType<typeof startRelay>>;
let url: string;
let browsers: [chromium: Browser, firefox: Browser];
test.before(async () => {
  [relay, ...browsers] = await Promise.all([startRelay(), launchChromium(), launchFirefox()]);
  url = relay.url;
});
test.after(async () => {
  await Promise.all((browsers ?? []).map((browser) => browser.close()));
  relay?.relay.removeAllListeners('exit').kill();
});

test('two people in Chromium and Firefox become friends and talk through the page', async () => {
  const contexts = await Promise.all(browsers.map((each) => each.newContext()));
  try {
    const [chromium, firefox] = contexts;
    if (chromium === undefined || firefox === undefined) throw new Error('no browser');
    const ada = await chromium.newPage();
    const address = await beginAtDemo(ada, url);
    assert.match(address, ADDRESS);

    // Grace follows Ada's link; its fragment is gone from the address bar at once.
    let grace = await firefox.newPage();
    await grace.goto(new URL(`/inbox#${address}`, url).href);
    await grace.getByRole('button', { name: 'Write to them' }).click();
    assert.is(new URL(grace.url()).hash, '');
    await grace.getByRole('textbox', { name: 'Your name, if you like' }).fill('Grace');
    await say(grace, 'Hello Ada, this is Grace.');

    // Ada sees one request and says yes; only then do the words arrive.
    await ada.getByRole('button', { name: /Grace/ }).first().click();
    await ada.getByRole('button', { name: 'Accept' }).click();
    await sees(ada, 'Hello Ada, this is Grace.');
    await say(ada, 'Good to see you, Grace.');
    await sees(grace, 'Good to see you, Grace.');
    await grace.getByText('Delivered').first().waitFor();

    // Both keep identity, contact and history over a reload.
    await Promise.all([ada.reload(), grace.reload()]);
    await grace
      .getByRole('button', { name: /Good to see you/ })
      .first()
      .click();
    await sees(grace, 'Hello Ada, this is Grace.');
    await ada.getByRole('button', { name: /Grace/ }).first().click();
    await sees(ada, 'Good to see you, Grace.');

    // Written while the other is away: there when both are back, once, in order.
    await grace.close();
    const late = ['First of three', 'Second of three', 'Third of three'];
    for (const text of late) await say(ada, text);
    await sees(ada, 'Third of three');
    grace = await firefox.newPage();
    await grace.goto(new URL('/inbox', url).href);
    await grace
      .getByRole('button', { name: /Third of three/ })
      .first()
      .click();
    await sees(grace, 'Third of three');
    const shown = (await grace.getByRole('log').textContent()) ?? '';
    const positions = late.map((text) => shown.indexOf(text));
    assert.equal(
      positions,
      [...positions].sort((a, b) => a - b),
    );
    for (const text of late) assert.is(shown.split(text).length, 2, `${text}, once`);
  } finally {
    await Promise.all(contexts.map((each) => each.close()));
  }
});

test('a page with the widget stores nothing and opens nothing before somebody opens it', async () => {
  const context = await browsers[0].newContext();
  try {
    const page = await context.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(new URL(request.url()).pathname));
    page.on('websocket', (socket) => requests.push(socket.url()));
    await page.goto(new URL('/personal-site/', url).href);
    await page.getByRole('button', { name: /chat/i }).waitFor();
    const kept = await page.evaluate(async () => ({
      databases: (await indexedDB.databases()).length,
      local: localStorage.length,
      session: sessionStorage.length,
      cookies: document.cookie,
    }));
    assert.equal(kept, { databases: 0, local: 0, session: 0, cookies: '' });
    assert.not.ok(
      requests.some((each) => /panel|index-|ws:/.test(each)),
      requests.join(' '),
    );
  } finally {
    await context.close();
  }
});

test('a request declined in one chat is gone from the others of its page, and of other tabs', async () => {
  const script = `<script type="module" src="${new URL('pim-chat.js', url)}"></script>`;
  let address = '';
  const site = await serveSite((path) => {
    if (path === '/whole') return html(`${script}<pim-chat mode="page">`);
    if (path === '/visitor') return html(`${script}<pim-chat to="${address}" open>`);
    const inline = ['one', 'other'].map((id) => `<pim-chat id="${id}" mode="inline"></pim-chat>`);
    return path === '/two' ? html(script + inline.join('')) : null;
  });
  const [mine, theirs] = await Promise.all([browsers[0].newContext(), browsers[0].newContext()]);
  try {
    const tab = await mine.newPage();
    await tab.goto(`${site.origin}/whole`);
    await tab.getByRole('button', { name: 'My address' }).first().click();
    address = (await tab.locator('code.address').textContent()) ?? '';
    const page = await mine.newPage();
    await page.goto(`${site.origin}/two`);
    const visitor = await theirs.newPage();
    await visitor.goto(`${site.origin}/visitor`);
    await say(visitor, 'May I?');

    const [one, other] = [page.locator('#one'), page.locator('#other')];
    for (const chat of [tab, one, other]) await chat.getByText('1 request').waitFor();
    await tab.getByRole('button', { name: /No name given/ }).click();
    await tab.getByRole('button', { name: 'Decline' }).waitFor();
    await one.getByRole('button', { name: /No name given/ }).click();
    await one.getByRole('button', { name: 'Decline' }).click();
    for (const chat of [tab, one, other]) {
      await chat.getByText('1 request').waitFor({ state: 'detached' });
    }
    await tab.getByText('This request is no longer there.').waitFor();
    await tab.getByRole('button', { name: 'Decline' }).waitFor({ state: 'detached' });
  } finally {
    await Promise.all([mine.close(), theirs.close()]);
    site.close();
  }
});

test.run();
