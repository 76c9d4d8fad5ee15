/**
 * The passphrase lock as a person uses it: set in the inbox, asked for after a reload, wrong and
 * right, closed and opened in two tabs at once, and forgotten.
 * @time-limit 180
 */

import type { Browser, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inEachBrowser } from './each-browser.js';
import { someone } from './someone.js';

const PASS = 'four words from a hat';
/** Milliseconds for one step, on a busy machine. */
const PATIENCE_MS = 40_000;

async function newPage(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}

const press = (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).first().click();
const isLocked = (page: Page) => page.getByText('This chat is locked').waitFor();
const field = (page: Page) => page.locator('#unlock');
/** A row of the list, by the last words in it. */
const row = (page: Page, text: string) => page.locator('.row', { hasText: text }).first();

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your message' }).fill(text);
  await page.keyboard.press('Enter');
}

async function goesThrough(browser: Browser, url: string): Promise<void> {
  const inbox = new URL('/inbox', url).href;
  const { address, heard } = await someone(await newPage(browser), url);
  const me = await newPage(browser);
  await me.goto(inbox);
  await press(me, 'New chat');
  await me.getByLabel('Address or link').fill(address);
  await press(me, 'Continue');
  await say(me, 'before the lock');
  await heard('before the lock');

  await press(me, 'Settings');
  await press(me, 'Backup');
  await press(me, 'Show the words');
  await me.locator('.secret li').nth(23).waitFor();
  const words = (await me.locator('.secret').textContent()) ?? '';

  // Set, and asked for by the next page.
  await press(me, 'Settings');
  await press(me, 'Set a passphrase');
  await me.locator('#lock-next').fill(PASS);
  await me.locator('#lock-again').fill(PASS);
  await me.keyboard.press('Enter');
  await me.getByText('Done.').waitFor();
  await me.reload();
  await isLocked(me);
  assert.is(await me.getByText('before the lock').count(), 0);
  await me.waitForFunction(
    () => document.querySelector('pim-chat')?.shadowRoot?.activeElement?.id === 'unlock',
  );
  await me.keyboard.type('four words from a cat');
  await me.keyboard.press('Enter');
  await me.getByRole('alert').getByText('This is not the passphrase.').waitFor();
  assert.is(await field(me).getAttribute('aria-invalid'), 'true');
  await me.keyboard.type(PASS); // over what is selected
  await me.keyboard.press('Enter');
  await row(me, 'before the lock').click();
  await say(me, 'after the lock');
  await heard('after the lock');

  // Another tab needs no answer; closed in it, both ask, and one answer is enough again.
  const other = await me.context().newPage();
  other.setDefaultTimeout(PATIENCE_MS);
  await other.goto(inbox);
  await row(other, 'after the lock').waitFor();
  await press(other, 'Settings');
  await press(other, 'Lock now');
  await Promise.all([isLocked(me), isLocked(other)]);
  assert.is(await me.getByText('after the lock').count(), 0);
  await field(other).fill(PASS);
  await field(other).press('Enter');
  await Promise.all([me, other].map((page) => row(page, 'after the lock').waitFor()));
  await other.close();

  // Forgotten: the words open it, and nothing asks from then on.
  await press(me, 'Settings');
  await press(me, 'Lock now');
  await isLocked(me);
  await press(me, 'Forgot it?');
  await me.getByLabel('Or your 24 words').fill(words);
  await press(me, 'Open');
  await row(me, 'after the lock').waitFor();
  await me.reload();
  await row(me, 'after the lock').click();
  await say(me, 'without a lock');
  await heard('without a lock');
}

inEachBrowser(test, 'locked by hand, opened by hand, and forgotten', goesThrough);

test.run();
