/**
 * What it costs to be one relay of several processes: the same traffic through one relay, through one
 * that also publishes everything, and from one process to another over NATS; and the memory of a key
 * that is listened for.
 */

import { execFileSync } from 'node:child_process';
import { Nats } from '../../test/support/nats.js';
import { load, machine, ownVersion, versionOf } from '../machine.js';
import type { GeneratorCalls } from '../relay/generator.js';
import { bundle, type Process, start } from '../relay/processes.js';
import { PAIRS } from '../relay/samples.js';
import type { ServerCalls } from '../relay/server.js';
import { keep } from '../results.js';
import { quantile, ratio, summary } from '../statistics.js';
import { count, ms, table, times } from '../table.js';

const WARM_MS = 1_000;
const RUN_MS = 3_000;
/** Messages a second at which latencies are taken: low, so that no way has to queue them. */
const PACE_PER_S = 500;
const KEYS = 4_000;
const KIB = 1_024;

/** Ways a message may take. */
const WAYS = ['one relay', 'one of several', 'two of several'] as const;
type Way = (typeof WAYS)[number];

interface Sample {
  readonly perS: number;
  /** Of all relays of the way together; the NATS server's is not in it. */
  readonly perCpuS: number;
  readonly latencies: readonly number[];
}

/** The relays of one way, on `nats` where there are several, and a generator, for `use`. */
async function along<T>(
  way: Way,
  nats: Nats,
  use: (
    servers: readonly Process<ServerCalls>[],
    generator: Process<GeneratorCalls>,
    ports: { readonly port: number; readonly otherPort: number },
  ) => Promise<T>,
): Promise<T> {
  const args = way === 'one relay' ? [] : [nats.url];
  const number = way === 'two of several' ? 2 : 1;
  const servers = Array.from({ length: number }, () =>
    start<ServerCalls>('server', 'pim', ...args),
  );
  const generator = start<GeneratorCalls>('generator');
  try {
    const [port = 0, otherPort = port] = await Promise.all(
      servers.map((server) => server.call('listen')),
    );
    return await use(servers, generator, { port, otherPort });
  } finally {
    await generator.stop();
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function sample(way: Way, nats: Nats): Promise<Sample> {
  return along(way, nats, async (servers, generator, ports) => {
    const clients = { name: 'pim', from: '127.0.0.1', count: 2 * PAIRS } as const;
    await generator.call('connect', { ...clients, ...ports });
    const cpu = async () => {
      const all = await Promise.all(servers.map((server) => server.call('cpu')));
      return all.reduce((sum, each) => sum + each, 0);
    };
    await generator.call('saturate', { ms: WARM_MS });
    const before = await cpu();
    const run = await generator.call('saturate', { ms: RUN_MS });
    const cpuMs = (await cpu()) - before;
    await generator.call('pace', { perS: PACE_PER_S, ms: WARM_MS });
    const { latencies } = await generator.call('pace', { perS: PACE_PER_S, ms: RUN_MS });
    const perS = (run.count / run.ms) * 1_000;
    return { perS, perCpuS: (run.count / cpuMs) * 1_000, latencies };
  });
}

/** Bytes of the process for each of KEYS connected keys. */
async function perKey(way: Way, nats: Nats): Promise<number> {
  return along(way, nats, async ([server], generator, ports) => {
    if (server === undefined) throw new Error('no relay');
    const clients = { name: 'pim', from: '127.0.0.1' } as const;
    await generator.call('connect', { ...clients, ...ports, count: 200 });
    const before = await server.call('usage');
    await generator.call('connect', { ...clients, ...ports, count: KEYS });
    return ((await server.call('usage')).rss - before.rss) / KEYS;
  });
}

export async function relayNats(rounds: number): Promise<void> {
  await bundle('server', 'generator');
  const began = load();
  const samples: Record<Way, Sample[]> = {
    'one relay': [],
    'one of several': [],
    'two of several': [],
  };
  const nats = await Nats.start();
  const memory: Partial<Record<Way, number>> = {};
  try {
    for (let round = 0; round < rounds; round++) {
      for (const way of WAYS) samples[way].push(await sample(way, nats));
    }
    for (const way of ['one relay', 'one of several'] as const) {
      memory[way] = await perKey(way, nats);
    }
  } finally {
    await nats.end();
  }
  const of = (way: Way, field: 'perS' | 'perCpuS') => samples[way].map((each) => each[field]);
  const all = (way: Way) => samples[way].flatMap(({ latencies }) => latencies);
  const rows = WAYS.map((way) => [
    way,
    count(summary(of(way, 'perS')).median),
    times(ratio(of(way, 'perS'), of('one relay', 'perS')).paired),
    count(summary(of(way, 'perCpuS')).median),
    times(ratio(of(way, 'perCpuS'), of('one relay', 'perCpuS')).paired),
    ms(quantile(all(way), 0.5)),
    ms(quantile(all(way), 0.99)),
    memory[way] === undefined ? '–' : count((memory[way] as number) / KIB),
  ]);
  const head = [
    '1 KB messages',
    '/s',
    'x one',
    '/s of cpu',
    'x one',
    'p50 ms',
    'p99 ms',
    'KiB a key',
  ];
  console.log(`\n${table(head, rows)}\n(latencies at ${PACE_PER_S}/s)`);
  keep('relay-nats', {
    machine: machine(),
    load: { began, ended: load() },
    versions: {
      'pim-chat': ownVersion(),
      '@nats-io/transport-node': versionOf('@nats-io/transport-node'),
      'nats-server': natsVersion(),
      ws: versionOf('ws'),
    },
    pairs: PAIRS,
    rounds,
    pacePerS: PACE_PER_S,
    keys: KEYS,
    ways: WAYS.map((way) => ({
      way,
      perS: of(way, 'perS'),
      perCpuS: of(way, 'perCpuS'),
      received: all(way).length,
      p50: quantile(all(way), 0.5),
      p99: quantile(all(way), 0.99),
      ...(memory[way] === undefined ? {} : { bytesPerKey: memory[way] }),
    })),
  });
}

function natsVersion(): string {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` };
  const said = execFileSync('nats-server', ['--version'], { env, encoding: 'utf8' });
  return /v([\d.]+)/.exec(said)?.[1] ?? 'unknown';
}
