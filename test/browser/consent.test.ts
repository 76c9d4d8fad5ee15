/**
 * Before consent, in real browsers: whatever a stranger sends, no RTCPeerConnection exists, no
 * candidate is gathered and no packet leaves.
 */

import type { Browser } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { record } from '../../relay/evil/envelopes.js';
import type { Envelope } from '../../relay/index.js';
import { equal } from '../../sdk/base/bytes.js';
import { decodeAddress } from '../../sdk/protocol/address.js';
import type { Description } from '../../sdk/protocol/description.js';
import { NO_TOKEN } from '../../sdk/protocol/signal.js';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { EvilPeer } from '../support/evil-peer.js';
import { eventually, World } from '../support/people.js';
import { random } from '../support/relay-client.js';
import { BrowserDriver, Stage } from './journeys-driver.js';

const description = (setup: Description['setup']): Description => ({
  setup,
  ufrag: 'abcd',
  pwd: 'x'.repeat(24),
  fingerprint: random(32),
  sctpPort: 5000,
  maxMessageSize: 262_144,
});

/** Everything a stranger could say to make somebody stir. */
async function pester(eve: EvilPeer, ann: string): Promise<void> {
  await eve.say(ann, { kind: 'knock', nonce: random(32) });
  const session = random(16);
  const nonces = { nonceLow: random(32), nonceHigh: random(32) };
  await eve.say(ann, { kind: 'hello', ...nonces });
  const offer = { kind: 'offer', ...nonces, description: description('actpass') } as const;
  await eve.say(ann, offer, { session });
  const answer = { offerHash: random(32), description: description('active') };
  await eve.say(ann, { kind: 'answer', ...answer }, { session });
  const candidates = [
    {
      type: 'host',
      protocol: 'udp',
      priority: 1,
      kind: 'ipv4',
      address: Uint8Array.of(198, 51, 100, 7),
      port: 4_444,
      foundation: '1',
    },
  ] as const;
  await eve.say(ann, { kind: 'candidates', candidates }, { session });
  await eve.say(ann, { kind: 'accept' });
  await eve.say(ann, { kind: 'invite', token: NO_TOKEN, name: 'Eve', text: 'hello' });
}

async function nothingBeforeConsent(launch: () => Promise<Browser>): Promise<void> {
  const [stage, browser] = await Promise.all([Stage.set(), launch()]);
  const driver = new BrowserDriver(stage, [browser]);
  const world = new World();
  try {
    const passed: Envelope[] = [];
    const relay = await world.relay({ tamper: record(passed) });
    const ann = await driver.person('Ann', { relays: [relay.url] });
    await ann.sees('relay', (event) => event.state === 'online');
    const sent = () => passed.filter((each) => equal(each.from, decodeAddress(ann.address)));
    const [eve, low, high] = await Promise.all([
      EvilPeer.make(),
      EvilPeer.make('low', ann.address),
      EvilPeer.make('high', ann.address),
    ]);
    for (const stranger of [eve, low, high]) {
      await stranger.join(relay.url);
      await pester(stranger, ann.address);
    }
    // All three have been heard to the end: the INVITE was the last that each of them said.
    for (const { address } of [eve, low, high]) {
      await ann.sees('request', (event) => event.from === address);
    }
    assert.is(ann.all('request').length, 3);
    assert.is(await ann.connectionsMade(), 0);
    assert.is(await ann.candidatesGathered(), 0);
    assert.equal(sent(), []);

    // Declined and blocked are no consent either.
    await ann.ask('contacts.decline', eve.address);
    await ann.ask('contacts.block', low.address);
    for (const stranger of [eve, low]) await pester(stranger, ann.address);
    const late = await (await EvilPeer.make()).join(relay.url);
    await pester(late, ann.address);
    await ann.sees('request', (event) => event.from === late.address);
    assert.is(ann.all('request').length, 4);
    assert.is(await ann.connectionsMade(), 0);
    assert.is(await ann.candidatesGathered(), 0);
    assert.equal(sent(), []);

    // With consent there is one, so that the counters count.
    await ann.ask('contacts.accept', high.address);
    await high.say(ann.address, { kind: 'knock', nonce: random(32) });
    await high.next('offer');
    assert.ok((await ann.connectionsMade()) > 0);
    await eventually(async () => (await ann.candidatesGathered()) > 0, 'a candidate');
    await driver.close();
  } finally {
    await browser.close();
    await stage.strike();
    await world.close();
  }
}

test('in Chromium a stranger causes no connection, no candidate and no packet', () =>
  nothingBeforeConsent(launchChromium));

test('in Firefox a stranger causes no connection, no candidate and no packet', () =>
  nothingBeforeConsent(launchFirefox));

test.run();
