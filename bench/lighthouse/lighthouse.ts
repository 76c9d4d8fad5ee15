/**
 * What Lighthouse says of examples/personal-site with the two lines of the chat and without them: a
 * page should score the same. Each on a server of its own, the script from a relay beside it, taking
 * turns; the score of a category is the median of its runs.
 */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { browserFor } from '../../test/support/find-browser.js';
import { startRelay } from '../../test/support/relay-command.js';
import { type SiteServer, serveSite } from '../../test/support/site.js';
import { load, machine } from '../machine.js';
import { keep } from '../results.js';
import { quantile } from '../statistics.js';
import { table } from '../table.js';

/** 185 MB with what it needs, so that npx fetches it for this bench alone. 13 asks for Node 22. */
const LIGHTHOUSE = 'lighthouse@12.8.2';
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
/** Milliseconds for one run, with the download of the first. */
const LIMIT_MS = 240_000;
const SITE = new URL('../../examples/personal-site/', import.meta.url);
/** From the comment above them to the end of the element. */
const SNIPPET = /\n\s*<!-- The whole of pim[\s\S]*?<\/pim-chat>/;

type Category = (typeof CATEGORIES)[number];
type Scores = Readonly<Record<Category, number>>;

interface Report {
  readonly lighthouseVersion: string;
  readonly categories: Readonly<Record<Category, { readonly score: number }>>;
  readonly audits: Readonly<Record<string, { readonly numericValue?: number }>>;
}

interface Run {
  readonly scores: Scores;
  /** Milliseconds, as Lighthouse simulates a slow phone. */
  readonly largestPaintMs: number;
  readonly blockedMs: number;
  readonly bytes: number;
  readonly version: string;
}

function serve(page: string): Promise<SiteServer> {
  const style = readFileSync(new URL('style.css', SITE));
  return serveSite((path) => {
    if (path === '/') return { type: 'text/html; charset=utf-8', body: page };
    if (path === '/robots.txt') return { type: 'text/plain', body: 'User-agent: *\nAllow: /\n' };
    return path === '/style.css' ? { type: 'text/css', body: style } : null;
  });
}

async function judge(url: string, browser: string): Promise<Run> {
  const flags = '--headless=new --no-sandbox --disable-dev-shm-usage';
  const args = ['--yes', LIGHTHOUSE, url, '--output=json', '--quiet', `--chrome-flags=${flags}`];
  const child = spawn('npx', [...args, `--only-categories=${CATEGORIES.join()}`], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, CHROME_PATH: browser },
    timeout: LIMIT_MS,
  });
  let said = '';
  for await (const part of child.stdout) said += part;
  const { categories, audits, lighthouseVersion } = JSON.parse(said) as Report;
  const scores = CATEGORIES.map((name) => [name, Math.round(categories[name].score * 100)]);
  return {
    scores: Object.fromEntries(scores) as Scores,
    largestPaintMs: audits['largest-contentful-paint']?.numericValue ?? Number.NaN,
    blockedMs: audits['total-blocking-time']?.numericValue ?? Number.NaN,
    bytes: audits['total-byte-weight']?.numericValue ?? Number.NaN,
    version: lighthouseVersion,
  };
}

function middle(runs: readonly Run[]) {
  const of = (value: (run: Run) => number): number => quantile(runs.map(value), 0.5);
  const scores = CATEGORIES.map((name) => [name, of((run) => run.scores[name])]);
  return {
    scores: Object.fromEntries(scores) as Scores,
    largestPaintMs: of((run) => run.largestPaintMs),
    blockedMs: of((run) => run.blockedMs),
    bytes: of((run) => run.bytes),
  };
}

/** @param rounds runs of each page */
export async function lighthouse(rounds: number): Promise<void> {
  const before = load();
  const { path: browser } = await browserFor('chromium');
  const { url, relay } = await startRelay();
  const page = readFileSync(new URL('index.html', SITE), 'utf8');
  const script = new URL('/pim-chat.js', url).href;
  if (!SNIPPET.test(page)) throw new Error('the example has no snippet to leave out');
  const sites = [
    await serve(page.replace(SNIPPET, '')),
    await serve(page.replace('src="/pim-chat.js"', `src="${script}"`)),
  ];
  const runs: [Run[], Run[]] = [[], []];
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const which of [0, 1] as const) {
        runs[which].push(await judge(`${sites[which]?.origin}/`, browser));
      }
    }
  } finally {
    for (const site of sites) site.close();
    relay.removeAllListeners('exit');
    relay.kill();
  }
  const [without, withChat] = [middle(runs[0]), middle(runs[1])];
  const version = runs[0][0]?.version ?? '';
  const row = (name: string, { scores, largestPaintMs, blockedMs, bytes }: typeof without) => [
    name,
    ...CATEGORIES.map((each) => String(scores[each])),
    largestPaintMs.toFixed(0),
    blockedMs.toFixed(0),
    bytes.toFixed(0),
  ];
  console.log(`\nLighthouse ${version}, ${rounds} runs each\n`);
  const head = ['page', ...CATEGORIES, 'largest paint, ms', 'blocked, ms', 'bytes'];
  console.log(table(head, [row('without the chat', without), row('with the chat', withChat)]));
  keep('lighthouse', {
    at: new Date().toISOString(),
    machine: machine(),
    load: before,
    lighthouse: version,
    rounds,
    without,
    with: withChat,
  });
}
