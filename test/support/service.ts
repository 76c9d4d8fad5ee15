/** Servers of other people that a test starts for itself: found or not, ready or not, and gone at the end. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Debian keeps some of them where only root looks. */
const PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
const env = { ...process.env, PATH };

const READY_WITHIN_MS = 15_000;

/** Whether `command` can be run here. */
export function isInstalled(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`], { env }).status === 0;
}

/** A port of `host` that nobody had a moment ago, from 11000 on, where browsers accept TURN. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    if (typeof address === 'object' && address !== null && address.port >= 11_000)
      return address.port;
  }
}

/** Groups still alive, for a test that ends before it has ended them. */
const alive = new Set<Service>();
process.on('exit', () => {
  for (const service of alive) service.cut();
});

/** A process with what it has said so far. */
export class Service {
  readonly child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #listeners = new Set<() => void>();
  /** Standard output and error. */
  said = '';

  constructor(command: string, args: readonly string[]) {
    this.child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#ended = once(this.child, 'close').finally(() => this.#tell());
    this.#ended.catch(() => undefined);
    alive.add(this);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.said += text;
        this.#tell();
      });
    }
  }

  /** Resolves once it has said something like `pattern`. */
  async says(pattern: RegExp, withinMs = READY_WITHIN_MS): Promise<RegExpExecArray> {
    const until = performance.now() + withinMs;
    for (;;) {
      const found = pattern.exec(this.said);
      if (found !== null) return found;
      const left = until - performance.now();
      if (left <= 0 || this.child.exitCode !== null) {
        throw new Error(`${this.child.spawnfile} did not say ${pattern}: ${this.said}`);
      }
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.#listeners.delete(done);
          resolve();
        };
        const timer = setTimeout(done, left);
        this.#listeners.add(done);
      });
    }
  }

  /** Ends it and what it has started; no word is left to say. */
  async end(): Promise<void> {
    this.cut();
    await this.#ended.catch(() => undefined);
  }

  cut(): void {
    alive.delete(this);
    try {
      // Its own group, because it was started detached.
      if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
