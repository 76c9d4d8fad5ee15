/**
 * The attacks a visitor of the demo page may pick, and what the page and the chats say of them.
 * @time-limit 180
 */

import type { Browser, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Relay } from '../../relay/index.js';
import { launchChromium } from '../support/browsers.js';
import { demoRelay, pick } from '../support/demo.js';

let browser: Browser;
test.before(async () => {
  browser = await launchChromium();
});
test.after(() => browser?.close());

/** The page in a profile of its own. Whatever it complains about fails the test. */
async function withDemo(relay: Promise<Relay>, use: (page: Page) => Promise<void>): Promise<void> {
  const begun = await relay;
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (fault) => complaints.push(String(fault)));
    await page.goto(`http://127.0.0.1:${begun.port}/`);
    await use(page);
    assert.equal(complaints, []);
  } finally {
    await context.close();
    await begun.close({ withinMs: 0 });
  }
}

/** A sentence that both chats show. */
const bothSay = (page: Page, sentence: string) =>
  Promise.all(
    ['Your chat', 'The chat as somebody else sees it'].map((name) =>
      page.locator(`pim-chat[aria-label="${name}"]`).getByText(sentence).waitFor(),
    ),
  );

test('a visitor watches attacks come to nothing, and the honest relay connects again', () =>
  withDemo(demoRelay(), async (page) => {
    await page.getByRole('heading', { name: 'What if the relay attacks you?' }).waitFor();
    assert.ok(await page.getByRole('radio', { name: 'Honest' }).isChecked());

    const cut = /^Not connected/;
    await pick(page, 'Alters what passes', cut);
    await bothSay(page, 'A relay changes what passes through it, so no connection was made.');
    await page.getByText('It changes one byte of every envelope.').waitFor();

    await pick(page, 'Uses your login elsewhere', cut);
    await bothSay(page, 'The relay turned this device down.');

    await pick(page, 'Plays old envelopes again', /^Connected all the same/);

    await pick(page, 'Honest', /^The relay is honest/);
    const chats = page.locator('pim-chat');
    await chats.first().getByRole('textbox', { name: 'Your message' }).fill('still here');
    await page.keyboard.press('Enter');
    await chats.last().getByRole('log').getByText('still here', { exact: true }).waitFor();
  }));

test('removing the second person ends the attack', () =>
  withDemo(demoRelay(), async (page) => {
    await pick(page, 'Loses everything', /^Not connected/);
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Add a second person' }).waitFor();
    await page.locator('#lab-state').filter({ hasText: 'The relay is honest' }).waitFor();
    assert.ok(await page.getByRole('radio', { name: 'Honest' }).isChecked());
    await page.getByRole('button', { name: 'Add a second person' }).click();
    await page.locator('pim-chat').last().getByText('Delivered').waitFor();
  }));

test('there is nothing to pick where the relay is a real one', () =>
  withDemo(demoRelay(false), async (page) => {
    await page.waitForFunction(() => document.querySelector('pim-chat') !== null);
    await page.waitForLoadState('networkidle');
    assert.not.ok(await page.locator('#lab').isVisible());
  }));

test.run();
