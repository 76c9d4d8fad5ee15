/**
 * A whole acquaintance by keyboard alone, in both browsers: one has Chromium, the other Firefox, and
 * then the other way round. The built scripts, a real relay, no pointer.
 * @time-limit 180
 */

import type { Browser, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { startRelay } from '../support/relay-command.js';
import { html, serveSite } from '../support/site.js';

let browsers: [Browser, Browser];
test.before(async () => {
  browsers = await Promise.all([launchChromium(), launchFirefox()]);
});
test.after(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
});

/** What has the focus, as assistive technology would call it. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.getAttribute('aria-label') ?? at?.textContent ?? '';
  });

/** Goes on by Tab until something like `name` has the focus; fails where Tab does not lead there. */
async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  const met: string[] = [];
  for (let n = 0; n < 30; n += 1) {
    const now = await focused(page);
    if (name.test(now)) return;
    met.push(now);
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not lead to ${name}: ${met.join(' → ')}`);
}

/** Waits for what comes by itself. */
const shown = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

async function journey(ownerBrowser: Browser, visitorBrowser: Browser): Promise<void> {
  const { url, relay } = await startRelay();
  const script = `<script type="module" src="${new URL('pim-chat.js', url)}"></script>`;
  let address = '';
  const site = await serveSite((path) =>
    path === '/owner'
      ? html(`${script}<pim-chat mode="page">`)
      : html(`${script}<a href="#">before</a><pim-chat to="${address}"></pim-chat>`),
  );
  const contexts = await Promise.all([ownerBrowser.newContext(), visitorBrowser.newContext()]);
  try {
    const [owner, visitor] = (await Promise.all(contexts.map((each) => each.newPage()))) as [
      Page,
      Page,
    ];
    await owner.goto(`${site.origin}/owner`);
    await shown(owner, 'No chats yet');
    await tabTo(owner, /^My address$/);
    await owner.keyboard.press('Enter');
    await owner.locator('code.address').waitFor();
    address = (await owner.locator('code.address').textContent()) ?? '';

    // In: the button, and the focus stands where one writes.
    await visitor.goto(site.origin);
    await visitor.getByRole('button', { name: 'Open chat' }).waitFor();
    await tabTo(visitor, /^Open chat/);
    await visitor.keyboard.press('Enter');
    await visitor.getByRole('textbox', { name: 'Your message' }).waitFor();
    await tabTo(visitor, /^Your message$/);
    // Out: Escape, and it stands on the button again. Nothing typed is lost.
    await visitor.keyboard.type('May I ask you something?');
    await visitor.keyboard.press('Escape');
    assert.match(await focused(visitor), /^Open chat/);
    await visitor.keyboard.press('Space');
    await tabTo(visitor, /^Your message$/);
    await visitor.keyboard.press('Enter');
    await shown(visitor, /Your message waits/);

    // The owner's list is one stop; arrows go through it.
    await shown(owner, '1 request');
    await tabTo(owner, /No name given/);
    await owner.keyboard.press('Enter');
    await shown(owner, 'Somebody wants to talk to you');
    await tabTo(owner, /^Accept$/);
    await owner.keyboard.press('Enter');
    await tabTo(owner, /^Your message$/);
    await owner.keyboard.type('Of course.');
    await owner.keyboard.press('Enter');

    // What comes is announced once, by itself; the focus stays.
    const announced = visitor.getByRole('status').filter({ hasText: /: .?Of course\./ });
    await announced.waitFor({ state: 'attached' });
    assert.match(await focused(visitor), /^Your message$/);
    assert.is(await visitor.getByRole('log').getAttribute('aria-live'), 'off');

    // The log is reached and scrolled by keyboard, and left again: no trap.
    await tabTo(visitor, /^Messages with|Of course/, 'Shift+Tab');
    await tabTo(visitor, /^About this chat$/, 'Shift+Tab');
    await visitor.keyboard.press('Enter');
    await shown(visitor, 'Safety number');
    await tabTo(visitor, /^Back/);
    await visitor.keyboard.press('Enter');
    await visitor.getByRole('log').waitFor();
    await visitor.keyboard.press('Escape');
    assert.match(await focused(visitor), /^Open chat/);
  } finally {
    await Promise.all(contexts.map((each) => each.close()));
    site.close();
    relay.removeAllListeners('exit').kill();
  }
}

test('the owner in Chromium, the visitor in Firefox', () => journey(browsers[0], browsers[1]));

test('the owner in Firefox, the visitor in Chromium', () => journey(browsers[1], browsers[0]));

test.run();
