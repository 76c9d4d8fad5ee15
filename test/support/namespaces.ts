/**
 * Hosts of a small town on this machine: network namespaces (ip-netns(8)) on one bridge, each with an
 * address of its own, whose lines a test can cut, unplug or move. Needs root and iproute2.
 */

import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** RFC 2544 benchmark addresses: no network that this machine may really be in. */
const NET = '198.18.77';
const PREFIX = 24;

async function ip(...args: string[]): Promise<void> {
  await run('ip', args);
}

/** Why there can be no namespaces here, or null. */
export async function noNamespaces(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const name = `pim-try-${process.pid}`;
  try {
    await ip('netns', 'add', name);
    await ip('netns', 'del', name);
    return null;
  } catch (fault) {
    return `network namespaces cannot be made here: ${String((fault as Error).message).trim()}`;
  }
}

export class Town {
  /** Unique on this machine, and short: an interface name has 15 characters. */
  readonly #name = `pim${process.pid % 100_000}`;
  readonly #hosts: Host[] = [];
  #folder = '';
  /** The address of this process as the hosts see it. */
  readonly address = `${NET}.1`;

  static async found(): Promise<Town> {
    const town = new Town();
    await town.#build();
    return town;
  }

  get bridge(): string {
    return `${this.#name}b`;
  }

  async host(): Promise<Host> {
    const n = this.#hosts.length;
    const host = new Host(this, `${this.#name}h${n}`, `${NET}.${10 + n}`, this.#folder);
    this.#hosts.push(host);
    await host.build();
    return host;
  }

  async raze(): Promise<void> {
    for (const host of this.#hosts) await host.raze();
    await ip('link', 'del', this.bridge).catch(() => undefined);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #build(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'pim-town-'));
    await ip('link', 'add', this.bridge, 'type', 'bridge');
    await ip('addr', 'add', `${this.address}/${PREFIX}`, 'dev', this.bridge);
    await ip('link', 'set', this.bridge, 'up');
  }
}

export class Host {
  readonly #town: Town;
  readonly #name: string;
  readonly #folder: string;
  #address: string;

  constructor(town: Town, name: string, address: string, folder: string) {
    this.#town = town;
    this.#name = name;
    this.#address = address;
    this.#folder = folder;
  }

  /** A program that runs `path` on this host: for what takes a path and no arguments before it. */
  async wrapper(path: string): Promise<string> {
    const file = join(this.#folder, `${this.#name}.sh`);
    await writeFile(file, `#!/bin/sh\nexec ip netns exec ${this.#name} ${path} "$@"\n`);
    await chmod(file, 0o755);
    return file;
  }

  /** Nothing passes any longer, and nobody is told: a router that lost its line. */
  cut(): Promise<void> {
    return ip('link', 'set', `${this.#name}o`, 'nomaster');
  }

  mend(): Promise<void> {
    return ip('link', 'set', `${this.#name}o`, 'master', this.#town.bridge);
  }

  /** The cable is pulled: this host knows that it has no network. */
  async unplug(): Promise<void> {
    await this.#inside('link', 'set', 'eth0', 'down');
  }

  async plug(): Promise<void> {
    await this.#inside('link', 'set', 'eth0', 'up');
    await this.#route();
  }

  /** The old address is gone, another one is there: another network. */
  async move(): Promise<void> {
    const before = this.#address;
    const last = Number(before.split('.')[3]);
    this.#address = `${NET}.${last + 100}`;
    await this.#inside('addr', 'del', `${before}/${PREFIX}`, 'dev', 'eth0');
    await this.#inside('addr', 'add', `${this.#address}/${PREFIX}`, 'dev', 'eth0');
    await this.#route();
  }

  async build(): Promise<void> {
    await ip('netns', 'add', this.#name);
    const [inner, outer] = [`${this.#name}i`, `${this.#name}o`];
    await ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', inner);
    await ip('link', 'set', inner, 'netns', this.#name);
    await this.#inside('link', 'set', inner, 'name', 'eth0');
    await this.#inside('link', 'set', 'lo', 'up');
    await this.#inside('addr', 'add', `${this.#address}/${PREFIX}`, 'dev', 'eth0');
    await this.#inside('link', 'set', 'eth0', 'up');
    await ip('link', 'set', outer, 'master', this.#town.bridge);
    await ip('link', 'set', outer, 'up');
    await this.#route();
  }

  async raze(): Promise<void> {
    await ip('link', 'del', `${this.#name}o`).catch(() => undefined);
    await ip('netns', 'del', this.#name).catch(() => undefined);
  }

  /** Without a default route a browser gathers no candidates. */
  #route(): Promise<void> {
    return this.#inside('route', 'replace', 'default', 'via', this.#town.address);
  }

  #inside(...args: string[]): Promise<void> {
    return ip('-n', this.#name, ...args);
  }
}
