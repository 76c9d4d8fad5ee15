/**
 * A slow uplink: two people whose every word and file goes through a TURN server that they reach over
 * 1 Mbit/s up, with delay, loss and a modem's queue. Words beside a file, and a line that nobody takes for
 * dead while it is full. Needs coturn.
 * @time-limit 400
 */

import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { note, printMeasured, seconds, timed } from '../browser/healing.js';
import { BrowserDriver, type BrowserPerson, Stage } from '../browser/journeys-driver.js';
import { arrived, friends } from '../journeys/steps.js';
import { launchChromium } from '../support/browsers.js';
import { type Coturn, coturnIsMissing, SECRET, startCoturn } from '../support/coturn.js';
import { LOCAL_RELAY } from '../support/people.js';
import { withRelay } from '../support/relay.js';
import { SlowLine, type Way } from '../support/slow-line.js';

const UP: Way = { bitsPerS: 1_000_000, delayMs: 50, losesEvery: 200, queueBytes: 64_000 };
const DOWN: Way = { bitsPerS: 20_000_000, delayMs: 50, losesEvery: 200, queueBytes: 256_000 };
const FILE_BYTES = 5_000_000;
/** Milliseconds: a word is there within, whatever else is under way. */
const WORD_MS = 5_000;
/** For the file: five times what the line takes for it. */
const FILE_MS = 240_000;

const missing = coturnIsMissing();
const slow = suite('slow uplink');
const tried = missing === null ? slow : slow.skip;

let stage: Stage;
let browser: Browser;
let coturn: Coturn;
let line: SlowLine;

slow.before(async () => {
  if (missing !== null) return;
  [stage, browser, coturn] = await Promise.all([Stage.set(), launchChromium(), startCoturn()]);
  const [host, port] = coturn.url.replace('turn:', '').split(':') as [string, string];
  line = await SlowLine.to({ host, port: Number(port) }, { up: UP, down: DOWN });
});

slow.after(async () => {
  await browser?.close();
  await stage?.strike();
  line?.close();
  await coturn?.stop();
  if (missing !== null) note(`not tried: ${missing}`);
  printMeasured('a slow uplink');
});

let count = 0;

/** Milliseconds until `to` was told of a word of `from`, which they store first. */
async function word(from: BrowserPerson, to: BrowserPerson): Promise<number> {
  const text = `word ${++count}`;
  return timed(
    Promise.all([
      from.ask('send', to.address, text),
      to.sees('message', (message) => message.text === text, { limitMs: FILE_MS }),
    ]),
  );
}

const range = (all: readonly number[]) => {
  const sorted = all.toSorted((a, b) => a - b);
  const [median, most] = [sorted[sorted.length >> 1] as number, sorted.at(-1) as number];
  return `${Math.round(median)} ms, at most ${Math.round(most)} ms`;
};

/** Words from both sides, one each second, for as long as `isUnderWay`. */
async function wordsBeside(ann: BrowserPerson, bob: BrowserPerson, isUnderWay: () => boolean) {
  const took = { with: [] as number[], against: [] as number[] };
  while (isUnderWay()) {
    const [up, down] = await Promise.all([word(ann, bob), word(bob, ann)]);
    took.with.push(up);
    took.against.push(down);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  return took;
}

async function fileAndWords(ann: BrowserPerson, bob: BrowserPerson): Promise<void> {
  const past = [ann.log.length, bob.log.length];
  const id = await ann.sendFile(bob.address, FILE_BYTES, 7);
  await bob.sees('message', (message) => message.id === id, { limitMs: FILE_MS });
  let isUnderWay = true;
  const crossing = timed(
    (async () => {
      await bob.ask('files.accept', ann.address, id);
      const isDone = (each: { id: string; state: string }) =>
        each.id === id && each.state === 'done';
      await Promise.all(
        [ann, bob].map((each) => each.sees('file:progress', isDone, { limitMs: FILE_MS })),
      );
    })(),
  ).finally(() => {
    isUnderWay = false;
  });
  crossing.catch(() => undefined);
  const took = await wordsBeside(ann, bob, () => isUnderWay);
  const what = `${FILE_BYTES / 1e6} MB over ${UP.bitsPerS / 1e6} Mbit/s`;
  note(`${what}: ${seconds(await crossing)}`);
  note(`words that way meanwhile: ${range(took.with)}; against it: ${range(took.against)}`);
  assert.is(await bob.hashOfFile(ann.address, id), await ann.hashOfFile(bob.address, id));
  for (const [n, person] of [ann, bob].entries()) {
    const away = person.log.slice(past[n]).filter(({ type, event }) => {
      const { online, state } = event as { online?: boolean; state?: string };
      return (type === 'presence' && !online) || (type === 'connection' && state !== 'connected');
    });
    assert.equal(away, [], `${person.name} took nobody for gone`);
  }
  assert.ok(Math.max(...took.with, ...took.against) < WORD_MS, 'words are there in time');
}

tried(
  'words and a file of 5 MB: none is late, the file is whole, nobody is taken for gone',
  async () => {
    const driver = new BrowserDriver(stage, [browser]);
    const host = new URL(coturn.url.replace('turn:', 'http://')).hostname;
    const turnUrls = [`turn:${host}:${line.port}`];
    await withRelay({ ...LOCAL_RELAY, turnUrls, turnSecret: SECRET }, async (relay) => {
      const options = { relays: [relay.url], privacy: { relayOnly: true } };
      const { ann, bob } = (await friends(driver, options)) as Record<'ann' | 'bob', BrowserPerson>;
      await arrived(bob, 'hello');
      const idle: number[] = [];
      for (let n = 0; n < 5; n++) idle.push(await word(ann, bob));
      note(`words alone: ${range(idle)}`);
      await fileAndWords(ann, bob);
    });
    await driver.close();
  },
);

slow.run();
