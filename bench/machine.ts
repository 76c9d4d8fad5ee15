/** What the figures were measured on, and how busy it was with other things. */

import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface Machine {
  readonly system: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryGiB: number;
  readonly node: string;
}

export interface Load {
  /** Processes that wanted a core, over the last minute. */
  readonly loadAverage: number;
  /** Milliseconds for a fixed piece of work: more than at other times means less of a core. */
  readonly spinMs: number;
}

export function machine(): Machine {
  return {
    system: type(),
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

export function load(): Load {
  const from = performance.now();
  let sum = 0;
  for (let i = 0; i < 2e7; i++) sum = (sum + i * i) % 1_000_003;
  const spinMs = sum < 0 ? Number.NaN : performance.now() - from;
  return { loadAverage: loadavg()[0] ?? Number.NaN, spinMs };
}

/** The version of an installed package, of the project or of bench/. */
export function versionOf(name: string): string {
  for (const folder of ['bench/node_modules', 'node_modules']) {
    try {
      const text = readFileSync(`${ROOT}${folder}/${name}/package.json`, 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // The other folder, then.
    }
  }
  return 'not installed';
}

export function ownVersion(): string {
  const text = readFileSync(`${ROOT}package.json`, 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
