/**
 * Erasing everything, in real browsers: a person who has used all there is, with two tabs open, erases
 * themselves, and then every place in which a page can keep something is looked into.
 * @time-limit 300
 */

import type { Browser, Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Message, Pim } from '../../sdk/index.js';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { startRelay } from '../support/relay-command.js';

declare global {
  var pim: Pim;
}

/** Milliseconds for one step, on a busy machine. */
const PATIENCE_MS = 30_000;

interface Kept {
  readonly databases: readonly string[];
  readonly local: readonly string[];
  readonly session: readonly string[];
  readonly cookies: string;
  /** Files of the origin's private file system. */
  readonly files: readonly string[];
  readonly locks: readonly string[];
  /** Paths of what its caches hold: the page's own script and styles, where it can be installed. */
  readonly cached: readonly string[];
}

/** Everything this origin keeps in this browser, and all that is held or waited for. */
function kept(page: Page): Promise<Kept> {
  return page.evaluate(async () => {
    const files: string[] = [];
    const root = (await navigator.storage.getDirectory?.().catch(() => null)) ?? null;
    if (root !== null) for await (const name of root.keys()) files.push(name);
    const { held = [], pending = [] } = await navigator.locks.query();
    const cached: string[] = [];
    for (const name of await caches.keys()) {
      const requests = await (await caches.open(name)).keys();
      cached.push(...requests.map(({ url }) => new URL(url).pathname));
    }
    return {
      databases: (await indexedDB.databases()).map(({ name }) => `${name}`),
      local: Object.keys(localStorage),
      session: Object.keys(sessionStorage),
      cookies: document.cookie,
      files,
      locks: [...held, ...pending].map(({ name }) => `${name}`),
      cached,
    };
  });
}

/** In a page of the relay: an SDK that keeps what it has, or nothing, as `pim` of that page. */
async function begin(page: Page, storage: 'indexeddb' | 'memory'): Promise<string> {
  return page.evaluate(async (storage) => {
    const { Pim } = await import(new URL('/sdk.js', location.href).href);
    const relays = [location.origin.replace(/^http/, 'ws')];
    const pim = new Pim({ relays, storage, policy: storage === 'memory' ? 'accept' : 'ask' });
    Object.assign(globalThis, { pim });
    await pim.start();
    return pim.address;
  }, storage);
}

/** A conversation, a draft, a file of each side, names, choices, an invitation, a request. */
async function useEverything(mine: Page, friend: Page, stranger: Page): Promise<void> {
  const me = await begin(mine, 'indexeddb');
  const them = await begin(friend, 'memory');
  await mine.evaluate(async (them) => {
    const { pim } = globalThis;
    await pim.identity.setName('Ada');
    await pim.identity.setPrivacy({ typing: true });
    await pim.invitations.create({ label: 'my site' });
    const arrived = new Promise((resolve) => pim.on('receipt', resolve));
    const { id } = await pim.send(them, 'hello');
    await arrived;
    await pim.conversations.react(them, id, '👍');
    await pim.conversations.setDraft(them, 'not yet said');
    await pim.contacts.verify(them);
    await pim.files.send(them, new Blob([new Uint8Array(700_000)]), { name: 'mine.bin' });
  }, them);
  await Promise.all([
    mine.evaluate(async (them) => {
      const { pim } = globalThis;
      const isTheirs = (m: Message) => !m.mine && m.file !== null;
      const offered = async () => {
        const { messages } = await pim.conversations.history(them);
        return messages.find(isTheirs);
      };
      const coming = new Promise<Message>((resolve) => {
        pim.on('message', (m) => isTheirs(m) && resolve(m));
      });
      const found = (await offered()) ?? (await coming);
      await pim.files.accept(them, found.id);
      let status = await pim.files.status(them, found.id);
      pim.on('file:progress', (now) => {
        status = now.id === found.id ? now : status;
      });
      while (!status.isHere) await new Promise((soon) => setTimeout(soon, 50));
    }, them),
    friend.evaluate(async (me) => {
      const { pim } = globalThis;
      await pim.files.send(me, new Blob([new Uint8Array(700_000).fill(7)]), { name: 'their.bin' });
    }, me),
  ]);
  await begin(stranger, 'memory');
  await Promise.all([
    mine.evaluate(async () => {
      const { pim } = globalThis;
      while (pim.contacts.requests().length === 0) await new Promise((s) => setTimeout(s, 50));
    }),
    stranger.evaluate((me) => globalThis.pim.send(me, 'may I?'), me),
  ]);
  await mine.evaluate((them) => globalThis.pim.send(them, 'my own words'), them);
}

