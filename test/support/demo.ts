/** The demo page as it is built, from a relay of this process that offers its attacks. */

import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { hostile, lab } from '../../relay/evil/index.js';
import { createRelay, type Relay } from '../../relay/index.js';
import { builtDist } from './dist.js';
import { givePolicies } from './page-policies.mjs';
import { relayPages } from './relay-pages.js';

// The relay is of this process.
givePolicies(relayPages());

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

/** Listens; the caller closes it. @param hasLab false: as a relay in earnest */
export async function demoRelay(hasLab = true): Promise<Relay> {
  const relay = createRelay({
    port: 0,
    host: '127.0.0.1',
    files: { dist: await builtDist(), examples: EXAMPLES },
    ...(hasLab ? { seams: { hostility: lab((names) => hostile(names)) } } : {}),
  });
  await relay.listen();
  return relay;
}

/** Picks what the relay does and waits until the page says what came of it. */
export async function pick(page: Page, title: string, outcome: RegExp): Promise<string> {
  await page.getByRole('radio', { name: title, exact: true }).check({ force: true });
  const state = page.locator('#lab-state').filter({ hasText: outcome });
  await state.waitFor({ timeout: 60_000 });
  return (await state.textContent()) ?? '';
}
