/** One measurement of one server: each with a server and a generator of its own. */

import type { ContestantName } from './contestants.js';
import type { GeneratorCalls } from './generator.js';
import { type Process, start } from './processes.js';
import type { ServerCalls, ServerName } from './server.js';
import { signatureCheck } from './signature-check.js';

export const PAIRS = 100;
const WARM_MS = 1_000;
const RUN_MS = 3_000;
/** V8 has compiled what a login runs when some thousands have run it: a relay runs for weeks. */
const WARM_LOGINS = 10_000;
const RUN_LOGINS = 6_000;

export interface Sample {
  readonly perS: number;
  readonly perCpuS: number;
  readonly serverCpu: number;
  readonly generatorCpu: number;
}

/** One server and one generator for `use`. */
async function beside<T>(
  name: ServerName,
  use: (
    server: Process<ServerCalls>,
    generator: Process<GeneratorCalls>,
    port: number,
  ) => Promise<T>,
): Promise<T> {
  const server = start<ServerCalls>('server', name);
  const generator = start<GeneratorCalls>('generator');
  try {
    return await use(server, generator, await server.call('listen'));
  } finally {
    await generator.stop();
    await server.stop();
  }
}

export function rate(name: ContestantName): Promise<Sample> {
  return beside(name, async (server, generator, port) => {
    await generator.call('connect', { name, port, from: '127.0.0.1', count: 2 * PAIRS });
    await generator.call('saturate', { ms: WARM_MS });
    const before = await server.call('cpu');
    const run = await generator.call('saturate', { ms: RUN_MS });
    const cpuMs = (await server.call('cpu')) - before;
    return {
      perS: (run.count / run.ms) * 1000,
      perCpuS: (run.count / cpuMs) * 1000,
      serverCpu: cpuMs / run.ms,
      generatorCpu: run.cpu,
    };
  });
}

/** @param perS messages a second, the same for all */
export function latency(name: ContestantName, perS: number): Promise<number[]> {
  return beside(name, async (_server, generator, port) => {
    await generator.call('connect', { name, port, from: '127.0.0.1', count: 2 * PAIRS });
    await generator.call('pace', { perS, ms: WARM_MS });
    return (await generator.call('pace', { perS, ms: RUN_MS })).latencies;
  });
}

export interface Churn {
  readonly perS: number;
  readonly perCpuS: number;
}

/** @param server another than the contestant's, which its clients find the same */
export function churn(name: ContestantName, server: ServerName = name): Promise<Churn> {
  return beside(server, async (process, generator, port) => {
    await generator.call('churn', { name, port, count: WARM_LOGINS });
    const before = await process.call('cpu');
    const run = await generator.call('churn', { name, port, count: RUN_LOGINS });
    const cpuMs = (await process.call('cpu')) - before;
    return { perS: (run.count / run.ms) * 1000, perCpuS: (run.count / cpuMs) * 1000 };
  });
}

/** Signature checks per second of processor time, as long as a login's. */
export function verifications(): number {
  const check = signatureCheck();
  const from = process.cpuUsage();
  let done = 0;
  for (const end = performance.now() + 1_000; performance.now() < end; done++) check();
  const { system, user } = process.cpuUsage(from);
  return (done / (user + system)) * 1e6;
}

export interface Idle {
  readonly rssKib: number;
  readonly heapKib: number;
}

export function idle(name: ContestantName, connections: number): Promise<Idle> {
  return beside(name, async (server, generator, port) => {
    const empty = await server.call('usage');
    await generator.call('connect', { name, port, from: '127.0.0.2', count: connections });
    const full = await server.call('usage');
    const kib = (a: number, b: number) => (a - b) / 1024 / connections;
    return {
      rssKib: kib(full.rss, empty.rss),
      heapKib: kib(full.heapUsed, empty.heapUsed),
    };
  });
}

/** Connections one process may have here: what the system grants it, and some for itself. */
export async function held(
  total: number,
): Promise<{ processes: number; connections: number; afterMs: number }> {
  const perProcess = Math.min(total, fileLimit() - 60);
  const afterMs = 35_000;
  let left = total;
  let connections = 0;
  let processes = 0;
  const stops: (() => Promise<void>)[] = [];
  const generators: Process<GeneratorCalls>[] = [];
  try {
    while (left > 0) {
      const server = start<ServerCalls>('server', 'pim');
      stops.push(() => server.stop());
      const port = await server.call('listen');
      processes++;
      for (let here = Math.min(left, perProcess); here > 0; ) {
        const generator = start<GeneratorCalls>('generator');
        stops.push(() => generator.stop());
        generators.push(generator);
        const count = Math.min(here, perProcess >> 1);
        const from = `127.0.0.${1 + generators.length}`;
        await generator.call('connect', { name: 'pim', port, from, count });
        await generator.call('watch');
        here -= count;
        left -= count;
      }
    }
    // Longer than the relay waits before it pings.
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    for (const generator of generators) connections += await generator.call('count');
  } finally {
    for (const stop of stops) await stop();
  }
  return { processes, connections, afterMs };
}

function fileLimit(): number {
  const report = process.report?.getReport() as unknown as {
    userLimits?: { open_files?: { soft?: number | string } };
  };
  const soft = Number(report.userLimits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : 1_024;
}

export interface Storm {
  readonly clients: number;
  readonly awayMs: number;
  /** Milliseconds from the moment the relay listens again, for each, in order. */
  readonly backMs: readonly number[];
  /** Most who were back within 100 ms. */
  readonly busiest: number;
  /** Processor time of the relay until all were back, ms. */
  readonly cpuMs: number;
}

/** Clients of a relay that is killed while they are logged in, and is there again after `awayMs`. */
export async function storm(clients: number, awayMs: number, limitMs: number): Promise<Storm> {
  const generator = start<GeneratorCalls>('generator');
  let server = start<ServerCalls>('server', 'standard');
  try {
    const port = await server.call('listen');
    await generator.call('settle', { port, count: clients });
    // Only a link that has held makes its relay one that is expected back.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    await server.kill();
    await new Promise((resolve) => setTimeout(resolve, awayMs));
    server = start<ServerCalls>('server', 'standard');
    await server.call('listen', port);
    const from = Date.now();
    let returned: number[] = [];
    while (returned.length < clients && Date.now() - from < limitMs) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      returned = await generator.call('returned');
    }
    const cpuMs = await server.call('cpu');
    const backMs = returned.map((at) => at - from).sort((a, b) => a - b);
    const within = (ms: number) => backMs.filter((each) => each >= ms && each < ms + 100).length;
    return { clients, awayMs, backMs, busiest: Math.max(...backMs.map(within)), cpuMs };
  } finally {
    await generator.kill();
    await server.kill();
  }
}
