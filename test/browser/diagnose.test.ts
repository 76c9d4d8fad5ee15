/**
 * `pim.diagnose()` in real browsers: STUN and TURN through a real coturn, and where there is none.
 * Where coturn is not installed there is nothing to try, and the test says so.
 * @time-limit 120
 */

import type { Browser } from 'playwright-core';
import { test } from 'uvu';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { coturnIsMissing, SECRET, startCoturn } from '../support/coturn.js';
import { assertPassed, runInPage } from '../support/in-page.js';
import { LOCAL_RELAY } from '../support/people.js';
import { withRelay } from '../support/relay.js';
import { freePort } from '../support/service.js';
import { together } from '../support/together.js';
import type { Servers } from './pages/diagnose.js';

const SUITE = new URL('./pages/diagnose.ts', import.meta.url);

async function diagnosed(launch: () => Promise<Browser>): Promise<void> {
  const [coturn, browser] = await Promise.all([startCoturn(), launch()]);
  const server = coturn.url.slice('turn:'.length);
  const nothing = await besides(server);
  const turnUrls = [coturn.url, `${coturn.url}?transport=tcp`];
  try {
    await withRelay({ ...LOCAL_RELAY, turnUrls, turnSecret: SECRET }, async (relay) => {
      const page = await browser.newPage();
      const servers: Servers = { relay: relay.url, server, nothing };
      assertPassed(await runInPage(page, SUITE, servers));
    });
  } finally {
    await browser.close();
    await coturn.stop();
  }
}

/** The same host, at a port where nothing listens: what is free on loopback may be taken there. */
async function besides(server: string): Promise<string> {
  const [host, taken] = server.split(':');
  for (;;) {
    const port = await freePort();
    if (String(port) !== taken) return `${host}:${port}`;
  }
}

const missing = coturnIsMissing();
if (missing !== null) {
  console.log(`STUN and TURN were not diagnosed: ${missing}`);
  test('a diagnosis of TURN needs a coturn, which is not here', () => undefined);
} else {
  together(test, [
    ['finds STUN and TURN servers as they are, in Chromium', () => diagnosed(launchChromium)],
    ['finds STUN and TURN servers as they are, in Firefox', () => diagnosed(launchFirefox)],
  ]);
}

test.run();
