/**
 * The journeys in real browsers: all of them between Chromium and Firefox, the essential ones between
 * two profiles of each.
 * @time-limit 90
 */

import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import { JOURNEYS, journeySuite } from '../journeys/suite.js';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { BrowserDriver, Stage } from './journeys-driver.js';

type Engine = 'Chromium' | 'Firefox';

const browsers = new Map<Engine, Browser>();
let stage: Stage;

const opening = suite('browsers');
opening.before(async () => {
  const [set, chromium, firefox] = await Promise.all([
    Stage.set(),
    launchChromium(),
    launchFirefox(),
  ]);
  stage = set;
  browsers.set('Chromium', chromium).set('Firefox', firefox);
});
opening('are open', () => undefined);
opening.run();

const every = JOURNEYS;
const essential = JOURNEYS.filter((journey) => journey.isEssential);

for (const [pair, chosen] of [
  [['Chromium', 'Firefox'], every],
  [['Chromium', 'Chromium'], essential],
  [['Firefox', 'Firefox'], essential],
] as const) {
  const journeys = suite(pair.join(' ↔ '));
  const engines = () => pair.map((engine) => browsers.get(engine) as Browser);
  journeySuite(journeys, async () => new BrowserDriver(stage, engines()), chosen, 2);
  journeys.run();
}

const closing = suite('browsers');
closing.after(async () => {
  await Promise.all([...browsers.values()].map((browser) => browser.close()));
  await stage?.strike();
});
closing('close', () => undefined);
closing.run();
