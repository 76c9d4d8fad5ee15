/**
 * The evil cases that matter most, on the real thing: real DTLS, real ICE, real Web Crypto. All of
 * them, and many more, run in test/hostile without a browser.
 */

import { networkInterfaces } from 'node:os';
import type { Browser } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flip, record, reflect, repeat, swapOrder } from '../../relay/evil/envelopes.js';
import type { Envelope, Tamper } from '../../relay/index.js';
import { fromHex } from '../../sdk/base/bytes.js';
import { decodeAddress } from '../../sdk/protocol/address.js';
import type { Description } from '../../sdk/protocol/description.js';
import { arrived, connected, friends, settled } from '../journeys/steps.js';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { makeMisbinder, misbind } from '../support/evil-misbinding.js';
import { challenge, evilServer } from '../support/evil-relay.js';
import { outcome, printOutcomes, refusedWith } from '../support/evil-report.js';
import { forms, tap } from '../support/evil-tap.js';
import { refused, World } from '../support/people.js';
import { random } from '../support/relay-client.js';
import { BrowserDriver, type BrowserPerson, Stage } from './journeys-driver.js';

let stage: Stage;
let chromium: Browser;
let firefox: Browser;

test.before(async () => {
  [stage, chromium, firefox] = await Promise.all([Stage.set(), launchChromium(), launchFirefox()]);
});

test.after(async () => {
  printOutcomes('Evil cases in real browsers:');
  await Promise.all([chromium?.close(), firefox?.close()]);
  await stage?.strike();
});

/** Chromium for one person, Firefox for the next; relays of this process, which may be evil. */
async function withPeople(
  use: (driver: BrowserDriver, world: World) => Promise<void>,
  browsers: readonly Browser[] = [chromium, firefox],
): Promise<void> {
  const driver = new BrowserDriver(stage, browsers);
  const world = new World();
  try {
    await use(driver, world);
  } finally {
    await driver.close();
    await world.close();
  }
}

async function pair(driver: BrowserDriver, relays: readonly string[], speed = 1) {
  const [ann, bob] = await Promise.all([
    driver.person('Ann', { relays, speed }),
    driver.person('Bob', { relays, speed }),
  ]);
  await Promise.all([ann.ask('contacts.add', bob.address), bob.ask('contacts.add', ann.address)]);
  return { ann, bob };
}

const ALTERING: readonly [attack: string, tamper: Tamper][] = [
  ['flips a byte of everything', flip(300)],
  ['reflects everything', reflect],
];

for (const [attack, tamper] of ALTERING) {
  test(`a relay that ${attack}: not connected, and both are told why`, () =>
    withPeople(async (driver, world) => {
      const relay = await world.relay({ tamper });
      // No connection is ever begun here, so time may pass faster, as far as a busy machine can follow.
      const { ann, bob } = await pair(driver, [relay.url], 3);
      const over = (person: BrowserPerson) =>
        // On a slow machine an attempt may end before anything has come back: a later one says more.
        person.sees(
          'connection',
          ({ state, reason }) => state === 'offline' && reason?.code !== 'peer/offline',
          { limitMs: 60_000 },
        );
      const [one, other] = await Promise.all([over(ann), over(bob)]);
      for (const { reason } of [one, other]) {
        refusedWith(`a relay that ${attack}`, reason, 'peer/altered');
      }
      for (const person of [ann, bob]) assert.is(await person.connectionsMade(), 0);
    }));
}

for (const [attack, tamper] of [
  ['delivers everything five times', repeat(5)],
  ['delivers everything in another order', swapOrder(setTimeout)],
] as const) {
  test(`a relay that ${attack}: connected, each message once`, () =>
    withPeople(async (driver, world) => {
      const relay = await world.relay({ tamper });
      const { ann, bob } = await pair(driver, [relay.url]);
      await connected(ann, bob);
      await Promise.all([
        ann.ask('send', bob.address, 'ping'),
        bob.ask('send', ann.address, 'pong'),
      ]);
      await Promise.all([arrived(bob, 'ping'), arrived(ann, 'pong')]);
      assert.equal([...ann.texts].sort(), ['ping', 'pong']);
      outcome(`a relay that ${attack}`, 'connected, each message once');
    }));
}

