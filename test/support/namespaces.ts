/**
 * Hosts of a small town on this machine: network namespaces (ip-netns(8)) on one bridge, each with an
 * address of its own, whose lines a test can cut, unplug or move; or behind a router with one public
 * address, as at home. Needs root, iproute2 and, for routers, nft(8).
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** RFC 2544 benchmark addresses, 198.18.0.0/15: no network that this machine may really be in. */
const netOf = (n: number): string => `198.${18 + ((n >> 8) & 1)}.${n & 255}`;
const PREFIX = 24;

/** The networks behind routers; RFC 1918. */
const PRIVATE = '10.77';

async function ip(...args: string[]): Promise<void> {
  await run('ip', args);
}

/**
 * Takes a town away when the pipe to it ends, which it does however the test's process ends: what
 * runs on its hosts, their lines with them, and the bridge.
 */
const WARDEN = `
read -r _
for host in $(ip netns list | cut -d ' ' -f 1 | grep "^$1[hp]"); do
  ip netns pids "$host" | xargs -r kill -9
  ip netns del "$host"
done
ip link del "$1b"
rm -rf "$2"
`;

/** Milliseconds for the warden, who has nothing to wait for. */
const RAZE_MS = 20_000;

/**
 * How a router maps a port of a host behind it (RFC 4787 §4.1). `cone`: to the same one whoever is
 * written to, so that it can be told to others. `symmetric`: to another one for each destination.
 * Either lets in only who was written to.
 */
export type Mapping = 'cone' | 'symmetric';

const MASQUERADE: Readonly<Record<Mapping, string>> = {
  cone: 'masquerade persistent',
  symmetric: 'masquerade fully-random',
};

/** Whoever was not written to gets no answer, as at home: eth0 is the public side. */
const rulesOf = (mapping: Mapping): string => `
table ip nat {
  chain out {
    type nat hook postrouting priority srcnat
    oifname "eth0" ${MASQUERADE[mapping]}
  }
}
table ip filter {
  chain in {
    type filter hook input priority filter
    iifname "eth0" ct state new drop
  }
  chain pass {
    type filter hook forward priority filter
    iifname "eth0" ct state new drop
  }
}
`;

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
  readonly #name = `pim${process.pid}`;
  readonly #hosts: Host[] = [];
  #net = '';
  #folder = '';
  #warden: ChildProcess | null = null;

  /** One in a process. */
  static async found(): Promise<Town> {
    const town = new Town();
    await town.#build();
    return town;
  }

  /** The address of this process as the hosts see it. */
  get address(): string {
    return `${this.#net}.1`;
  }

  get bridge(): string {
    return `${this.#name}b`;
  }

  async host(): Promise<Host> {
    const n = this.#hosts.length;
    const host = new Host(this, `${this.#name}h${n}`, `${this.#net}.${10 + n}`, this.#folder);
    this.#hosts.push(host);
    await host.build();
    return host;
  }

  /** A host that reaches the others through a router of its own. */
  async hostBehind(mapping: Mapping): Promise<Host> {
    const n = this.#hosts.length;
    const router = await this.host();
    await router.becomeRouter(`${PRIVATE}.${n}.1`, mapping);
    const host = new Host(this, `${this.#name}p${n}`, `${PRIVATE}.${n}.2`, this.#folder, router);
    this.#hosts.push(host);
    await host.build();
    return host;
  }

  /** Nothing of it is left, nor of what still runs there. */
  async raze(): Promise<void> {
    const warden = this.#warden;
    if (warden === null || warden.exitCode !== null) return;
    const gone = once(warden, 'exit', { signal: AbortSignal.timeout(RAZE_MS) });
    warden.stdin?.end();
    await gone;
  }

  async #build(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'pim-town-'));
    const args = ['-c', WARDEN, 'sh', this.#name, this.#folder];
    this.#warden = spawn('sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#warden.unref();
    await ip('link', 'add', this.bridge, 'type', 'bridge');
    await this.#settle();
    await ip('link', 'set', this.bridge, 'up');
  }

  /** Takes a network that no other town of this machine has. */
  async #settle(): Promise<void> {
    // Two that met take steps of different lengths.
    for (let n = process.pid; ; n += 1 + (process.pid % 7)) {
      this.#net = netOf(n);
      const address = `${this.address}/${PREFIX}`;
      await ip('addr', 'add', address, 'dev', this.bridge);
      const { stdout } = await run('ip', ['-o', 'addr', 'show', 'to', address]);
      if (stdout.trim().split('\n').length === 1) return;
      await ip('addr', 'del', address, 'dev', this.bridge);
    }
  }
}

export class Host {
  readonly #town: Town;
  readonly #name: string;
  readonly #folder: string;
  readonly #router: Host | null;
  #address: string;
  /** As a router: its address on the side of its host. */
  #inner = '';

  constructor(
    town: Town,
    name: string,
    address: string,
    folder: string,
    router: Host | null = null,
  ) {
    this.#town = town;
    this.#name = name;
    this.#address = address;
    this.#folder = folder;
    this.#router = router;
  }

  async becomeRouter(inner: string, mapping: Mapping): Promise<void> {
    this.#inner = inner;
    const within = ['netns', 'exec', this.#name];
    await ip(...within, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    const file = join(this.#folder, `${this.#name}.nft`);
    await writeFile(file, rulesOf(mapping));
    await ip(...within, 'nft', '-f', file);
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
    this.#address = before.replace(/\d+$/, (last) => `${Number(last) + 100}`);
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
    if (this.#router === null) {
      await ip('link', 'set', outer, 'master', this.#town.bridge);
      await ip('link', 'set', outer, 'up');
    } else await this.#router.#takeIn(outer);
    await this.#route();
  }

  async #takeIn(outer: string): Promise<void> {
    await ip('link', 'set', outer, 'netns', this.#name);
    await this.#inside('link', 'set', outer, 'name', 'eth1');
    await this.#inside('addr', 'add', `${this.#inner}/${PREFIX}`, 'dev', 'eth1');
    await this.#inside('link', 'set', 'eth1', 'up');
  }

  /** Without a default route a browser gathers no candidates. */
  #route(): Promise<void> {
    const gateway = this.#router === null ? this.#town.address : this.#router.#inner;
    return this.#inside('route', 'replace', 'default', 'via', gateway);
  }

  #inside(...args: string[]): Promise<void> {
    return ip('-n', this.#name, ...args);
  }
}
