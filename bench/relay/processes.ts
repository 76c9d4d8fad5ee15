/** Child processes that answer calls, bundled first: no loader of TypeScript costs them anything. */

import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const OUT = fileURLToPath(new URL('../../.cache/bench-relay', import.meta.url));

type Calls = Readonly<Record<string, (given: never) => Promise<unknown>>>;

/** A child's calls as its parent makes them. */
export interface Process<C extends Calls> {
  call<Name extends keyof C & string>(
    name: Name,
    ...given: Parameters<C[Name]>
  ): ReturnType<C[Name]>;
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** In the child: answers its parent until that is gone. */
export function answerParent(calls: Calls): void {
  process.on('disconnect', () => process.exit());
  process.on('message', ({ id, name, given }: { id: number; name: string; given: never }) => {
    calls[name]?.(given).then(
      (value) => process.send?.({ id, value }),
      (fault: unknown) => process.send?.({ id, fault: String(fault) }),
    );
  });
}

/** Bundles `bench/relay/<name>.ts`; packages stay where they are. */
export async function bundle(...names: string[]): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  await build({
    entryPoints: names.map((name) => `${HERE}${name}.ts`),
    outdir: OUT,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    target: 'node20',
    logLevel: 'error',
  });
}

export function start<C extends Calls>(name: string, ...args: string[]): Process<C> {
  const options: ForkOptions = { execArgv: ['--expose-gc'], serialization: 'advanced' };
  const child: ChildProcess = fork(`${OUT}/${name}.mjs`, args, options);
  const waiting = new Map<number, { resolve(value: never): void; reject(fault: Error): void }>();
  let nextId = 1;
  child.on('message', ({ id, value, fault }: { id: number; value: never; fault?: string }) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (fault === undefined) call?.resolve(value);
    else call?.reject(new Error(`${name}: ${fault}`));
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      for (const call of waiting.values()) call.reject(new Error(`${name} ended with ${code}`));
      resolve();
    });
  });
  return {
    call: (call, ...[given]) =>
      new Promise((resolve, reject) => {
        waiting.set(nextId, { resolve, reject });
        child.send({ id: nextId++, name: call, given });
      }) as never,
    async stop() {
      child.kill();
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
