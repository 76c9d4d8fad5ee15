/**
 * Every attack of relay/evil at every step, in Chromium: its WebSockets, its Web Crypto, its WebRTC.
 * What may come of each is in test/support/evil-cells.ts, and the same for the run in one process.
 * @time-limit 280
 */

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { test } from 'uvu';
import type { SignalKind } from '../../sdk/protocol/signal.js';
import { launchChromium } from '../support/browsers.js';
import type { CellResult } from '../support/evil-cell.js';
import { allCells, type Cell, isHarmless, judge, nameOf, tableOf } from '../support/evil-cells.js';
import { printTable } from '../support/evil-report.js';
import { type ScriptHost, serveScript } from '../support/in-page.js';
import { World } from '../support/people.js';
import type { PageTask } from './pages/evil-matrix.js';

const PAGE = fileURLToPath(new URL('./pages/evil-matrix.ts', import.meta.url));
/** Cells at once: they wait more than they work. */
const AT_ONCE = 14;
/** How much faster time passes: WebRTC keeps its own, and needs some of it where it connects. */
const FAST = 10;
const STEADY = 3;

const cells = allCells();
const results = new Map<string, CellResult>();
const world = new World();
let browser: Browser;
let host: ScriptHost;

/** Cell → what settles when it is over. */
const settlers = new Map<string, (result: CellResult | { fault: string }) => void>();
const outcomes = new Map<string, Promise<CellResult>>();

for (const cell of cells) {
  const name = nameOf(cell);
  const outcome = new Promise<CellResult>((resolve, reject) => {
    settlers.set(name, (result) =>
      'fault' in result ? reject(new Error(`${name}: ${result.fault}`)) : resolve(result),
    );
  });
  outcome.catch(() => undefined);
  outcomes.set(name, outcome);
}

test.before(async () => {
  browser = await launchChromium();
  host = await serveScript(await bundled());
  const page = await browser.newPage();
  await page.exposeFunction('tellKind', (name: string, kind: SignalKind) => {
    world.kinds.note(name, kind);
  });
  const tasks = await Promise.all(cells.map(taskOf));
  await page.exposeFunction(
    'tellResult',
    (result: CellResult | { name: string; fault: string }) => {
      settlers.get(result.name)?.(result);
    },
  );
  await page.goto(host.url);
  await page.evaluate(() => import(new URL('/suite.js', location.href).href));
  void run(page, tasks);
});

test.after(async () => {
  printTable('Every attack at every step, in Chromium:', tableOf(cells, results));
  await browser?.close();
  await host?.close();
  await world.close();
});

async function run(page: Page, tasks: PageTask[]): Promise<void> {
  const fail = (fault: unknown) => {
    for (const settle of settlers.values()) settle({ fault: String(fault) });
  };
  await page
    .evaluate(([given, atOnce]) => globalThis.runCells(given, atOnce), [tasks, AT_ONCE] as const)
    .catch(fail);
}

async function taskOf(cell: Cell): Promise<PageTask> {
  const isMeant = (sealed: Uint8Array) =>
    cell.kind === null || world.kinds.of(sealed) === cell.kind;
  const [evil, honest] = await Promise.all([
    world.relay({ evil: [cell.order], isMeant, isHurried: false }),
    world.relay(),
  ]);
  const speed = isHarmless(cell) ? STEADY : FAST;
  return { name: nameOf(cell), step: cell.step, evil: evil.url, honest: honest.url, speed };
}

async function bundled(): Promise<string> {
  const result = await build({
    entryPoints: [PAGE],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
  });
  return result.outputFiles[0]?.text ?? '';
}

for (const cell of cells) {
  test(nameOf(cell), async () => {
    const result = (await outcomes.get(nameOf(cell))) as CellResult;
    results.set(nameOf(cell), result);
    judge(cell, result);
  });
}

test.run();
