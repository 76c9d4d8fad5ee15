/**
 * Breaks in real browsers: how long until the other end says so, and until words flow again without
 * a click.
 * @time-limit 120
 */

import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { friends } from '../journeys/steps.js';
import { launchChromium, serveChromium } from '../support/browsers.js';
import {
  flowsAgain,
  note,
  nothingLostOrDoubled,
  noticesLeave,
  printMeasured,
  seconds,
  timed,
} from './healing.js';
import { BrowserDriver, type BrowserPerson, Stage } from './journeys-driver.js';

/** Milliseconds in which a leave is noticed, and in which words flow again. */
const BAR_MS = 5_000;

let stage: Stage;
let browser: Browser;
const breaks = suite('breaks');

breaks.before(async () => {
  [stage, browser] = await Promise.all([Stage.set(), launchChromium()]);
});

breaks.after(async () => {
  await browser?.close();
  await stage?.strike();
  printMeasured('breaks and their ends');
});

async function pair(browsers: readonly Browser[]) {
  const driver = new BrowserDriver(stage, browsers);
  const relay = await driver.relay();
  const { ann, bob } = await friends(driver, { relays: [relay.url] });
  return { driver, relay, ann: ann as BrowserPerson, bob: bob as BrowserPerson };
}

/** Milliseconds; `PIM_TEST_FREEZE_MS` for a longer one than a test run has time for. */
const LONG_MS = Number(process.env.PIM_TEST_FREEZE_MS ?? 20_000);

for (const heldMs of [3_000, LONG_MS]) {
  breaks(`a page frozen for ${seconds(heldMs)} is away meanwhile, and back by itself`, async () => {
    const { driver, ann, bob } = await pair([browser]);
    const devtools = await bob.context.newCDPSession(bob.page);
    // A headless page takes no lifecycle state. To be held by the debugger comes to the same: no code of
    // the page runs, no timer and no event, while the browser keeps its connections.
    await devtools.send('Debugger.enable');
    await devtools.send('Debugger.pause');
    if (heldMs > BAR_MS) {
      const noticed = await noticesLeave(ann, bob);
      note(`frozen: noticed after ${seconds(noticed)}`);
      assert.ok(noticed < BAR_MS, seconds(noticed));
    }
    await new Promise((resolve) => setTimeout(resolve, heldMs));
    await devtools.send('Debugger.disable');
    const back = await flowsAgain(ann, bob);
    note(`frozen for ${seconds(heldMs)}: words flow ${seconds(back)} after`);
    assert.ok(back < BAR_MS, seconds(back));
    await nothingLostOrDoubled(ann, bob);
    await driver.close();
  });
}

breaks('a relay that dies and comes back is joined again, and friends talk on', async () => {
  const { driver, relay, ann, bob } = await pair([browser]);
  // Only a relay whose link has held is asked again every few seconds.
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  await relay.kill();
  const meanwhile = await flowsAgain(ann, bob);
  note(`relay killed: words still flow, in ${seconds(meanwhile)}`);
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  const past = [ann.log.length, bob.log.length];
  await relay.revive();
  const joined = await timed(
    Promise.all(
      [ann, bob].map((person, n) =>
        person.sees('relay', (event) => event.state === 'online', { past: past[n] as number }),
      ),
    ),
  );
  note(`relay back after 10 s: joined ${seconds(joined)} after it serves`);
  assert.ok(joined < BAR_MS, seconds(joined));
  await nothingLostOrDoubled(ann, bob);
  await driver.close();
});

breaks('a tab that is closed says goodbye', async () => {
  const { driver, ann, bob } = await pair([browser]);
  const noticing = noticesLeave(ann, bob);
  await bob.leave();
  const noticed = await noticing;
  note(`tab left: noticed after ${seconds(noticed)}`);
  assert.ok(noticed < 1_500, seconds(noticed));
  const past = ann.log.length;
  await bob.reload();
  const back = await timed(
    ann.sees('presence', (event) => event.online && event.address === bob.address, { past }),
  );
  note(`tab opened again: there after ${seconds(back)}`);
  await driver.close();
});

breaks('a browser that is killed is noticed', async () => {
  const { server, browser: other } = await serveChromium();
  const { ann } = await (async () => {
    const made = await pair([browser, other]);
    const noticing = noticesLeave(made.ann, made.bob);
    process.kill(-(server.process().pid as number), 'SIGKILL');
    const noticed = await noticing;
    note(`browser killed: noticed after ${seconds(noticed)}`);
    assert.ok(noticed < BAR_MS, seconds(noticed));
    return made;
  })();
  await ann.close();
});

breaks.run();
