/**
 * Five tabs of one person in real browsers: one socket at the relay, one channel to a friend, the same
 * conversation and files in all; and what becomes of it when the one that leads is closed, crashes or
 * stands still while messages go both ways.
 * @time-limit 240
 */

import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRelay, type Relay } from '../../relay/index.js';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { eventually, LOCAL_RELAY } from '../support/people.js';
import { standStill } from '../support/stand-still.js';
import { note, printMeasured, seconds, timed } from './healing.js';
import { BrowserDriver, type BrowserPerson, Stage } from './journeys-driver.js';

/** Milliseconds within which another tab leads: 2,000, three times that where a machine is busy. */
const TAKEOVER_MS = 6_000;
/** How long a leader stands still, which is taken to be gone then. */
const FROZEN_MS = 8_000;
/** For whatever has to come. */
const LIMIT_MS = 60_000;
const TABS = 5;
/** Milliseconds between messages of one who writes: a page of history holds all of a test. */
const PACE_MS = 60;

type Engine = 'Chromium' | 'Firefox';

let stage: Stage;
const browsers = new Map<Engine, Browser>();

interface World {
  readonly engine: Engine;
  readonly relay: Relay;
  readonly tabs: BrowserPerson[];
  readonly friend: BrowserPerson;
}

/** Five tabs of Ann, all started, and Bob in a browser profile of his own; they are connected. */
async function withWorld(engine: Engine, use: (world: World) => Promise<void>): Promise<void> {
  const relay = createRelay(LOCAL_RELAY);
  await relay.listen();
  const driver = new BrowserDriver(stage, [browsers.get(engine) as Browser]);
  const tabs: BrowserPerson[] = [];
  try {
    const relays = [relay.url];
    const first = await driver.person('Ann', { relays });
    const friend = await driver.person('Bob', { relays, policy: 'accept' });
    tabs.push(first);
    while (tabs.length < TABS) {
      const tab = await driver.tab(first);
      await tab.ask('start');
      tabs.push(tab);
    }
    await first.ask('send', friend.address, 'hello');
    await Promise.all(tabs.map((tab) => tab.isConnectedTo(friend)));
    await friend.isConnectedTo(first);
    // Connected is not told: what Bob writes before it comes would stand above it with him.
    await friend.sees('message', ({ text }) => text === 'hello');
    await use({ engine, relay, tabs, friend });
  } finally {
    await driver.close().finally(() => relay.close({ withinMs: 0 }));
  }
}

/** RTCPeerConnections of a page that are open. */
const channels = (tab: BrowserPerson): Promise<number> =>
  tab.page.evaluate(
    () =>
      globalThis.pimPage.connections.filter((each) => each.connectionState === 'connected').length,
  );

async function leads(tab: BrowserPerson): Promise<boolean> {
  return tab.page.evaluate(() => globalThis.pimPage.leads());
}

/** The one of `tabs` that leads, as soon as one does, and how long that took. */
async function nextLeader(
  tabs: readonly BrowserPerson[],
): Promise<{ leader: BrowserPerson; ms: number }> {
  const begun = performance.now();
  const found = tabs.map((tab) =>
    tab.page
      .waitForFunction(() => globalThis.pimPage.leads(), null, { polling: 20, timeout: 60_000 })
      .then(() => tab),
  );
  const leader = await Promise.any(found);
  return { leader, ms: Math.round(performance.now() - begun) };
}

/** Sends numbered messages until it is told to stop; gives what was sent. */
function chatter(from: BrowserPerson, to: string, name: string): () => Promise<string[]> {
  const sent: string[] = [];
  let isOver = false;
  const work = (async () => {
    for (let i = 0; !isOver; i++) {
      sent.push(`${name} ${i}`);
      await from.ask('send', to, `${name} ${i}`);
      await new Promise((resolve) => setTimeout(resolve, PACE_MS));
    }
  })();
  // Of a test that failed already only its own fault is told; else the one who stops this hears it.
  work.catch(() => undefined);
  return async () => {
    isOver = true;
    await work;
    return sent;
  };
}

