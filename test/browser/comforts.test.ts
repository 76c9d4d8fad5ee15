/**
 * What one does with messages, by mouse, finger and keyboard: the built relay serves the built widget,
 * one person has Chromium and the other Firefox, and both see what became of it.
 * @time-limit 240
 */

import type { Browser, Locator, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { eventually } from '../support/people.js';
import { startRelay } from '../support/relay-command.js';

interface Two {
  readonly ada: Page;
  readonly grace: Page;
}

/** Milliseconds for one step, on a busy machine. */
const PATIENCE_MS = 15_000;

const browsers: Browser[] = [];
const relays: { kill(): boolean; removeAllListeners(event: string): unknown }[] = [];

test.after(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  for (const relay of relays) {
    relay.removeAllListeners('exit');
    relay.kill();
  }
});

const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Your message' }).first();
const log = (page: Page): Locator => page.getByRole('log');
const bubble = (page: Page, text: string): Locator =>
  log(page).locator('.bubble', { hasText: text }).first();

async function say(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press('Enter');
}

/** Two people who are friends: Ada in her inbox in Chromium, Grace in Firefox. */
async function friends(graceOptions = {}): Promise<Two> {
  const { url, relay } = await startRelay();
  relays.push(relay);
  if (browsers.length === 0) browsers.push(await launchChromium(), await launchFirefox());
  const [chromium, firefox] = browsers;
  if (chromium === undefined || firefox === undefined) throw new Error('no browser');
  const inbox = new URL('/inbox', url).href;
  const ada = await (
    await chromium.newContext({ viewport: { width: 900, height: 760 } })
  ).newPage();
  const grace = await (await firefox.newContext(graceOptions)).newPage();
  for (const page of [ada, grace]) page.setDefaultTimeout(PATIENCE_MS);
  await ada.goto(inbox);
  await ada.getByRole('button', { name: 'My address' }).first().click();
  const address = (await ada.locator('.address').first().textContent()) ?? '';
  await grace.goto(`${inbox}#${address}`);
  await grace.getByRole('button', { name: 'Write to them' }).click();
  await say(grace, 'Hello Ada, this is Grace.');
  await ada
    .getByRole('button', { name: /request|Hello|pim1/ })
    .first()
    .waitFor();
  await ada.locator('.requests .row').first().click();
  await ada.getByRole('button', { name: 'Accept' }).click();
  await bubble(ada, 'this is Grace').waitFor();
  await grace.getByText('Delivered').first().waitFor();
  return { ada, grace };
}

test('by mouse in Chromium: react, answer, edit and delete, seen in Firefox', async () => {
  const { ada, grace } = await friends();

  // A reaction from the toolbar beside the message.
  await bubble(ada, 'this is Grace').hover();
  await ada.getByRole('button', { name: 'React' }).click();
  await ada.getByRole('menuitemcheckbox', { name: /👍/u }).click();
  await grace.getByRole('button', { name: /👍/u }).waitFor();

  // Both press it: one emoji of two people; then Ada takes hers away.
  await grace.getByRole('button', { name: /👍/u }).click();
  await ada.getByRole('button', { name: /2 people, you among them/ }).click();
  // Without a number: hers alone.
  await grace.locator('.reaction[aria-pressed=true]', { hasText: /^\s*👍\s*$/u }).waitFor();

  // An answer, with its quote, which leads back.
  await bubble(ada, 'this is Grace').hover();
  await ada.getByRole('button', { name: 'Reply', exact: true }).click();
  await ada.locator('.about', { hasText: 'Reply to' }).waitFor();
  await ada.keyboard.type('I **know**, see https://a.example/x_y');
  await ada.keyboard.press('Enter');
  const answer = bubble(grace, 'I know');
  await answer.waitFor();
  assert.match((await answer.locator('.quote').textContent()) ?? '', 'Hello Ada, this is Grace.');
  assert.is(await answer.locator('strong').textContent(), 'know');
  const link = answer.getByRole('link');
  assert.is(await link.getAttribute('rel'), 'noopener noreferrer');
  assert.is(await link.getAttribute('href'), 'https://a.example/x_y');

  // Other words, by the arrow in an empty field.
  await field(ada).press('ArrowUp');
  await ada.locator('.about', { hasText: 'Edit message' }).waitFor();
  assert.is(await field(ada).inputValue(), 'I **know**, see https://a.example/x_y');
  await field(ada).fill('I had guessed');
  await field(ada).press('Enter');
  await bubble(grace, 'I had guessed').getByText('Edited').waitFor();
  assert.is(await log(grace).getByText('know').count(), 0);

  // Taken back, after a question.
  await bubble(ada, 'I had guessed').click({ button: 'right' });
  await ada.getByRole('menuitem', { name: 'Delete' }).click();
  await ada.getByText('Delete this message?').waitFor();
  await ada.getByRole('button', { name: 'Cancel' }).click();
  await bubble(ada, 'I had guessed').click({ button: 'right' });
  await ada.getByRole('menuitem', { name: 'Delete' }).click();
  await ada.getByRole('button', { name: 'Delete', exact: true }).click();
  await log(grace).getByText('This message was deleted').waitFor();
  assert.is(await log(grace).getByText('I had guessed').count(), 0);
});

