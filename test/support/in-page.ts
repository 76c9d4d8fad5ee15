/**
 * Runs a TypeScript module of ours inside a browser page: bundled by esbuild, served from loopback
 * (a secure context, so Web Crypto and locks are there), its results handed back as JSON.
 */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { isStrict, PAGE_HEADER, type PageName, policyFor } from './policy.js';
import type { SuiteResult, Test } from './suite.js';

/** What an entry file exports as `default`: registers its tests; `args` come from `runInPage`. */
export type PageSuite<Args = undefined> = (test: Test, args: Args) => void | Promise<void>;

/** A page that serves `script` and nothing else. */
export interface ScriptHost {
  url: string;
  close(): Promise<void>;
}

const SUITE = fileURLToPath(new URL('./suite.ts', import.meta.url));

async function bundle(entry: string): Promise<string> {
  const glue = `
    import suite from ${JSON.stringify(entry)};
    import { runSuite } from ${JSON.stringify(SUITE)};
    globalThis.runPimSuite = (args) => runSuite((test) => suite(test, args));
  `;
  const result = await build({
    stdin: { contents: glue, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    sourcemap: 'inline',
    jsx: 'automatic',
    jsxImportSource: '#render',
    logLevel: 'silent',
  });
  return result.outputFiles[0]?.text ?? '';
}

/** Relays of this machine, which a test starts when the page is there already. */
const RELAYS = ['ws://127.0.0.1:*', 'ws://localhost:*'];
const HTML = '<!doctype html><meta charset="utf-8"><title>suite</title>';

/**
 * Serves an empty page at `/` and `script` at `/suite.js`, on a free port of 127.0.0.1.
 * @param relays that the page may reach, as its policy names them
 */
export async function serveScript(
  script: string,
  name?: PageName,
  relays: readonly string[] = RELAYS,
): Promise<ScriptHost> {
  const server: Server = createServer((request, response) => {
    const isScript = request.url === '/suite.js';
    const type = isScript ? 'text/javascript' : 'text/html';
    const isKnown = isScript || request.url === '/';
    const policy = isStrict() ? policyFor([`http://${request.headers.host}`], relays, name) : null;
    response.writeHead(isKnown ? 200 : 404, {
      'content-type': `${type}; charset=utf-8`,
      ...(policy !== null && { 'content-security-policy': policy }),
      ...(name !== undefined && { [PAGE_HEADER]: name }),
    });
    response.end(isScript ? script : isKnown ? HTML : '');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/**
 * Runs the suite that `entryFile` exports as default in `page` and returns what passed and failed.
 * `page` is navigated to a fresh origin, so its storage starts empty. `args` must be JSON;
 * `name` is of a page that needs more than the documented policy.
 * @throws where the module does not bundle or does not load
 */
export async function runInPage<Args = undefined>(
  page: Page,
  entryFile: string | URL,
  args?: Args,
  name?: PageName,
): Promise<SuiteResult> {
  const entry = entryFile instanceof URL ? fileURLToPath(entryFile) : entryFile;
  const host = await serveScript(await bundle(entry), name);
  try {
    await page.goto(host.url);
    return await page.evaluate(async (given) => {
      await import(new URL('/suite.js', location.href).href);
      const run = (globalThis as { runPimSuite?: (args: unknown) => unknown }).runPimSuite;
      return (await run?.(given)) as SuiteResult;
    }, args);
  } finally {
    await host.close();
  }
}

/** Throws with every failure of `result` by name; the shape of a uvu test around `runInPage`. */
export function assertPassed(result: SuiteResult): void {
  const failures = result.failed.map(({ name, error }) => `- ${name}\n${error}`);
  if (failures.length > 0)
    throw new Error(`${failures.length} failed in the page\n${failures.join('\n')}`);
  if (result.passed === 0) throw new Error('the suite in the page has no tests');
}