test('one evil relay of each kind beside an honest one: connected within ten seconds', () =>
  withPeople(async (driver, world) => {
    const relays = await Promise.all([
      world.relay({ tamper: flip(-1) }),
      world.relay({ tamper: () => [] }),
      world.relay({ tamper: reflect }),
      world.relay(),
    ]);
    const { ann, bob } = await pair(
      driver,
      relays.map((relay) => relay.url),
    );
    const began = performance.now();
    await connected(ann, bob);
    const ms = performance.now() - began;
    assert.ok(ms < 10_000, `${ms} ms`);
    outcome('three evil relays beside an honest one', 'connected within ten seconds');
  }));

test('yesterday’s frames, played after a reload of both, disturb nothing', () =>
  withPeople(async (driver, world) => {
    const old: Envelope[] = [];
    let play: (envelope: Envelope) => void = () => undefined;
    const recording = record(old);
    const tamper: Tamper = (envelope, deliver) => {
      play = deliver;
      return recording(envelope, deliver);
    };
    const relay = await world.relay({ tamper });
    const { ann, bob } = await friends(driver, { relays: [relay.url] });
    const yesterday = [...old];
    // Both are gone before one is back: else they meet the other's old page first, and lose it.
    await Promise.all([ann.leave(), bob.leave()]);
    const past = [ann.log.length, bob.log.length];
    await Promise.all([ann.reload(), bob.reload()]);
    const isOnline = (event: { online: boolean }) => event.online;
    await Promise.all(
      [ann, bob].map((person, n) => person.sees('presence', isOnline, { past: past[n] ?? 0 })),
    );
    await settled(ann, bob);
    const people = [ann, bob] as BrowserPerson[];
    const made = await Promise.all(people.map((person) => person.connectionsMade()));
    const seen = people.map((person) => person.log.length);
    for (const envelope of [...yesterday, ...[...yesterday].reverse()]) play(envelope);
    // A stranger's request comes after all that was played, and is the first thing anybody sees.
    const cleo = await driver.person('Cleo', { relays: [relay.url] });
    for (const person of people) {
      await cleo.ask('send', person.address, 'hello');
      await person.sees('request', (event) => event.from === cleo.address);
    }
    for (const [n, person] of people.entries()) {
      const since = person.log.slice(seen[n]).map((each) => each.type);
      for (const type of ['presence', 'message', 'error', 'contact'] as const) {
        assert.not.ok(since.includes(type), person.told(seen[n]));
      }
      assert.is(since.filter((type) => type === 'request').length, 1);
      assert.is(await person.connectionsMade(), made[n]);
    }
    outcome('a relay that plays a whole session again', 'nothing disturbed');
  }));

test('a friend who signs another friend’s fingerprint gets no confirmed channel', () =>
  withPeople(async (driver, world) => {
    const relay = await world.relay();
    const { ann, bob, mallory } = await misbinding(driver, [relay.url]);
    await mallory.join(relay.url);
    for (const person of [ann, bob]) {
      await person.sees('relay', (event) => event.state === 'online');
      await person.ask('contacts.add', mallory.address);
    }
    await misbind(mallory, ann.address, bob.address);
    const isImpostor = (event: { reason: { code: string } | null }) =>
      event.reason?.code === 'peer/impostor';
    // Whoever finds out first hangs up, and the other may not get to see the false proof.
    const hasEnded = (event: { reason: { code: string } | null }) =>
      isImpostor(event) || event.reason?.code === 'channel/closed';
    const { reason } = await Promise.any(
      [ann, bob].map((person) => person.sees('connection', isImpostor)),
    );
    refusedWith('a friend who passes off another’s connection', reason, 'peer/impostor');
    for (const person of [ann, bob]) await person.sees('connection', hasEnded);
    for (const person of [ann, bob]) {
      assert.equal(person.all('presence'), []);
      assert.equal(person.texts, []);
    }
  }));

test('a fingerprint of nobody is told from networks that let nothing through', () =>
  withPeople(async (driver, world) => {
    const relay = await world.relay();
    const { ann, bob, mallory } = await misbinding(driver, [relay.url]);
    await mallory.join(relay.url);
    for (const person of [ann, bob]) {
      await person.sees('relay', (event) => event.state === 'online');
      await person.ask('contacts.add', mallory.address);
    }
    const lie = (theirs: Description) => ({ ...theirs, fingerprint: random(32) });
    await misbind(mallory, ann.address, bob.address, lie);
    // One refuses the other's certificate in DTLS; the other learns of it by the alert.
    for (const person of [ann, bob]) {
      const { reason } = await person.sees('connection', (event) => event.reason !== null);
      refusedWith('a friend who signs a fingerprint of nobody', reason, 'peer/impostor');
      assert.equal(reason?.detail, { reason: 'certificates do not match' });
      assert.equal(person.all('presence'), []);
    }
  }));