test('by keyboard alone in Firefox: to a message, its menu, an answer, an edit', async () => {
  const { ada, grace } = await friends();
  await say(grace, 'One by keyboard');
  await bubble(ada, 'One by keyboard').waitFor();

  await log(grace).focus();
  await grace.locator('.beside').waitFor({ state: 'attached' });
  await grace.keyboard.press('ArrowUp');
  const focused = grace.locator('.bubble:focus');
  assert.match((await focused.textContent()) ?? '', 'One by keyboard');
  await grace.keyboard.press('ArrowUp');
  assert.match((await focused.textContent()) ?? '', 'Hello Ada');
  await grace.keyboard.press('ArrowDown');
  await grace.keyboard.press('Enter');
  await grace.getByRole('menu').waitFor();
  await grace.keyboard.press('ArrowRight');
  await grace.keyboard.press('Enter'); // the second quick reaction
  await ada.getByRole('button', { name: /❤️/u }).waitFor();
  // Focus is back where it was; Escape leaves a menu and not the chat.
  assert.match((await focused.textContent()) ?? '', 'One by keyboard');
  await grace.keyboard.press('Enter');
  await grace.keyboard.press('Escape');
  assert.is(await grace.getByRole('menu').count(), 0);
  assert.match((await focused.textContent()) ?? '', 'One by keyboard');
  await grace.keyboard.press('Enter');
  await grace.keyboard.press('End');
  await grace.keyboard.press('ArrowUp'); // Edit, above Delete
  await grace.keyboard.press('Enter');
  await grace.keyboard.type(', changed');
  await grace.keyboard.press('Enter');
  await bubble(ada, 'One by keyboard, changed').getByText('Edited').waitFor();
});

test('with a finger: a long press opens a sheet, a short one does not', async () => {
  const { ada } = await friends();
  const context = ada.context();
  const session = await context.newCDPSession(ada);
  await session.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 1 });
  const box = await bubble(ada, 'this is Grace').boundingBox();
  assert.ok(box);
  const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const touch = (type: 'touchStart' | 'touchEnd', points: object[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: points as never });
  await touch('touchStart', [point]);
  await touch('touchEnd', []);
  assert.is(await ada.getByRole('menu').count(), 0);
  await ada.locator('.beside').waitFor({ state: 'attached' });
  await touch('touchStart', [point]);
  await ada.locator('.menu.sheet').waitFor();
  await touch('touchEnd', []);
  assert.is(await ada.locator('.menu.sheet').count(), 1);
  const sheet = await ada.locator('.menu.sheet').boundingBox();
  const panel = await ada.locator('.panel').boundingBox();
  assert.ok(sheet && panel);
  assert.ok(Math.abs(sheet.y + sheet.height - panel.y - panel.height) < 2, 'at the foot');
  await ada.getByRole('menuitem', { name: 'Reply' }).click();
  await ada.locator('.about', { hasText: 'Reply to' }).waitFor();
});

