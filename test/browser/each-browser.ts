/** One course in Chromium and in Firefox, side by side, each with a relay of its own that serves the page. */

import type { Browser } from 'playwright-core';
import { launchChromium, launchFirefox } from '../support/browsers.js';
import { startRelay } from '../support/relay-command.js';
import { together } from '../support/together.js';

const LAUNCH = { Chromium: launchChromium, Firefox: launchFirefox };

/** Registers it once for each. @param run is given the relay's URL */
export function inEachBrowser(
  test: Parameters<typeof together>[0],
  title: string,
  run: (browser: Browser, url: string) => Promise<void>,
): void {
  together(
    test,
    Object.entries(LAUNCH).map(([name, launch]) => [
      `${name}: ${title}`,
      async () => {
        const { url, relay } = await startRelay();
        const browser = await launch();
        try {
          await run(browser, url);
        } finally {
          await browser.close();
          relay.removeAllListeners('exit').kill();
        }
      },
    ]),
  );
}
