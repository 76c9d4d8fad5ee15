/** The relay beside a bare `ws` forwarder and peerjs-server: rate, memory, logins, latency. */

import { load, machine, ownVersion, versionOf } from '../machine.js';
import { keep } from '../results.js';
import { quantile, ratio, summary } from '../statistics.js';
import { count, ms, table, times } from '../table.js';
import type { ContestantName } from './contestants.js';
import { bundle } from './processes.js';
import {
  type Churn,
  churn,
  held,
  type Idle,
  idle,
  latency,
  PAIRS,
  rate,
  type Sample,
  storm,
  verifications,
} from './samples.js';

const NAMES: readonly ContestantName[] = ['bare', 'peer', 'pim'];
/** Connections whose memory is measured, and those that are held at the end. */
const IDLE = 8_000;
const HELD = 20_000;
/** Clients of a relay that is killed, how long it is away, and how long they are waited for. */
const STORM = 10_000;
const AWAY_MS = 1_500;
const STORM_LIMIT_MS = 120_000;

/** What the targets of the relay are held against. */
interface Targets {
  readonly [name: string]: { readonly measured: number; readonly target: string };
}

export async function relay(rounds: number, only: readonly string[]): Promise<void> {
  await bundle('server', 'generator');
  const wants = (part: string) => only.length === 0 || only.includes(part);
  const began = load();
  const targets: Record<string, Targets[string]> = {};
  const result: Record<string, unknown> = {};
  if (wants('rate')) Object.assign(result, { rate: await rates(rounds, targets) });
  if (wants('latency')) Object.assign(result, { latency: await latencies(rounds) });
  if (wants('logins')) Object.assign(result, { logins: await logins(rounds, targets) });
  if (wants('idle')) Object.assign(result, { idle: await memory(Math.min(rounds, 3), targets) });
  if (wants('held')) {
    const kept = await held(HELD);
    console.log(
      `\n${kept.connections} of ${HELD} idle connections held by ${kept.processes} relay process(es) for ${kept.afterMs / 1000} s`,
    );
    Object.assign(result, { held: kept });
  }
  if (wants('storm')) Object.assign(result, { storm: await restart() });
  const rows = Object.entries(targets).map(([name, { measured, target }]) => [
    name,
    times(measured),
    target,
  ]);
  console.log(`\n${table(['target', 'measured', 'wanted'], rows)}`);
  keep('relay', {
    machine: machine(),
    load: { began, ended: load() },
    versions: { 'pim-chat': ownVersion(), ws: versionOf('ws'), peer: versionOf('peer') },
    pairs: PAIRS,
    rounds,
    ...result,
    targets,
  });
}

async function restart() {
  const { backMs, busiest, clients, cpuMs } = await storm(STORM, AWAY_MS, STORM_LIMIT_MS);
  const seconds = (value: number) => `${(value / 1000).toFixed(1)} s`;
  console.log(
    `\n${backMs.length} of ${clients} clients of a relay that was killed and away for ${seconds(AWAY_MS)} are back: ` +
      `half after ${seconds(quantile(backMs, 0.5))}, the last after ${seconds(quantile(backMs, 1))}; ` +
      `${busiest} in the busiest 100 ms; ${seconds(cpuMs)} of the relay's processor time`,
  );
  const shares = [0.01, 0.25, 0.5, 0.75, 0.99, 1];
  const back = Object.fromEntries(shares.map((share) => [share, quantile(backMs, share)]));
  return { clients, awayMs: AWAY_MS, returned: backMs.length, back, busiest, cpuMs };
}

/** Contestants take turns within a round, so what disturbs one disturbs all. */
async function turns<T>(rounds: number, sample: (name: ContestantName) => Promise<T>) {
  const samples: Record<ContestantName, T[]> = { bare: [], peer: [], pim: [] };
  for (let round = 0; round < rounds; round++) {
    for (const name of NAMES) samples[name].push(await sample(name));
  }
  return samples;
}