async function erases(launch: () => Promise<Browser>): Promise<void> {
  const { url, relay } = await startRelay();
  const browser = await launch();
  try {
    const [own, theirs] = await Promise.all([browser.newContext(), browser.newContext()]);
    const inbox = await own.newPage();
    const [tab, second, blank, friend, stranger] = await Promise.all([
      own.newPage(),
      own.newPage(),
      own.newPage(),
      theirs.newPage(),
      theirs.newPage(),
    ]);
    for (const page of [inbox, tab, second, blank, friend, stranger])
      page.setDefaultTimeout(PATIENCE_MS);
    // tsx names the functions given to `evaluate` by a helper that no page has.
    for (const context of [own, theirs])
      await context.addInitScript('globalThis.__name = (f) => f');
    // Pages of the same origin that run nothing of their own.
    const bare = new URL('/healthz', url).href;
    await Promise.all([tab, blank, friend, stranger].map((page) => page.goto(bare)));
    await inbox.goto(new URL('/inbox', url).href);
    await useEverything(tab, friend, stranger);
    await second.goto(new URL('/inbox', url).href);
    await second.getByText('my own words').first().click();
    await second.getByRole('log').getByText('my own words').waitFor();
    await inbox.getByRole('button', { name: 'Settings' }).click();
    await inbox.getByRole('switch', { name: 'A sound' }).click();

    const before = await kept(blank);
    assert.ok(before.databases.includes('pim'), `${before.databases}`);
    assert.ok(before.local.includes('pim-alerts'), `${before.local}`);
    assert.ok(before.locks.includes('pim'), `${before.locks}`);

    const isStopped = tab.evaluate(
      () =>
        new Promise<string>((resolve) => {
          globalThis.pim.on('error', ({ code }) => resolve(code));
        }),
    );
    await inbox.getByRole('button', { name: 'Erase everything here' }).click();
    await inbox.getByRole('button', { name: 'Yes, erase everything' }).click();
    assert.is(await isStopped, 'pim/stopped', 'the other tab hears of it');
    await second.getByText('my own words').first().waitFor({ state: 'detached' });

    const isEmpty = ({ databases, local, session, cookies, files, locks }: Kept) =>
      [databases, local, session, files, locks].every(({ length }) => length === 0) &&
      cookies === '';
    // A lock is let go, and a database gone, a moment after the last one that used it.
    let left = await kept(blank);
    const end = performance.now() + PATIENCE_MS;
    while (!isEmpty(left) && performance.now() < end) left = await kept(blank);
    const { cached, ...places } = left;
    assert.equal(places, {
      ...{ databases: [], local: [], session: [], cookies: '', files: [], locks: [] },
    });
    const isOfThePage = (path: string) => /^\/(inbox|chunks\/|icons?[/.]|pim-chat|$)/.test(path);
    assert.equal(
      cached.filter((path) => !isOfThePage(path)),
      [],
      'files of the page alone',
    );
    assert.equal(await own.cookies(), []);
  } finally {
    await browser.close();
    relay.removeAllListeners('exit');
    relay.kill();
  }
}

test('erased in Chromium, with another tab open: nothing is left anywhere', () =>
  erases(launchChromium));

test('erased in Firefox, with another tab open: nothing is left anywhere', () =>
  erases(launchFirefox));

test.run();
