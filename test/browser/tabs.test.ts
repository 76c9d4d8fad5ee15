/**
 * Five tabs of one person in real browsers: one socket at the relay, one channel to a friend, the same
 * conversation in all; and what becomes of it when the one that leads is closed while messages go both
 * ways.
 * @time-limit 150
 */

import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRelay, type Relay } from '../../relay/index.js';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { eventually, LOCAL_RELAY } from '../support/people.js';
import { BrowserDriver, type BrowserPerson, Stage } from './journeys-driver.js';

/** Milliseconds within which another tab leads, on a machine that has nothing else to do. */
const TAKEOVER_MS = 2_000;
const TABS = 5;
/** Milliseconds between messages of one who writes: a page of history holds all of a test. */
const PACE_MS = 60;

type Engine = 'Chromium' | 'Firefox';

let stage: Stage;
const browsers = new Map<Engine, Browser>();

interface World {
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
    await use({ relay, tabs, friend });
  } finally {
    for (const tab of tabs) await tab.page.close().catch(() => undefined);
    await driver.close().catch(() => undefined);
    await relay.close({ withinMs: 0 });
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
  return async () => {
    isOver = true;
    await work;
    return sent;
  };
}

const texts = (person: BrowserPerson, prefix: string) =>
  person.texts.filter((text) => text.startsWith(prefix));

async function goesOnWithout(engine: Engine, { tabs, friend }: World): Promise<void> {
  const [first, ...others] = tabs as [BrowserPerson, ...BrowserPerson[]];
  const past = friend.log.length;
  const address = first.address;
  // Both go on before, during and after: the tabs ask whoever leads.
  const mine = others.slice(0, 2).map((tab, i) => chatter(tab, friend.address, `tab${i}`));
  const theirs = chatter(friend, address, 'friend');
  await eventually(() => texts(friend, 'tab').length > 20, 'messages that go over');
  const taking = nextLeader(others);
  await first.page.close();
  const { leader, ms } = await taking;
  await friend.sees('presence', ({ online }) => online, { past, limitMs: 60_000 });
  const count = texts(leader, 'friend').length;
  await eventually(() => texts(leader, 'friend').length > count + 5, 'messages after it', 60_000);
  const sentByTabs = (await Promise.all(mine.map((stop) => stop()))).flat();
  const sentByFriend = await theirs();
  await eventually(
    () => texts(friend, 'tab').length >= sentByTabs.length,
    'all of the tabs at the friend',
    60_000,
  );
  assert.equal(texts(friend, 'tab').sort(), [...sentByTabs].sort(), 'once each at the friend');
  for (const tab of others) {
    const all = sentByTabs.length + sentByFriend.length;
    const told = () => texts(tab, 'tab').length + texts(tab, 'friend').length;
    await eventually(() => told() >= all, `all of it in every tab: ${told()} of ${all}`, 60_000);
    assert.equal(texts(tab, 'friend'), sentByFriend, 'in their order, once each');
    assert.equal(texts(tab, 'tab').sort(), [...sentByTabs].sort(), 'once each in every tab');
    const { messages } = await tab.ask('conversations.history', friend.address, { limit: 500 });
    const ids = messages.map(({ id }) => id);
    assert.is(new Set(ids).size, ids.length);
  }
  console.log(
    `${engine}, leader closed: another tab leads after ${ms} ms; ` +
      `${sentByTabs.length} + ${sentByFriend.length} messages, once each in ${others.length} tabs`,
  );
  assert.ok(ms <= TAKEOVER_MS, `${ms} ms until another tab leads`);
}

const opening = suite('browsers');
opening.before(async () => {
  const [set, chromium, firefox] = await Promise.all([
    Stage.set(),
    launchChromium(),
    launchFirefox(),
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
        await eventually(() => tab.texts.length === said.length, 'all of it');
        assert.equal(tab.texts, said, tab.name);
        assert.equal(await tab.history(other), said);
      }
      assert.is(relay.stats().sockets, 2);
    }),
  );

  if (engine === 'Chromium') {
    tabs('the leader is closed: another takes over, nothing is lost or doubled', () =>
      withWorld(engine, (world) => goesOnWithout(engine, world)),
    );
  }
  tabs.run();
}

const closing = suite('browsers');
closing.after(async () => {
  await Promise.all([...browsers.values()].map((browser) => browser.close()));
  await stage?.strike();
});
closing('close', () => undefined);
closing.run();
