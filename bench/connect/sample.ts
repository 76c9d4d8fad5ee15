/**
 * One sample: somebody is online; somebody else opens a page that has never been opened before and
 * writes at once (first visit), leaves, and does so again (later visit).
 */

import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { clockOf, originOf } from './browser.js';
import type { ContestantEntry } from './contestants.js';
import type { Task } from './pages/page.js';
import type { Step } from './pages/trace.js';
import type { Urls } from './servers.js';

export type Visit = 'first' | 'later';

/** Which of the two has the lower key: pim's lower key makes the offer. */
export type SenderRole = 'low' | 'high';

export interface Timing {
  readonly visit: Visit;
  /** Milliseconds from … until the message handler of the other side ran with the message. */
  readonly fromNavigation: number;
  readonly fromScript: number;
  readonly fromSend: number;
  /** From the call of `pim.send()` itself; null for the others. */
  readonly fromCall: number | null;
  /** Milliseconds of a core that the main thread of the sender's page took until then. */
  readonly busy: number;
  /** By how much the two clocks seemed to differ (not corrected), and how far that may be wrong. */
  readonly skew: number;
  readonly skewGive: number;
  /** Steps of both sides in milliseconds from the sender's navigation, where they were traced. */
  readonly steps: readonly (Step & { readonly side: 'sender' | 'answerer' })[];
}

export interface Conditions {
  readonly context: BrowserContext;
  readonly urls: Urls;
  readonly role: SenderRole;
  readonly isTraced: boolean;
}

/** Milliseconds. Whoever answers has come to rest, and has noticed that the first visit is over. */
const SETTLE_MS = 700;
const LIMIT_MS = 30_000;
/** PKCS#8 of an Ed25519 seed, RFC 8410 §7. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

const publicKey = (seed: Buffer): Buffer => {
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
};

/** Two seeds, the sender's key being the lower or the higher one. */
export function seeds(role: SenderRole): { sender: string; answerer: string } {
  const [low, high] = [randomBytes(32), randomBytes(32)].sort((a, b) =>
    publicKey(a).compare(publicKey(b)),
  ) as [Buffer, Buffer];
  const [sender, answerer] = role === 'low' ? [low, high] : [high, low];
  return { sender: sender.toString('hex'), answerer: answerer.toString('hex') };
}

export async function takeSample(entry: ContestantEntry, conditions: Conditions) {
  const { context, urls, role } = conditions;
  const name = createHash('sha256').update(randomBytes(8)).digest('hex').slice(0, 8);
  const keys = seeds(role);
  const address = (person: string, task: Omit<Task, 'server'>) => {
    const query = encodeURIComponent(JSON.stringify({ ...task, server: urls[entry.server] }));
    const page = conditions.isTraced ? `${entry.name}.traced` : entry.name;
    return `${originOf(urls.pages, `${person}-${name}`)}/${page}.html?${query}`;
  };
  const answerer = await context.newPage();
  const timings: Timing[] = [];
  try {
    const task = {
      role: 'answer',
      seed: keys.answerer,
      visit: `b-${name}`,
      to: '',
      text: '',
    } as const;
    await answerer.goto(address('b', task));
    const to = await limited(answerer.evaluate(() => globalThis.bench.ready));
    await wait(SETTLE_MS);
    for (const visit of ['first', 'later'] as const) {
      const text = `${entry.name} ${visit} ${name}`;
      const from = {
        role: 'send',
        seed: keys.sender,
        visit: `a-${visit}-${name}`,
        to,
        text,
      } as const;
      const page = await context.newPage();
      try {
        timings.push(await time(visit, page, answerer, address('a', from), text));
        await page.goto('about:blank');
      } finally {
        await page.close();
      }
      await wait(SETTLE_MS);
    }
  } finally {
    await answerer.close();
  }
  return timings;
}

async function time(
  visit: Visit,
  page: Page,
  answerer: Page,
  url: string,
  text: string,
): Promise<Timing> {
  // Asked for before, so that nothing but the message wakes the answering page up.
  const shown = answerer.evaluate(async (wanted) => {
    const { at } = await globalThis.bench.shown(wanted);
    return performance.timeOrigin + at;
  }, text);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(url, { waitUntil: 'commit' });
  const at = await limited(shown);
  const { metrics } = await devtools.send('Performance.getMetrics');
  const busy = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  await devtools.detach();
  const { origin, startedAt, sentAt, calledAt } = await page.evaluate(() => {
    const { startedAt, sentAt, calledAt } = globalThis.bench;
    return { origin: performance.timeOrigin, startedAt, sentAt, calledAt };
  });
  const clocks = [await clockOf(answerer), await clockOf(page)] as const;
  const whole = at - origin;
  return {
    visit,
    fromNavigation: whole,
    fromScript: whole - startedAt,
    fromSend: whole - sentAt,
    fromCall: calledAt === null ? null : whole - calledAt,
    busy: busy * 1000,
    skew: clocks[0].ahead - clocks[1].ahead,
    skewGive: clocks[0].give + clocks[1].give,
    steps: [
      ...(await stepsOf(page, origin)).map((step) => ({ ...step, side: 'sender' as const })),
      ...(await stepsOf(answerer, origin)).map((step) => ({ ...step, side: 'answerer' as const })),
    ].sort((a, b) => a.at - b.at),
  };
}

/** What the page noted, in milliseconds from `origin`, and forgets. */
async function stepsOf(page: Page, origin: number): Promise<Step[]> {
  const steps = await page.evaluate(() => {
    const noted = globalThis.benchSteps?.splice(0);
    if (noted === undefined) return [];
    const loaded = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const fetched = loaded
      .filter(({ name }) => name.endsWith('.js') && !name.endsWith('trace.js'))
      .map(({ responseEnd }) => ({ name: 'fetched', at: responseEnd }));
    const start = { name: 'inline script', at: globalThis.bench.startedAt };
    return [start, ...fetched, ...noted].map((step) => ({
      ...step,
      at: performance.timeOrigin + step.at,
    }));
  });
  return steps.map((step) => ({ ...step, at: step.at - origin })).filter(({ at }) => at >= 0);
}

async function limited<Value>(value: Promise<Value>): Promise<Value> {
  const late = wait(LIMIT_MS, null, { ref: false }).then(() => {
    throw new Error(`nothing was shown within ${LIMIT_MS / 1000} s`);
  });
  return Promise.race([value, late]);
}
