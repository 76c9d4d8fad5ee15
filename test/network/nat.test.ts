/**
 * Two people at home, each behind a router, and a coturn on the open net: a direct connection where
 * the routers' ports can be told to others, through TURN where they cannot, and a plain word where
 * neither is possible. Network namespaces and nft: needs root.
 * @time-limit 240
 */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { note, nothingLostOrDoubled, printMeasured, seconds, timed } from '../browser/healing.js';
import type { BrowserPerson } from '../browser/journeys-driver.js';
import { arrived } from '../journeys/steps.js';
import { type Coturn, coturnIsMissing, SECRET, startCoturn } from '../support/coturn.js';
import { type Mapping, noNamespaces } from '../support/namespaces.js';
import { isInstalled } from '../support/service.js';
import { acquaint, befriend, Scene } from './scene.js';

/** Milliseconds in which an attempt ends, whichever way: the deadline of a connection and some seconds. */
const VERDICT_MS = 60_000;

/** Connections in which a direct way is found at last, where there is one. */
const TRIES = 4;

const missing =
  (await noNamespaces()) ??
  coturnIsMissing() ??
  (isInstalled('nft') ? null : 'nft is not installed (apt install nftables)');
const homes = suite('homes');

let scene: Scene;
let coturn: Coturn;
const relays = { plain: '', turn: '' };

homes.before(async () => {
  if (missing !== null) return;
  scene = await Scene.set();
  const { address } = scene.town;
  coturn = await startCoturn([], address);
  relays.plain = await scene.relay();
  relays.turn = await scene.relay({ turnUrls: [coturn.url], turnSecret: SECRET });
});

homes.after(async () => {
  await scene?.strike();
  await coturn?.stop();
  printMeasured('homes behind routers');
});

function atHome(name: string, run: () => Promise<void>): void {
  homes(name, async () => {
    if (missing !== null) return note(`not run: ${name}: ${missing}`);
    await run();
  });
}

async function pair(here: Mapping, there: Mapping, relay: string) {
  const options = { relays: [relay], iceServers: [{ urls: coturn.url.replace('turn:', 'stun:') }] };
  const ann = await scene.person('Ann', await scene.town.hostBehind(here), options);
  const bob = await scene.person('Bob', await scene.town.hostBehind(there), options);
  return { ann, bob };
}

/** Whether both send without TURN, of what they say first. */
async function areDirect(...people: BrowserPerson[]): Promise<boolean> {
  const told = people.map((person) => person.sees('connection', ({ route }) => route !== null));
  return (await Promise.all(told)).every(({ route }) => route === 'direct');
}

async function talk(ann: BrowserPerson, bob: BrowserPerson, route: 'direct' | 'relayed') {
  const took = await timed(befriend(ann, bob));
  for (const person of [ann, bob])
    await person.sees('connection', (event) => event.route === route);
  await answers(bob, ann);
  return took;
}

async function answers(bob: BrowserPerson, ann: BrowserPerson): Promise<void> {
  await bob.ask('send', ann.address, 'and back');
  await arrived(ann, 'and back');
  await nothingLostOrDoubled(ann, bob);
}

const allocations = () => coturn.service.said.split('ALLOCATE processed, success').length - 1;

atHome('two whose routers keep a port for all: direct, though TURN is there', async () => {
  // On a busy machine a check of the direct way may be late, and Chromium then keeps to TURN.
  let [isDirect, tries] = [false, 0];
  while (!isDirect) {
    assert.ok(++tries <= TRIES, 'never direct');
    const { ann, bob } = await pair('cone', 'cone', relays.turn);
    await befriend(ann, bob);
    isDirect = await areDirect(ann, bob);
    await answers(bob, ann);
  }
  note(`cone and cone: direct, at try ${tries}`);
});

atHome('two whose routers keep a port for all: direct without any TURN', async () => {
  const before = allocations();
  const { ann, bob } = await pair('cone', 'cone', relays.plain);
  note(`cone and cone, no TURN: direct, after ${seconds(await talk(ann, bob, 'direct'))}`);
  assert.is(allocations(), before);
});

for (const there of ['symmetric', 'cone'] as const) {
  atHome(`one whose router changes ports and one behind a ${there} one: through TURN`, async () => {
    const { ann, bob } = await pair('symmetric', there, relays.turn);
    note(`symmetric and ${there}: relayed, after ${seconds(await talk(ann, bob, 'relayed'))}`);
  });
}

atHome('no way at all: told so in time, and what was written waits', async () => {
  const { ann, bob } = await pair('symmetric', 'symmetric', relays.plain);
  const took = await timed(
    Promise.all([
      acquaint(ann, bob),
      ...[ann, bob].map((person) =>
        person.sees('connection', (event) => event.reason?.code === 'peer/no-route', {
          limitMs: VERDICT_MS,
        }),
      ),
    ]),
  );
  note(`symmetric and symmetric, no TURN: peer/no-route after ${seconds(took)}`);
  assert.equal(bob.texts, []);
  const { messages } = await ann.ask('conversations.history', bob.address, {});
  assert.equal(
    messages.map(({ text, status }) => [text, status]),
    [['hello', 'waiting']],
  );
});

homes.run();