const texts = (person: BrowserPerson, prefix: string) =>
  person.texts.filter((text) => text.startsWith(prefix));

type Lose = (tab: BrowserPerson, engine: Engine) => Promise<() => void>;
const nothingMore = () => undefined;

/** Each takes a tab away. @returns what lets it go on, where it still can */
const LOSSES = {
  async closed({ page }: BrowserPerson) {
    await page.close();
    return nothingMore;
  },

  async crashed({ context, page }: BrowserPerson) {
    const crashed = page.waitForEvent('crash', { timeout: LIMIT_MS });
    const devtools = await context.newCDPSession(page);
    // What has crashed gives no answer.
    devtools.send('Page.crash').catch(() => undefined);
    await crashed;
    await page.close();
    return nothingMore;
  },

  /** It hangs, and goes on later as if nothing had been. */
  frozen: ({ page }: BrowserPerson, engine: Engine) =>
    // A write that hangs keeps the store in Firefox, as docs/tabs.md says.
    standStill(page, { ms: FROZEN_MS, isBetweenWrites: engine === 'Firefox' }),
} satisfies Record<string, Lose>;

type Loss = keyof typeof LOSSES;

/** Takes away the tab that leads; words go both ways when this resolves. @returns the tabs left */
async function lose(loss: Loss, tabs: readonly BrowserPerson[], world: World) {
  const isLeader = await Promise.all(tabs.map(leads));
  const former = tabs[isLeader.indexOf(true)] as BrowserPerson;
  const others = tabs.filter((tab) => tab !== former);
  const taking = nextLeader(others);
  const goOn = await LOSSES[loss](former, world.engine);
  try {
    const { leader, ms } = await taking;
    const flow = seconds(await timed(wordsFlow(leader, world.friend)));
    note(
      `${world.engine}, leader ${loss}: another leads after ${ms} ms; ten words each way ${flow} later`,
    );
    assert.ok(ms <= TAKEOVER_MS, `${ms} ms until another tab leads`);
  } finally {
    goOn();
  }
  return loss === 'frozen' ? tabs : others;
}

/** What was under way comes first: a few more words than that are of now. */
async function wordsFlow(leader: BrowserPerson, friend: BrowserPerson): Promise<void> {
  const before = [texts(friend, 'tab').length, texts(leader, 'friend').length] as const;
  await eventually(
    () =>
      texts(friend, 'tab').length > before[0] + 10 &&
      texts(leader, 'friend').length > before[1] + 10,
    'words after a leader is gone',
    LIMIT_MS,
  );
}

/** Two tabs and the friend write all the time, while one leader after the other is lost. */
async function goOnWithout(losses: readonly Loss[], world: World): Promise<void> {
  const { engine, tabs, friend } = world;
  const [first, ...others] = tabs as [BrowserPerson, ...BrowserPerson[]];
  // Those who come to lead last: the tabs ask whoever leads.
  const mine = others.slice(-2).map((tab, i) => chatter(tab, friend.address, `tab${i}`));
  const theirs = chatter(friend, first.address, 'friend');
  await eventually(() => texts(friend, 'tab').length > 20, 'messages that go over', LIMIT_MS);
  let left: readonly BrowserPerson[] = tabs;
  for (const loss of losses) left = await lose(loss, left, world);
  const sentByTabs = (await Promise.all(mine.map((stop) => stop()))).flat().sort();
  const sentByFriend = await theirs();
  const [fromTabs, fromFriend] = [sentByTabs.length, sentByFriend.length];
  for (const person of [friend, ...left]) {
    const told = () => [texts(person, 'tab').length, texts(person, 'friend').length];
    const isThere = () => (told()[0] ?? 0) >= fromTabs && (told()[1] ?? 0) >= fromFriend;
    await eventually(isThere, `all of ${fromTabs} and ${fromFriend} in every tab`, LIMIT_MS).catch(
      (fault) => {
        throw new Error(`${person.name} was told ${told()}`, { cause: fault });
      },
    );
    assert.equal(texts(person, 'friend'), sentByFriend, 'in their order, once each');
    assert.equal(texts(person, 'tab').sort(), sentByTabs, 'once each');
    const other = person === friend ? first : friend;
    const { messages } = await person.ask('conversations.history', other.address, { limit: 500 });
    const written = messages.map(({ text }) => text).filter((text) => text !== 'hello');
    assert.equal(written.sort(), [...sentByTabs, ...sentByFriend].sort(), 'once each in the store');
  }
  note(
    `${engine}: ${fromTabs} and ${fromFriend} messages meanwhile, once each in ${left.length} tabs`,
  );
}

