/**
 * Files between Chromium and Firefox: a picture that comes by itself, and a large file that is
 * interrupted twice, by a line and a relay that break and by a page that is opened again.
 * @time-limit 150
 */

import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { friends } from '../journeys/steps.js';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { eventually } from '../support/people.js';
import { BrowserDriver, type BrowserPerson, Stage } from './journeys-driver.js';

const MIB = 1_048_576;
const SIZE = 64 * MIB;

let stage: Stage;
let browsers: readonly [chromium: Browser, firefox: Browser];
const files = suite('files');

files.before(async () => {
  const [set, chromium, firefox] = await Promise.all([
    Stage.set(),
    launchChromium(),
    launchFirefox(),
  ]);
  stage = set;
  browsers = [chromium, firefox];
});

files.after(async () => {
  await Promise.all((browsers ?? []).map((browser) => browser.close()));
  await stage?.strike();
});

async function pair(order: readonly Browser[]) {
  const driver = new BrowserDriver(stage, order);
  const relay = await driver.relay();
  const { ann, bob } = await friends(driver, { relays: [relay.url] });
  return { driver, relay, ann: ann as BrowserPerson, bob: bob as BrowserPerson };
}

const offered = (from: BrowserPerson, to: BrowserPerson, size: number, seed: number) =>
  from.sendFile(to.address, size, seed);

const hashAt = (person: BrowserPerson, other: BrowserPerson, id: string) =>
  person.hashOfFile(other.address, id);

async function isDone(person: BrowserPerson, other: BrowserPerson, id: string): Promise<void> {
  await eventually(
    async () => (await person.ask('files.status', other.address, id)).state === 'done',
    'the file is whole',
    120_000,
  );
}

/** More than `bytes` of it are there, and not all of them. */
async function hasMoreThan(person: BrowserPerson, id: string, bytes: number): Promise<void> {
  const { size, state } = await person.sees(
    'file:progress',
    (each) => each.id === id && each.bytes > bytes,
    { limitMs: 60_000 },
  );
  assert.is(size, SIZE);
  assert.is(state, 'running', 'it is under way');
}

files('one of a megabyte goes over in both directions', async () => {
  const { driver, ann, bob } = await pair(browsers);
  for (const [from, to] of [
    [ann, bob],
    [bob, ann],
  ] as const) {
    const id = await offered(from, to, MIB + 1, 7);
    await to.sees('message', (message) => message.id === id);
    await to.ask('files.accept', from.address, id);
    await isDone(to, from, id);
    await isDone(from, to, id);
    assert.is(await hashAt(to, from, id), await hashAt(from, to, id));
  }
  await driver.close();
});

for (const [name, reversed] of [
  ['Chromium to Firefox', false],
  ['Firefox to Chromium', true],
] as const) {
  files(`64 MiB, ${name}, go on over a broken line, a dead relay and a reload`, async () => {
    const { driver, relay, ann, bob } = await pair(reversed ? [...browsers].reverse() : browsers);
    const id = await offered(ann, bob, SIZE, 1);
    const hash = await hashAt(ann, bob, id);
    await bob.sees('message', (message) => message.id === id);
    await bob.ask('files.accept', ann.address, id);
    await hasMoreThan(bob, id, 6 * MIB);
    // The line breaks while the relay is away: nothing can go on before it is back.
    await relay.kill();
    await bob.page.evaluate(() => {
      for (const connection of globalThis.pimPage.connections) connection.close();
    });
    await bob.sees('presence', ({ online }) => !online, { limitMs: 60_000 });
    await relay.revive();
    await hasMoreThan(bob, id, 20 * MIB);
    const past = bob.log.length;
    await bob.reload();
    const { bytes } = await bob.ask('files.status', ann.address, id);
    assert.ok(bytes >= 12 * MIB && bytes < SIZE, `${bytes} bytes were kept over the reload`);
    await bob.sees('file:progress', (each) => each.id === id && each.state === 'running', { past });
    await isDone(bob, ann, id);
    await isDone(ann, bob, id);
    assert.is(await hashAt(bob, ann, id), hash);
    await driver.close();
  });
}

files('a large one whose sender’s page was opened again is chosen once more', async () => {
  const { driver, ann, bob } = await pair(browsers);
  const id = await offered(ann, bob, SIZE, 2);
  await bob.sees('message', (message) => message.id === id);
  await bob.ask('files.accept', ann.address, id);
  await hasMoreThan(bob, id, 6 * MIB);
  await ann.reload();
  await bob.sees('file:progress', (each) => each.id === id && each.state === 'missing', {
    limitMs: 60_000,
  });
  await ann.page.evaluate(
    ([address, message, size]) =>
      globalThis.pimPage.provideFile(address as string, message as string, size as number, 2),
    [bob.address, id, SIZE] as unknown[],
  );
  await isDone(bob, ann, id);
  assert.is(await hashAt(bob, ann, id), await hashAt(ann, bob, id));
  await driver.close();
});

files.run();
