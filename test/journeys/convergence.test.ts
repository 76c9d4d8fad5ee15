/**
 * Both call at the same moment, over relays that delay, double, reorder and lose: whatever happens,
 * both end up in one and the same session, and every message arrives once. Each run has a seed,
 * which a failure names; PIM_TEST_SEED=<seed> repeats it.
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Tamper } from '../../relay/index.js';
import { Random } from '../support/fuzz.js';
import { type LocalPerson, type World, withWorld } from '../support/people.js';
import { arrived, connected } from './steps.js';

const RUNS = 16;
/** Worlds at once: they wait more than they work. */
const AT_ONCE = 8;
const given = process.env.PIM_TEST_SEED;
const FIRST = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
const SEEDS = Array.from({ length: given === undefined ? RUNS : 1 }, (_, n) => FIRST + n);

/** Milliseconds an envelope may be late; several round trips on this machine. */
const MAX_DELAY_MS = 40;

interface Weather {
  /** Of a hundred envelopes. */
  readonly lost: number;
  readonly doubled: number;
}

function jitter(random: Random, weather: Weather): Tamper {
  return (envelope, deliver) => {
    const copies = random.below(100) < weather.doubled ? random.between(2, 4) : 1;
    for (let n = 0; n < copies; n++) {
      if (random.below(100) < weather.lost) continue;
      setTimeout(() => deliver(envelope), random.below(MAX_DELAY_MS));
    }
    return [];
  };
}

async function pair(world: World, urls: string[]): Promise<{ ann: LocalPerson; bob: LocalPerson }> {
  const ann = await world.person('Ann', { relays: urls });
  const bob = await world.person('Bob', { relays: urls });
  for (const person of [ann, bob]) await person.sees('relay', (event) => event.state === 'online');
  return { ann, bob };
}

/** Connections of somebody that are up. */
const up = (person: LocalPerson) =>
  person.machine.connections.filter((each) => each.connectionState === 'connected');

/** Connected; where a relay lost too much, after being asked once more each time they gave up. */
async function meet(world: World, ann: LocalPerson, bob: LocalPerson): Promise<void> {
  const undo = [ann, bob].map((person) =>
    person.pim.on('connection', ({ address, state, reason }) => {
      if (state !== 'offline') return;
      assert.match(reason?.code ?? '', /^peer\/(?:no-route|offline|unanswered)$/);
      person.pim.connections.retry(address);
    }),
  );
  await world.hurry(connected(ann, bob));
  for (const end of undo) end();
}

async function converge(seed: number, weather: Weather, relays: number): Promise<void> {
  const random = new Random(seed);
  await withWorld(async (world) => {
    const made = Array.from({ length: relays }, () =>
      world.relay({ tamper: jitter(random, weather) }),
    );
    const urls = (await Promise.all(made)).map((relay) => relay.url);
    const { ann, bob } = await pair(world, urls);
    await Promise.all([ann.ask('contacts.add', bob.address), bob.ask('contacts.add', ann.address)]);
    await meet(world, ann, bob);
    await Promise.all([
      ann.ask('send', bob.address, 'from Ann'),
      bob.ask('send', ann.address, 'from Bob'),
    ]);
    await world.hurry(Promise.all([arrived(bob, 'from Ann'), arrived(ann, 'from Bob')]));
    // What is still under way disturbs nothing: after it has arrived there is one session.
    await world.clock.pass(3_000);
    assert.is(up(ann).length, 1);
    assert.is(up(bob).length, 1);
    assert.is((await ann.status(bob)).state, 'connected');
    assert.is((await bob.status(ann)).state, 'connected');
    assert.equal([...ann.texts].sort(), ['from Ann', 'from Bob']);
    assert.equal([...bob.texts].sort(), ['from Ann', 'from Bob']);
    assert.equal(await ann.history(bob), await bob.history(ann));
  });
}

async function everySeed(weather: Weather, relays: number, runs = RUNS): Promise<void> {
  const seeds = SEEDS.slice(0, runs);
  const waiting = [...seeds];
  const worker = async () => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      try {
        await converge(seed, weather, relays);
      } catch (fault) {
        throw new Error(`failed with PIM_TEST_SEED=${seed}`, { cause: fault });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  console.log(`${seeds.length} runs over ${relays} relay(s) with seeds ${FIRST}…`);
}

test('both call at once over a relay that delays and doubles', () =>
  everySeed({ lost: 0, doubled: 40 }, 1));

test('both call at once over three relays that each delay, double and lose', () =>
  everySeed({ lost: 30, doubled: 30 }, 3));

test('both call, again and again, over one relay that loses every fourth signal', () =>
  everySeed({ lost: 25, doubled: 20 }, 1, 8));

test.run();
