/**
 * Two hosts with networks of their own, a browser on each: a line that goes dead and comes back, and an
 * address that is another one from one moment to the next. What test/network/ tries at length and
 * holds to seconds, tried here in short and held to happening. Needs root.
 * @time-limit 180
 */

import { suite } from 'uvu';
import { befriend, Scene } from '../network/scene.js';
import { noNamespaces } from '../support/namespaces.js';
import {
  flowsAgain,
  note,
  nothingLostOrDoubled,
  noticesLeave,
  printMeasured,
  seconds,
} from './healing.js';

const missing = await noNamespaces();
const networks = suite('networks');
const tried = missing === null ? networks : networks.skip;

let scene: Scene;

networks.before(async () => {
  if (missing === null) scene = await Scene.set();
});

networks.after(async () => {
  await scene?.strike();
  if (missing !== null) note(`not tried: ${missing}`);
  printMeasured('networks that break, in short');
});

tried(
  'a network that is gone and back, then another address: words flow without a click',
  async () => {
    const relays = [await scene.relay()];
    const [here, there] = [await scene.town.host(), await scene.town.host()];
    const ann = await scene.person('Ann', here, { relays });
    const bob = await scene.person('Bob', there, { relays });
    await befriend(ann, bob);
    const noticed = Promise.all([noticesLeave(ann, bob), noticesLeave(bob, ann)]);
    await there.cut();
    note(`cut: noticed after ${(await noticed).map(seconds).join(' and ')}`);
    // Written meanwhile, on both sides: nothing of it may be lost or come twice.
    await ann.ask('send', bob.address, 'while you were away');
    await bob.ask('send', ann.address, 'while I was away');
    await there.mend();
    note(`mended: words flow ${seconds(await flowsAgain(ann, bob))} after`);
    await there.move();
    note(`moved: words flow ${seconds(await flowsAgain(ann, bob))} after`);
    await nothingLostOrDoubled(ann, bob);
  },
);

networks.run();
