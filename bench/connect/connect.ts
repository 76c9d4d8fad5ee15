/**
 * Time from a cold page to its first message on the other side, pim beside its peers: the
 * contestants take turns within each round, so that what disturbs one disturbs all.
 */

import { load, machine, ownVersion, versionOf } from '../machine.js';
import { keep } from '../results.js';
import { ratio, summary } from '../statistics.js';
import { ms, table, times } from '../table.js';
import { openBrowser, temporaryFolder } from './browser.js';
import { bundle, bundleTrace, type ContestantEntry, contestants, pimFrom } from './contestants.js';
import { type SenderRole, type Timing, takeSample, type Visit } from './sample.js';
import { startServers } from './servers.js';

export interface ConnectOptions {
  readonly rounds: number;
  /** Names to measure; empty for all. */
  readonly only: readonly string[];
  readonly isTraced: boolean;
}

export interface Round {
  readonly role: SenderRole;
  readonly load: ReturnType<typeof load>;
  readonly samples: Readonly<Record<string, readonly Timing[] | null>>;
}

export interface Measured {
  readonly entries: readonly ContestantEntry[];
  readonly browser: string;
  readonly rounds: readonly Round[];
}

const TITLES = {
  fromScript: 'cold page (first inline script) to message shown',
  fromSend: 'asked to send to message shown',
  busy: 'main thread of the cold page, CPU time until then',
} as const;

/** Every contestant in every round; a sample that fails is left out and told. */
export async function measure(options: ConnectOptions): Promise<Measured> {
  const entries = contestants().filter(
    ({ name }) => options.only.length === 0 || options.only.includes(name),
  );
  const folder = temporaryFolder('pages');
  await bundleTrace(folder.path);
  const starting = await Promise.all(
    entries.map(async (each) => [each.name, await bundle(each, folder.path)] as const),
  );
  const servers = await startServers(folder.path, Object.fromEntries(starting));
  const browser = await openBrowser();
  const { context } = browser;
  const rounds: Round[] = [];
  try {
    // The round before the first is for the browser to come to rest, and is not counted.
    for (let i = -1; i < options.rounds; i++) {
      const role: SenderRole = i % 2 === 0 ? 'low' : 'high';
      const conditions = { context, urls: servers.urls, role, isTraced: options.isTraced };
      const samples: Record<string, readonly Timing[] | null> = {};
      const before = load();
      for (const entry of turn(entries, i)) {
        samples[entry.name] = await takeSample(entry, conditions).catch((fault: unknown) => {
          console.error(`bench: ${entry.name}, round ${i + 1}: ${String(fault)}`);
          return null;
        });
      }
      if (i >= 0) rounds.push({ role, load: before, samples });
      process.stderr.write(`\rbench: round ${i + 1} of ${options.rounds}`);
    }
    process.stderr.write('\n');
  } finally {
    await browser.close();
    servers.stop();
    folder.clear();
  }
  return { entries, browser: browser.version, rounds };
}

/** Nobody is always first. */
function turn<Item>(items: readonly Item[], by: number): Item[] {
  const at = ((by % items.length) + items.length) % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

type Clock = 'fromNavigation' | 'fromScript' | 'fromSend' | 'busy';

/** One figure a round, NaN where a round has none. */
function series(rounds: readonly Round[], name: string, visit: Visit, clock: Clock): number[] {
  return rounds.map(({ samples }) => {
    const timing = samples[name]?.find((each) => each.visit === visit);
    return timing?.[clock] ?? Number.NaN;
  });
}

function figures(measured: Measured, visit: Visit, clock: Clock) {
  const base = series(measured.rounds, 'bare', visit, clock);
  return measured.entries.map(({ name, label }) => {
    const values = series(measured.rounds, name, visit, clock);
    const usable = values.filter(Number.isFinite);
    return {
      name,
      label,
      ...summary(usable),
      toBare: ratio(values, base),
    };
  });
}

function print(title: string, rows: ReturnType<typeof figures>): void {
  const head = ['', 'n', 'median ms', 'quartiles', 'min–max', 'x bare', 'paired', '95 %'];
  const lines = rows.map(({ label, n, median, q1, q3, min, max, toBare }) => [
    label,
    String(n),
    ms(median),
    `${ms(q1)}–${ms(q3)}`,
    `${ms(min)}–${ms(max)}`,
    times(toBare.ofMedians),
    times(toBare.paired),
    `${times(toBare.low)}–${times(toBare.high)}`,
  ]);
  console.log(`\n${title}\n\n${table(head, lines)}`);
}

export async function connect(options: Omit<ConnectOptions, 'isTraced'>): Promise<void> {
  const measured = await measure({ ...options, isTraced: false });
  const { rounds, entries } = measured;
  const result: Record<string, Record<string, ReturnType<typeof figures>>> = {};
  for (const visit of ['later', 'first'] as const) {
    result[visit] = {};
    for (const clock of ['fromScript', 'fromSend', 'busy', 'fromNavigation'] as const) {
      const rows = figures(measured, visit, clock);
      result[visit][clock] = rows;
      if (clock !== 'fromNavigation') print(`${visit} visit, ${TITLES[clock]}`, rows);
    }
  }
  const skew = rounds.flatMap(({ samples }) =>
    Object.values(samples).flatMap((timings) =>
      (timings ?? []).map((each) => Math.max(0, Math.abs(each.skew) - each.skewGive)),
    ),
  );
  const maxSkewMs = Math.max(0, ...skew);
  const loads = summary(rounds.map((round) => round.load.loadAverage));
  const spins = summary(rounds.map((round) => round.load.spinMs));
  console.log(
    `\nload average ${times(loads.median)} (${times(loads.min)}–${times(loads.max)}), ` +
      `spin ${ms(spins.median)} ms (${ms(spins.min)}–${ms(spins.max)}), ` +
      `clocks of the two pages apart by at most ${maxSkewMs.toFixed(2)} ms more than measurable`,
  );
  keep('connect', {
    at: new Date().toISOString(),
    machine: machine(),
    browser: measured.browser,
    versions: {
      pim: `${ownVersion()} (${pimFrom().includes('/dist/') ? 'dist' : 'sources'})`,
      ...Object.fromEntries(
        [...entries.flatMap((entry) => entry.packages), 'ws', 'esbuild', 'playwright-core'].map(
          (name) => [name, versionOf(name)],
        ),
      ),
    },
    load: { loadAverage: loads, spinMs: spins },
    maxSkewMs,
    figures: result,
    rounds: rounds.map(({ role, load: at, samples }) => ({
      role,
      load: at,
      samples: Object.fromEntries(
        Object.entries(samples).map(([name, timings]) => [
          name,
          timings?.map(({ steps: _, ...timing }) => timing) ?? null,
        ]),
      ),
    })),
  });
}
