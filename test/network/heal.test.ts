/**
 * Two hosts with networks of their own, a browser on each, and what becomes of a conversation when a
 * line is cut, unplugged or moved. Network namespaces: needs root.
 * @time-limit 180
 */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  flowsAgain,
  note,
  nothingLostOrDoubled,
  noticesLeave,
  printMeasured,
  seconds,
} from '../browser/healing.js';
import { type Host, noNamespaces } from '../support/namespaces.js';
import { befriend, Scene } from './scene.js';

/** Milliseconds in which a leave is noticed, and in which words flow again. */
const BAR_MS = 5_000;

const missing = await noNamespaces();
const breaks = suite('networks');

let scene: Scene;
let relay = '';

breaks.before(async () => {
  if (missing !== null) return;
  scene = await Scene.set();
  relay = await scene.relay();
});

breaks.after(async () => {
  await scene?.strike();
  printMeasured('networks that break');
});

async function pair() {
  const [here, there] = [await scene.town.host(), await scene.town.host()];
  const ann = await scene.person('Ann', here, { relays: [relay] });
  const bob = await scene.person('Bob', there, { relays: [relay] });
  await befriend(ann, bob);
  return { here, there, ann, bob };
}

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Breaks Bob's line, waits until Ann is told and a while longer, mends it: both measured. */
async function breakAndMend(
  what: string,
  outageMs: number,
  [cut, mend]: readonly [(bobs: Host) => Promise<void>, (bobs: Host) => Promise<void>],
): Promise<void> {
  const { there, ann, bob } = await pair();
  const from = performance.now();
  const [annNotices, bobNotices] = [noticesLeave(ann, bob), noticesLeave(bob, ann)];
  await cut(there);
  const [noticed, noticedThere] = await Promise.all([annNotices, bobNotices]);
  note(`${what}: noticed after ${seconds(noticed)}, there after ${seconds(noticedThere)}`);
  // Written meanwhile, on both sides: nothing of it may be lost or come twice.
  await ann.ask('send', bob.address, 'while you were away');
  await bob.ask('send', ann.address, 'while I was away');
  await rest(outageMs - (performance.now() - from));
  await mend(there);
  const back = await flowsAgain(ann, bob);
  note(`${what} for ${seconds(outageMs)}: words flow ${seconds(back)} after`);
  await nothingLostOrDoubled(ann, bob);
  assert.ok(Math.max(noticed, noticedThere) < BAR_MS, `noticed after ${seconds(noticed)}`);
  assert.ok(back < BAR_MS, `back after ${seconds(back)}`);
}

function breaking(name: string, run: () => Promise<void>): void {
  breaks(name, async () => {
    if (missing !== null) return note(`not run: ${name}: ${missing}`);
    await run();
  });
}

for (const outageMs of [8_000, 30_000]) {
  breaking(`a line that is dead for ${seconds(outageMs)}, of which no browser is told`, () =>
    breakAndMend('cut', outageMs, [(host) => host.cut(), (host) => host.mend()]),
  );
}

breaking('a cable that is pulled and plugged in again', () =>
  breakAndMend('unplugged', 15_000, [(host) => host.unplug(), (host) => host.plug()]),
);

breaking('another network: the address is another one from one moment to the next', async () => {
  const { there, ann, bob } = await pair();
  // Words so soon after the last ones would ask for no sign of life before two seconds are over.
  await rest(1_000);
  await there.move();
  const back = await flowsAgain(ann, bob);
  note(`moved: words flow ${seconds(back)} after`);
  await nothingLostOrDoubled(ann, bob);
  assert.ok(back < BAR_MS, seconds(back));
});

breaks.run();