async function misbinding(driver: BrowserDriver, relays: readonly string[]) {
  for (;;) {
    const ann = await driver.person('Ann', { relays });
    const bob = await driver.person('Bob', { relays });
    const mallory = await makeMisbinder(ann.address, bob.address);
    if (mallory !== null) return { ann, bob, mallory };
  }
}

test('what passes the relay holds no text, name, address, fingerprint or candidate', () =>
  withPeople(async (driver, world) => {
    let port = 0;
    const wire = await tap(() => port);
    try {
      port = (await world.relay({ origins: [wire.url] })).relay.port;
      const { ann, bob } = await friends(driver, { relays: [wire.url] });
      await bob.ask('send', ann.address, 'a secret answer');
      await arrived(ann, 'a secret answer');
      const people = [ann, bob] as BrowserPerson[];
      const lines = (await Promise.all(people.map((person) => person.described()))).flat();
      const secrets: (string | Uint8Array)[] = ['a secret answer', 'candidate', 'fingerprint'];
      for (const line of lines) {
        const [, hex] = /^a=fingerprint:sha-256 (\S+)/.exec(line) ?? [];
        if (hex !== undefined) secrets.push(fromHex(hex.replaceAll(':', '')), hex);
        const [, pwd] = /^a=ice-pwd:(\S+)/.exec(line) ?? [];
        if (pwd !== undefined) secrets.push(pwd);
        const [, host = ''] = /^a=candidate:\S+ \d \S+ \d+ (\S+) /.exec(line) ?? [];
        if (host !== '') secrets.push(host, ...bytesOf(host));
      }
      assert.ok(secrets.length >= 9, `${secrets.length} secrets`);
      const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
      for (const { address, internal } of own) {
        if (!internal) secrets.push(address, ...bytesOf(address));
      }
      const heard = wire.heard();
      for (const person of people) {
        assert.ok(heard.includes(Buffer.from(decodeAddress(person.address))));
      }
      for (const secret of secrets) {
        for (const form of forms(secret)) {
          if (form.length >= 4) assert.not.ok(heard.includes(form), `the relay saw ${secret}`);
        }
      }
      outcome(
        `a relay that records ${heard.length} bytes`,
        `finds none of ${secrets.length} secrets of two real browsers in any form`,
      );
    } finally {
      await wire.close();
    }
  }));

/** An IPv4 address or the UUID of an mDNS name as bytes. */
function bytesOf(host: string): Uint8Array[] {
  const uuid = /^([0-9a-f-]{36})\.local$/.exec(host)?.[1];
  if (uuid !== undefined) return [fromHex(uuid.replaceAll('-', ''))];
  return /^\d+(?:\.\d+){3}$/.test(host) ? [Uint8Array.from(host.split('.').map(Number))] : [];
}

test('servers that are no relay are told apart, by both browsers', async () => {
  const foreign = challenge();
  foreign[1] = 2;
  const cases = [
    ['speaks version 2', foreign, 'relay/version'],
    ['sends text', '{"type":"challenge"}', 'relay/protocol'],
    ['sends a frame of 10 MB', new Uint8Array(10_000_000), 'relay/protocol'],
  ] as const;
  for (const [what, first, code] of cases) {
    const server = await evilServer((socket) => socket.send(first));
    try {
      await withPeople(async (driver) => {
        for (const name of ['Ann', 'Bob']) {
          const person = await driver.person(name, { relays: [server.url] });
          const isOver = (event: { state: string }) => /waiting|refused/.test(event.state);
          const { reason } = await person.sees('relay', isOver);
          refusedWith(`a server that ${what}`, reason, code);
        }
      });
    } finally {
      await server.close();
    }
  }
});

test('a page that came over plain http is refused, unless it asks for it', () =>
  withPeople(async (driver) => {
    for (const name of ['Ann', 'Bob']) {
      const person = await driver.person(name, { isStarted: false });
      await person.openInsecure();
      const fault = await refused(person.ask('start'));
      refusedWith('a page over plain http', fault, 'platform/insecure', 'not started');
      await person.openInsecure({ allowInsecure: true });
      await person.ask('start');
      assert.is(person.address.length, 63);
    }
  }));

test.run();
