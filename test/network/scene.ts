/** What the tests of networks share: a town, the page, and people in browsers of their own hosts. */

import type { Browser } from 'playwright-core';
import { createRelay, type Relay, type RelayOptions } from '../../relay/index.js';
import { type BrowserOptions, BrowserPerson, serveSdk } from '../browser/journeys-driver.js';
import { arrived, connected } from '../journeys/steps.js';
import { launchChromium } from '../support/browsers.js';
import { browserFor } from '../support/find-browser.js';
import type { ScriptHost } from '../support/in-page.js';
import { type Host, Town } from '../support/namespaces.js';
import { freePort } from '../support/service.js';

export class Scene {
  readonly town: Town;
  readonly #page: ScriptHost;
  readonly #browsers: Browser[] = [];
  readonly #relays: Relay[] = [];

  private constructor(town: Town, page: ScriptHost) {
    this.town = town;
    this.#page = page;
  }

  static async set(): Promise<Scene> {
    const town = await Town.found();
    return new Scene(town, await serveSdk([`ws://${town.address}:*`]));
  }

  /** A relay that all hosts reach. @returns its URL */
  async relay(options: RelayOptions = {}): Promise<string> {
    const { address } = this.town;
    const port = await freePort(address);
    const url = `ws://${address}:${port}`;
    const relay = createRelay({ ...options, host: address, port, origins: [url], files: false });
    await relay.listen();
    this.#relays.push(relay);
    return url;
  }

  async person(name: string, host: Host, options: BrowserOptions): Promise<BrowserPerson> {
    const { path } = await browserFor('chromium');
    const browser = await launchChromium({ executablePath: await host.wrapper(path) });
    this.#browsers.push(browser);
    const context = await browser.newContext();
    // The page comes from this process, under a loopback name that browsers trust.
    await context.route(`${this.#page.url}**`, async (route) => {
      const response = await fetch(route.request().url());
      const headers = Object.fromEntries(response.headers);
      await route.fulfill({ headers, body: await response.text() });
    });
    const given = { ...options, allowInsecure: true };
    const person = new BrowserPerson(name, given, context, this.#page.url);
    await person.visit();
    return person;
  }

  async strike(): Promise<void> {
    for (const browser of this.#browsers) await browser.close();
    for (const relay of this.#relays) await relay.close();
    await this.#page.close();
    await this.town.raze();
  }
}

/** Ann asks Bob, who accepts; whether they connect is another matter. */
export async function acquaint(ann: BrowserPerson, bob: BrowserPerson): Promise<void> {
  await bob.sees('relay', (event) => event.state === 'online');
  await ann.ask('send', bob.address, 'hello');
  await bob.sees('request');
  await bob.ask('contacts.accept', ann.address);
}

export async function befriend(ann: BrowserPerson, bob: BrowserPerson): Promise<void> {
  await acquaint(ann, bob);
  await Promise.all([connected(ann, bob), arrived(bob, 'hello')]);
}