/** A file from a tab that goes along, and one to it: offered, accepted, whole and the same. */
async function filesCross(author: BrowserPerson, reader: BrowserPerson, friend: BrowserPerson) {
  for (const [from, to, other, seed] of [
    [author, friend, reader, 1],
    [friend, reader, author, 2],
  ] as const) {
    const there = to === friend ? author.address : friend.address;
    const id = await from.sendFile(to.address, 1_500_000, seed);
    await to.sees('message', (message) => message.id === id, { limitMs: LIMIT_MS });
    await to.ask('files.accept', there, id);
    for (const person of [to, from]) {
      const isDone = (each: { id: string; state: string }) =>
        each.id === id && each.state === 'done';
      await person.sees('file:progress', isDone, { limitMs: LIMIT_MS });
    }
    const hash = await from.hashOfFile(to.address, id);
    assert.is(await to.hashOfFile(there, id), hash);
    if (other !== friend)
      assert.is(await other.hashOfFile(friend.address, id), hash, 'in every tab');
  }
}

const opening = suite('browsers');
opening.before(async () => {
  const [set, chromium, firefox] = await Promise.all([
    Stage.set(),
    launchChromium(),
    // So many processes for one site that each tab has its own; else a fifth one shares.
    launchFirefox({ firefoxUserPrefs: { 'dom.ipc.processCount.webIsolated': TABS + 1 } }),
  ]);
  stage = set;
  browsers.set('Chromium', chromium).set('Firefox', firefox);
});
opening('are open', () => undefined);
opening.run();

for (const engine of ['Chromium', 'Firefox'] as const) {
  const tabs = suite(engine);

  tabs('five tabs are one socket at the relay, one channel, one conversation', () =>
    withWorld(engine, async ({ relay, tabs: all, friend }) => {
      assert.is(relay.stats().sockets, 2, 'Ann’s and Bob’s');
      const open = await Promise.all(all.map(channels));
      assert.equal(open, [1, 0, 0, 0, 0]);
      assert.equal(await Promise.all(all.map(leads)), [true, false, false, false, false]);
      await friend.ask('send', all[0]?.address ?? '', 'to all');
      for (const tab of all) await tab.sees('message', ({ text }) => text === 'to all');
      for (const [i, tab] of all.entries()) await tab.ask('send', friend.address, `from ${i}`);
      const said = ['hello', 'to all', ...all.map((_, i) => `from ${i}`)];
      for (const tab of [...all, friend]) {
        const other = tab === friend ? (all[0] as BrowserPerson) : friend;
        await eventually(() => tab.texts.length === said.length, 'all of it', LIMIT_MS);
        assert.equal(tab.texts, said, tab.name);
        assert.equal(await tab.history(other), said);
      }
      await filesCross(all[1] as BrowserPerson, all[3] as BrowserPerson, friend);
      assert.is(relay.stats().sockets, 2);
    }),
  );

  // Only Chromium's devtools crash a page.
  const losses: readonly Loss[] =
    engine === 'Chromium' ? ['closed', 'crashed', 'frozen'] : ['closed', 'frozen'];
  tabs(
    `${losses.join(', ')}: the leader goes, another takes over, nothing is lost or doubled`,
    () => withWorld(engine, (world) => goOnWithout(losses, world)),
  );

  tabs.run();
}

const closing = suite('browsers');
closing.after(async () => {
  await Promise.all([...browsers.values()].map((browser) => browser.close()));
  await stage?.strike();
  printMeasured('five tabs');
});
closing('close', () => undefined);
closing.run();
