/** Starts Chromium and Firefox for the tests, without traffic of their own. */

import {
  type Browser,
  type BrowserContext,
  type BrowserServer,
  chromium,
  firefox,
  type LaunchOptions,
} from 'playwright-core';
import { browserFor } from './find-browser.js';
import { listen } from './objections.js';

/** Playwright already turns most background traffic off; these are what it leaves on. */
const QUIET_CHROMIUM = ['--disable-domain-reliability', '--no-pings', '--disable-breakpad'];

const QUIET_FIREFOX = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  // It would ask every page for one, which no strict policy lets through.
  'browser.chrome.site_icons': false,
  'browser.newtabpage.activity-stream.feeds.telemetry': false,
  'browser.region.network.url': '',
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.getAddons.cache.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
};

/** Starts Chromium. Close it in `test.after`. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  return listened(await chromium.launch(await chromiumOptions(options)));
}

/** Chromium with a profile in `folder`: private windows install nothing. Close it. */
export async function openChromium(folder: string): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(folder, await chromiumOptions({}));
  await listen(context);
  return context;
}

/** With every context it opens under watch (`newPage` of a browser opens one too). */
function listened(browser: Browser): Browser {
  const open = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await open(options);
    await listen(context);
    return context;
  };
  return browser;
}

/** As `launchChromium`, with its process at hand: for tests that kill it. */
export async function serveChromium(): Promise<{ server: BrowserServer; browser: Browser }> {
  const server = await chromium.launchServer(await chromiumOptions({}));
  return { server, browser: listened(await chromium.connect(server.wsEndpoint())) };
}

async function chromiumOptions(options: LaunchOptions): Promise<LaunchOptions> {
  const { path, env: extra } = await browserFor('chromium');
  return {
    executablePath: path,
    ...options,
    chromiumSandbox: false, // absent in most containers, and every page here is our own
    args: [...QUIET_CHROMIUM, ...(options.args ?? [])],
    env: { ...(process.env as Record<string, string>), ...extra, ...options.env },
  };
}

/** Starts Firefox, which takes 7 to 17 s on a busy machine: once a file. Close it in `test.after`. */
export async function launchFirefox(options: LaunchOptions = {}): Promise<Browser> {
  const { path, isPlaywrightBuild } = await browserFor('firefox');
  const browser = await firefox.launch({
    timeout: 90_000,
    ...options,
    executablePath: path,
    ...(isPlaywrightBuild ? {} : { channel: 'moz-firefox' }),
    firefoxUserPrefs: { ...QUIET_FIREFOX, ...options.firefoxUserPrefs },
  });
  return listened(browser);
}
