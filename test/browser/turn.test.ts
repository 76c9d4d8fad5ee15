/**
 * TURN through a real coturn: the relay mints the logins, Chromium uses them and connects in no other
 * way. Where coturn is not installed there is nothing to try, and the test says so.
 * @time-limit 120
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '../../relay/clock.js';
import type { RelayOptions } from '../../relay/index.js';
import { arrived, connected, friends } from '../journeys/steps.js';
import { launchChromium } from '../support/browsers.js';
import { type Coturn, coturnIsMissing, SECRET, startCoturn } from '../support/coturn.js';
import { eventually, LOCAL_RELAY } from '../support/people.js';
import { withRelay } from '../support/relay.js';
import { together } from '../support/together.js';
import { BrowserDriver, type BrowserPerson, Stage } from './journeys-driver.js';

/** Milliseconds for a login of a quarter of a minute to end, and for what follows it. */
const LOGIN_LIMIT_MS = 60_000;

const relayOnly = { privacy: { relayOnly: true } };

/**
 * A relay that offers `coturn` and renews a login after six seconds, because its monotonic clock runs
 * five times too fast. The other one is wrong by `error.ms`, which a test may change.
 */
function offering(coturn: Coturn, error = { ms: 0 }): RelayOptions {
  return {
    ...LOCAL_RELAY,
    limits: { ...LOCAL_RELAY.limits, pingAfterMs: 600 },
    turnUrls: [coturn.url, `${coturn.url}?transport=tcp`],
    turnSecret: SECRET,
    turnLifetimeS: 60,
    seams: {
      clock: {
        ...systemClock,
        monotonic: () => 5 * systemClock.monotonic(),
        now: () => Date.now() + error.ms,
      },
    },
  };
}

async function inChromium(use: (driver: BrowserDriver) => Promise<void>): Promise<void> {
  const [stage, browser] = await Promise.all([Stage.set(), launchChromium()]);
  const driver = new BrowserDriver(stage, [browser]);
  try {
    await use(driver);
  } finally {
    await driver.close();
    await browser.close();
    await stage.strike();
  }
}

async function talksThroughCoturn(): Promise<void> {
  const coturn = await startCoturn();
  try {
    await inChromium((driver) =>
      withRelay(offering(coturn), async (relay) => {
        const { ann, bob } = await friends(driver, { ...relayOnly, relays: [relay.url] });
        await bob.ask('send', ann.address, 'through the north');
        await arrived(ann, 'through the north');
        for (const person of [ann, bob]) {
          await person.sees('connection', (event) => event.route === 'relayed');
        }
        assert.match(coturn.service.said, /ALLOCATE processed, success/);
        assert.match(coturn.service.said, /CREATE_PERMISSION processed, success/);
      }),
    );
  } finally {
    await coturn.stop();
  }
}

/** Ann hides from Bob and not from Cleo, and then from nobody. */
async function hidesFromOne(driver: BrowserDriver, relays: readonly string[]): Promise<void> {
  const { ann, bob } = (await friends(driver, { relays })) as Record<'ann' | 'bob', BrowserPerson>;
  const cleo = (await driver.person('Cleo', { relays })) as BrowserPerson;
  await cleo.ask('send', ann.address, 'me too');
  await ann.sees('request', (event) => event.from === cleo.address);
  await ann.ask('contacts.accept', cleo.address);
  await connected(ann, cleo);
  const toBob = (route: string) => (event: { address: string; route: string | null }) =>
    event.address === bob.address && event.route === route;
  await ann.sees('connection', toBob('direct'));

  let past = ann.log.length;
  assert.ok((await ann.ask('contacts.setRelayOnly', bob.address, true)).relayOnly);
  await ann.sees('connection', toBob('relayed'), { past });
  await bob.ask('send', ann.address, 'through the north');
  await arrived(ann, 'through the north');
  const toHim = (await ann.connectionsTo(bob)).filter(({ isOpen }) => isOpen);
  assert.ok(toHim.length > 0);
  // Some of them, or none, were told: whoever is connected has no use for what comes later.
  const given = (await bob.connectionsTo(ann)).filter(({ isOpen }) => isOpen);
  for (const type of given.flatMap((each) => each.given)) assert.is(type, 'relay', 'given to Bob');
  for (const { policy, gathered } of toHim) {
    assert.is(policy, 'relay', 'for Bob');
    for (const type of gathered) assert.is(type, 'relay', 'for Bob');
  }
  // Not by their types: a connection that stands has stopped gathering, whichever came first.
  for (const { policy } of await ann.connectionsTo(cleo)) assert.is(policy, 'all', 'for Cleo');
  await ann.sees('connection', (e) => e.address === cleo.address && e.route === 'direct');
  past = ann.log.length;
  assert.not.ok((await ann.ask('contacts.setRelayOnly', bob.address, false)).relayOnly);
  await ann.sees('connection', toBob('direct'), { past });
}

