/**
 * The passphrase lock in real browsers: what lies in IndexedDB, what a reload asks, what tabs hand
 * to each other, and that a locked identity can be erased.
 * @time-limit 180
 */

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Pim } from '../../sdk/index.js';
import { eventually } from '../support/people.js';
import { inEachBrowser } from './each-browser.js';

declare global {
  var pim: Pim;
}

const PASS = 'correct horse battery';
/** Milliseconds for one step, on a busy machine. */
const PATIENCE_MS = 30_000;

/** A page of the relay without a chat of its own, and a Pim there that has not started. */
async function opened(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  // tsx names the functions given to `evaluate` by a helper that no page has.
  await page.addInitScript('globalThis.__name = (f) => f');
  await page.goto(new URL('/healthz', url).href);
  await made(page);
  return page;
}

const made = (page: Page) =>
  page.evaluate(async () => {
    const { Pim } = await import(new URL('/sdk.js', location.href).href);
    const relays = [location.origin.replace(/^http/, 'ws')];
    Object.assign(globalThis, { pim: new Pim({ relays, policy: 'accept' }) });
  });

/** What a call came to: the code of its error, or nothing. */
const codeOf = (page: Page, name: 'start' | 'unlock' | 'wipe', passphrase = '') =>
  page.evaluate(
    async ([name, passphrase]) => {
      const { pim } = globalThis;
      const deed = { start: () => pim.start(), wipe: () => pim.identity.wipe() };
      const work = name === 'unlock' ? pim.identity.unlock(passphrase) : deed[name]();
      return work.then(
        () => '',
        (fault) => String(fault.code),
      );
    },
    [name, passphrase] as const,
  );

const addressOf = (page: Page) => page.evaluate(() => globalThis.pim.address);
const waitingOf = (page: Page) =>
  page.evaluate(() => {
    const waiting = globalThis.pim.identity.unlocked();
    Object.assign(globalThis, { waiting });
    waiting.catch(() => undefined);
  });

/** Every platform key, and every kind of an identity's keys, in every row of every store. */
const keysIn = (page: Page) =>
  page.evaluate(async () => {
    const answer = <Value>(request: IDBRequest<Value>) =>
      new Promise<Value>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const found: string[] = [];
    const look = (value: unknown): void => {
      if (value instanceof CryptoKey) found.push(value.type);
      else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
        if ('kind' in value) found.push(String(value.kind));
        for (const each of Object.values(value)) look(each);
      }
    };
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await answer(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        for (const row of await answer(database.transaction(store).objectStore(store).getAll())) {
          look(row);
        }
      }
      database.close();
    }
    return found.sort();
  });

async function sendsTo(page: Page, friend: Page, text: string): Promise<void> {
  const [to, heard] = [
    await addressOf(friend),
    friend.evaluate(
      (text) =>
        new Promise<void>((resolve) => {
          globalThis.pim.on('message', (message) => message.text === text && resolve());
        }),
      text,
    ),
  ];
  await page.evaluate(([to, text]) => globalThis.pim.send(to, text), [to, text] as const);
  await heard;
}

async function goesThrough(browser: Browser, url: string): Promise<void> {
  const [mine, theirs] = [await browser.newContext(), await browser.newContext()];
  const friend = await opened(theirs, url);
  assert.is(await codeOf(friend, 'start'), '');
  const first = await opened(mine, url);
  assert.is(await codeOf(first, 'start'), '');
  const address = await addressOf(first);
  assert.equal(await keysIn(first), ['platform', 'private', 'private', 'secret']);

  await first.evaluate((pass) => globalThis.pim.identity.lock(pass), PASS);
  assert.equal(await keysIn(first), ['locked'], 'no key is left in any store');
  await sendsTo(first, friend, 'the chat runs on');

  // Another tab is given what was opened, and leads by it when the first is gone.
  const second = await opened(mine, url);
  assert.is(await codeOf(second, 'start'), '');
  assert.is(await second.evaluate(() => globalThis.pim.leads), false);
  await first.close();
  await eventually(
    () => second.evaluate(() => globalThis.pim.leads),
    'the other tab leads',
    PATIENCE_MS,
  );
  await sendsTo(second, friend, 'and on in another tab');
  assert.equal(await keysIn(second), ['locked']);

  // All tabs are gone: those that come are asked, and one answer is enough.
  await second.close();
  const tabs = [await opened(mine, url), await opened(mine, url)] as const;
  for (const tab of tabs) assert.is(await codeOf(tab, 'start'), 'identity/locked');
  await waitingOf(tabs[1]);
  assert.is(await codeOf(tabs[0], 'unlock', 'wrong'), 'identity/passphrase');
  assert.is(await tabs[0].evaluate(() => globalThis.pim.state), 'stopped');
  assert.is(await codeOf(tabs[0], 'unlock', PASS), '');
  await eventually(
    () => tabs[1].evaluate(() => globalThis.pim.state === 'started'),
    'the tab that waited runs',
    PATIENCE_MS,
  );
  for (const tab of tabs) assert.is(await addressOf(tab), address);
  await sendsTo(tabs[1], friend, 'opened by the other');
  assert.equal(await keysIn(tabs[0]), ['locked']);

  // A page that is reloaded alone is asked again, and can be erased without an answer.
  await tabs[1].close();
  await tabs[0].reload();
  await made(tabs[0]);
  assert.is(await codeOf(tabs[0], 'start'), 'identity/locked');
  assert.is(await codeOf(tabs[0], 'wipe'), '');
  assert.equal(await tabs[0].evaluate(() => indexedDB.databases()), []);
  await mine.close();
  await theirs.close();
}

inEachBrowser(test, 'no key without the passphrase, and one answer for all tabs', goesThrough);

test.run();