/** Whether a row of the page's database is these words: a draft is kept a moment after the last key. */
async function isKept(words: string): Promise<boolean> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('pim');
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  try {
    return await new Promise<boolean>((resolve, reject) => {
      const rows = database.transaction('meta').objectStore('meta').getAll();
      rows.onsuccess = () =>
        resolve(rows.result.some((row) => JSON.stringify(row).includes(words)));
      rows.onerror = () => reject(rows.error);
    });
  } finally {
    database.close();
  }
}

test('a search goes through hits and shows them; a draft outlives the page', async () => {
  const { ada, grace } = await friends();
  for (let n = 1; n <= 45; n += 1) await say(grace, n % 20 === 5 ? `needle ${n}` : `straw ${n}`);
  await bubble(ada, 'needle 45').waitFor();
  await ada.getByRole('button', { name: 'Search in this chat' }).click();
  await ada.keyboard.type('NÉEDLE');
  await ada.getByText('1 of 3').waitFor();
  const marked = (words: string) =>
    ada.waitForFunction((wanted) => {
      const found = [...(CSS.highlights.get('pim-found') ?? [])].map(String);
      return found.length > 0 ? found.every((each) => each === wanted) : wanted === '';
    }, words);
  await marked('needle');
  await ada.keyboard.press('Enter');
  await ada.getByText('2 of 3').waitFor();
  await ada.keyboard.press('Enter');
  await ada.getByText('3 of 3').waitFor();
  const hit = bubble(ada, 'needle 5');
  await hit.waitFor();
  await ada.waitForFunction((text) => {
    const root = document.querySelector('pim-chat')?.shadowRoot;
    const found = [...(root?.querySelectorAll('.bubble') ?? [])].find((each) =>
      each.textContent?.includes(text),
    );
    const [a, b] = [found, root?.querySelector('.log')].map((each) =>
      each?.getBoundingClientRect(),
    );
    return a !== undefined && b !== undefined && a.top >= b.top && a.bottom <= b.bottom;
  }, 'needle 5');
  await ada.keyboard.press('Escape');
  assert.is(await ada.locator('.find').count(), 0);
  await marked('');
  await ada.getByRole('button', { name: 'Newest messages' }).click();
  await bubble(ada, 'needle 45').waitFor();

  await field(ada).fill('half a thought');
  await eventually(() => ada.evaluate(isKept, 'half a thought'), 'a kept draft', 30_000);
  await ada.reload();
  await ada.locator('.rows .row').first().click();
  await ada.waitForFunction(() => {
    const root = document.querySelector('pim-chat')?.shadowRoot;
    return root?.querySelector('textarea')?.value === 'half a thought';
  });
});

/**
 * Types `words`, and lets `leave` follow before anything else runs in the page. The moment after the
 * last key, in which a draft is kept otherwise, never comes.
 */
async function typeAndLeave(page: Page, words: string, leave: 'reload' | 'go'): Promise<void> {
  const gone = page.waitForEvent('framenavigated');
  await page.evaluate(
    ([text, how]) => {
      const { setTimeout: later } = globalThis;
      globalThis.setTimeout = ((run: () => void, ms: number) =>
        ms === 400 ? 0 : later(run, ms)) as typeof setTimeout;
      const field = document.querySelector('pim-chat')?.shadowRoot?.querySelector('textarea');
      if (!field) throw new Error('there is nothing to write in');
      field.value = text;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      if (how === 'reload') location.reload();
      else location.href = 'about:blank';
    },
    [words, leave] as const,
  );
  await gone;
}

test('the last letters before a page is left are kept: reloaded, gone elsewhere', async () => {
  const { ada, grace } = await friends();
  const inbox = ada.url();
  for (const [name, page] of Object.entries({ ada, grace })) {
    for (const how of ['reload', 'go'] as const) {
      const words = `${name}, ${how}`;
      await page.locator('.beside').waitFor({ state: 'attached' });
      await typeAndLeave(page, words, how);
      if (how === 'go') await page.goto(inbox);
      await page.locator('.rows .row').first().click();
      await page.waitForFunction((text) => {
        const root = document.querySelector('pim-chat')?.shadowRoot;
        return root?.querySelector('textarea')?.value === text;
      }, words);
    }
  }
});

test.run();
