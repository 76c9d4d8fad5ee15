/** A real nats-server on loopback, and relays on it as processes of their own. */

import { fileURLToPath } from 'node:url';
import { type RelayClient, random } from './relay-client.js';
import { freePort, isInstalled, Service } from './service.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Why it cannot be tried here; null where it can. */
export function natsIsMissing(): string | null {
  return isInstalled('nats-server')
    ? null
    : 'nats-server is not installed (apt install nats-server)';
}

/** One NATS server that can be ended and begun again at its port. */
export class Nats {
  readonly port: number;
  readonly #more: readonly string[];
  #service: Service | null = null;

  private constructor(port: number, more: readonly string[]) {
    this.port = port;
    this.#more = more;
  }

  /** @param more arguments of nats-server */
  static async start(more: readonly string[] = []): Promise<Nats> {
    const nats = new Nats(await freePort(), more);
    await nats.begin();
    return nats;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get service(): Service {
    if (this.#service === null) throw new Error('this NATS server does not run');
    return this.#service;
  }

  async begin(): Promise<void> {
    const args = ['-a', '127.0.0.1', '-p', String(this.port), ...this.#more];
    this.#service = new Service('nats-server', args);
    await this.#service.says(/Server is ready/);
  }

  async end(): Promise<void> {
    await this.#service?.end();
    this.#service = null;
  }
}

/** `pim relay --nats …` in a process of its own; begun again, it has the same port. */
export class ClusterNode {
  readonly #args: readonly string[];
  #service: Service | null = null;
  port = 0;

  /** @param args flags beside `--port` */
  constructor(args: readonly string[]) {
    this.#args = args;
  }

  static async start(...args: readonly string[]): Promise<ClusterNode> {
    const node = new ClusterNode(args);
    await node.begin();
    return node;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  get service(): Service {
    if (this.#service === null) throw new Error('this relay does not run');
    return this.#service;
  }

  async begin(): Promise<void> {
    const tsx = import.meta.resolve('tsx');
    const cli = `${ROOT}sdk/node/cli.ts`;
    const limits = ['socketsPerIp', 'pendingPerIp', 'sendsPerIpPerS', 'upgradesPerIpPerS'];
    const wide = limits.flatMap((name) => ['--limit', `${name}=1000`]);
    const args = ['--import', tsx, cli, 'relay', '--port', String(this.port), ...wide];
    this.#service = new Service(process.execPath, [...args, ...this.#args]);
    const [, port] = await this.#service.says(
      /The relay is up: http:\/\/localhost:(\d+)\//,
      30_000,
    );
    this.port = Number(port);
  }

  /** SIGKILL: no goodbye, no closing of sockets. */
  async kill(): Promise<void> {
    await this.#service?.end();
    this.#service = null;
  }

  /** Resolves when the log has said so for the `times`th time since it began. */
  async isUp(times = 1): Promise<void> {
    await this.service.says(new RegExp(`(?:[\\s\\S]*"bus-up"){${times}}`), 30_000);
  }
}

export const keyOf = (client: RelayClient): Uint8Array => client.key?.publicKey as Uint8Array;

/** Sends until it has arrived, as the ends do; how often it took. */
export async function reach(from: RelayClient, to: RelayClient): Promise<number> {
  const sealed = random(561);
  let arrived = false;
  const hearing = (async () => {
    for (;;) {
      const frame = await to.any();
      if (frame === null) throw new Error('the relay closed the socket');
      if (frame.kind === 'receive' && Buffer.compare(frame.sealed, sealed) === 0) break;
    }
    arrived = true;
  })();
  for (let tries = 1; ; tries++) {
    from.sendTo(keyOf(to), sealed);
    const end = performance.now() + 1_000;
    while (!arrived && performance.now() < end) await new Promise((done) => setTimeout(done, 5));
    if (arrived) {
      await hearing;
      return tries;
    }
    if (tries === 10) throw new Error('nothing arrived in ten tries');
  }
}