async function hidesFromBob(): Promise<void> {
  const coturn = await startCoturn();
  try {
    await inChromium((driver) =>
      withRelay(offering(coturn), (relay) => hidesFromOne(driver, [relay.url])),
    );
  } finally {
    await coturn.stop();
  }
}

async function renewsLogins(): Promise<void> {
  const coturn = await startCoturn();
  // The relay believes it is an hour ago: what it mints has run out before it arrives.
  const error = { ms: -3_600_000 };
  try {
    await inChromium((driver) =>
      withRelay(offering(coturn, error), async (relay) => {
        const options = { ...relayOnly, relays: [relay.url] };
        const ann = await driver.person('Ann', options);
        const bob = await driver.person('Bob', options);
        await ann.ask('send', bob.address, 'hello');
        await bob.sees('request');
        await bob.ask('contacts.accept', ann.address);
        await coturn.service.says(/error 401|wrong credentials|Unauthorized/i, 20_000);
        assert.not.match(coturn.service.said, /ALLOCATE processed, success/);
        assert.not.ok(bob.all('message').some((message) => message.text === 'hello'));
        error.ms = 0;
        // New logins come by themselves, and the people find each other at their next try.
        const isThere = () => bob.all('message').some((message) => message.text === 'hello');
        await eventually(isThere, 'a connection', 80_000);
        assert.match(coturn.service.said, /ALLOCATE processed, success/);
      }),
    );
  } finally {
    await coturn.stop();
  }
}

async function outlivesLogin(): Promise<void> {
  // Chromium refreshes an allocation a minute before its end: here every 5 seconds.
  const coturn = await startCoturn(['max-allocate-lifetime=65']);
  // What the relay mints is good for 15 seconds, though it says 60.
  const error = { ms: -45_000 };
  try {
    await inChromium((driver) =>
      withRelay(offering(coturn, error), async (relay) => {
        const { ann, bob } = await friends(driver, { ...relayOnly, relays: [relay.url] });
        const made = await Promise.all([ann.connectionsMade(), bob.connectionsMade()]);
        const logins = [
          ...coturn.service.said.matchAll(/<(\d{10}):[^>]*>: .*ALLOCATE processed, success/g),
        ];
        assert.ok(logins.length > 0, 'logins that connected');
        // A username begins with the Unix time at which its password ends: docs/turn.md.
        const endMs = 1_000 * Math.max(...logins.map(([, end]) => Number(end)));
        await eventually(() => Date.now() > endMs, 'the end of the logins', LOGIN_LIMIT_MS);
        const refreshes = () => coturn.service.said.split('REFRESH processed, success').length;
        const before = refreshes();
        await eventually(() => refreshes() > before + 1, 'refreshes after it', LOGIN_LIMIT_MS);
        await bob.ask('send', ann.address, 'still here');
        await arrived(ann, 'still here');
        assert.equal(
          await Promise.all([ann.connectionsMade(), bob.connectionsMade()]),
          made,
          'the same connections',
        );
      }),
    );
  } finally {
    await coturn.stop();
  }
}

const missing = coturnIsMissing();
if (missing !== null) {
  console.log(`TURN was not tried: ${missing}`);
  test('TURN needs a coturn, which is not here', () => undefined);
} else {
  // They wait for logins to run out; two at a time is what two cores carry.
  together(
    test,
    [
      [
        'a conversation that may go no other way goes through coturn, in Chromium',
        talksThroughCoturn,
      ],
      ['who hides from one person gives them relay candidates only, in Chromium', hidesFromBob],
      ['a login that has run out is refused, the next one connects by itself', renewsLogins],
      ['a connection through coturn outlives the login it was made with', outlivesLogin],
    ],
    2,
  );
}

test.run();