async function rates(rounds: number, targets: Record<string, Targets[string]>) {
  const samples = await turns(rounds, rate);
  const of = (name: ContestantName, field: keyof Sample) =>
    samples[name].map((each) => each[field]);
  const rows = NAMES.map((name) => [
    name,
    count(summary(of(name, 'perS')).median),
    times(ratio(of(name, 'perS'), of('bare', 'perS')).paired),
    count(summary(of(name, 'perCpuS')).median),
    times(ratio(of(name, 'perCpuS'), of('bare', 'perCpuS')).paired),
    times(summary(of(name, 'serverCpu')).median),
    times(summary(of(name, 'generatorCpu')).median),
  ]);
  const head = [
    '1 KB messages',
    '/s',
    'x bare',
    '/s of its cpu',
    'x bare',
    'its cpu',
    "generator's",
  ];
  console.log(`\n${table(head, rows)}`);
  for (const field of ['perS', 'perCpuS'] as const) {
    const unit = field === 'perS' ? '' : ', per second of cpu';
    targets[`messages, x bare ws${unit}`] = {
      measured: ratio(of('pim', field), of('bare', field)).paired,
      target: '>= 0.85',
    };
    targets[`messages, x peerjs-server${unit}`] = {
      measured: ratio(of('pim', field), of('peer', field)).paired,
      target: '>= 1.5',
    };
  }
  return samples;
}

async function latencies(rounds: number) {
  const perS = (await rate('peer')).perS / 2;
  const samples = await turns(rounds, (name) => latency(name, perS));
  const merged = (name: ContestantName) => samples[name].flat();
  const rows = NAMES.map((name) => [
    name,
    ms(quantile(merged(name), 0.5)),
    ms(quantile(merged(name), 0.99)),
    ms(summary(samples[name].map((each) => quantile(each, 0.99))).median),
  ]);
  const head = [`ms at ${Math.round(perS)}/s`, 'p50', 'p99', 'median p99 of a round'];
  console.log(`\n${table(head, rows)}\n(half of what peerjs-server takes at most)`);
  return {
    perS,
    ...Object.fromEntries(
      NAMES.map((name) => [
        name,
        { p50: quantile(merged(name), 0.5), p99: quantile(merged(name), 0.99) },
      ]),
    ),
  };
}

async function logins(rounds: number, targets: Record<string, Targets[string]>) {
  const samples: { verify: number; bare: Churn; checking: Churn; pim: Churn }[] = [];
  for (let round = 0; round < rounds; round++) {
    samples.push({
      verify: verifications(),
      bare: await churn('bare'),
      checking: await churn('bare', 'checking'),
      pim: await churn('pim'),
    });
  }
  const median = (of: (sample: (typeof samples)[number]) => number) =>
    summary(samples.map(of)).median;
  const added = ({ verify, bare }: (typeof samples)[number]) => 1 / (1 / verify + 1 / bare.perCpuS);
  const rows = [
    ['verify alone', count(median(({ verify }) => verify))],
    ['bare accept and end', count(median(({ bare }) => bare.perCpuS))],
    ['the two, added up', count(median(added))],
    ['bare accept, verify and end', count(median(({ checking }) => checking.perCpuS))],
    ['login and end', count(median(({ pim }) => pim.perCpuS))],
  ];
  console.log(`\n${table(['per second of cpu', 'median'], rows)}`);
  const sum = median((sample) => sample.pim.perCpuS / added(sample));
  console.log(`\nlogins, x the two added up: ${times(sum)}`);
  targets['logins, x verify and bare accept'] = {
    measured: median(({ pim, checking }) => pim.perCpuS / checking.perCpuS),
    target: '>= 0.7',
  };
  return samples;
}

async function memory(rounds: number, targets: Record<string, Targets[string]>) {
  const samples = await turns(rounds, (name) => idle(name, IDLE));
  const median = (name: ContestantName, field: keyof Idle) =>
    summary(samples[name].map((each) => each[field])).median;
  const rows = NAMES.map((name) => [
    name,
    times(median(name, 'rssKib')),
    times(median(name, 'rssKib') / median('bare', 'rssKib')),
    times(median(name, 'heapKib')),
    times(median(name, 'heapKib') / median('bare', 'heapKib')),
  ]);
  const head = [`KiB each, of ${IDLE} idle`, 'RSS', 'x bare', 'heap', 'x bare'];
  console.log(`\n${table(head, rows)}`);
  targets['memory of an idle connection, x bare ws'] = {
    measured: median('pim', 'rssKib') / median('bare', 'rssKib'),
    target: '<= 1.3',
  };
  return samples;
}
