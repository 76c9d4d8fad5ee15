/**
 * What signing, verifying, sealing and opening cost through each of the two suites, in Chromium,
 * beside the primitives they are made of.
 */

import { launchChromium } from '../../test/support/browsers.js';
import { servePage } from '../in-page.js';
import { load, machine, versionOf } from '../machine.js';
import { keep } from '../results.js';
import { ratio, summary } from '../statistics.js';
import { count, table, times } from '../table.js';
import type { Row } from './page.js';

/** Milliseconds a figure is taken over; a signature of the slower suite takes 10. */
const SLICE_MS = 150;

async function run(rounds: number): Promise<{ version: string; rows: Row[] }> {
  const host = await servePage('page.ts', import.meta.url);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(host.url);
    const rows = await page.evaluate(
      async ({ rounds, sliceMs }) => {
        await import(new URL('/suite.js', location.href).href);
        return globalThis.runCrypto(rounds, sliceMs);
      },
      { rounds, sliceMs: SLICE_MS },
    );
    return { version: browser.version(), rows };
  } finally {
    await browser.close();
    await host.close();
  }
}

export async function crypto(rounds: number): Promise<void> {
  const before = load();
  const { version, rows } = await run(rounds);
  const figures = rows.map(({ suite, operation, suitePerS, barePerS }) => ({
    suite,
    operation,
    perS: summary(suitePerS),
    barePerS: summary(barePerS),
    toBare: ratio(suitePerS, barePerS),
  }));
  const head = ['', 'ops/s', 'quartiles', 'bare primitive', 'x bare', '95 %'];
  const lines = figures.map(({ suite, operation, perS, barePerS, toBare }) => [
    `${suite} ${operation}`,
    count(perS.median),
    `${count(perS.q1)}–${count(perS.q3)}`,
    count(barePerS.median),
    times(toBare.paired),
    `${times(toBare.low)}–${times(toBare.high)}`,
  ]);
  console.log(`\none at a time, Chromium ${version}\n\n${table(head, lines)}`);
  keep('crypto', {
    at: new Date().toISOString(),
    machine: machine(),
    browser: version,
    versions: Object.fromEntries(
      ['node-forge', '@noble/curves', 'esbuild'].map((name) => [name, versionOf(name)]),
    ),
    load: before,
    figures,
  });
}
