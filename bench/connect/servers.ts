/**
 * Everything the pages talk to, in one process of its own: the pages themselves and each
 * contestant's server. Run as a child process with the folder of the bundles; sends its URLs.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRelay } from '../../relay/index.js';
import { startNostrRelay } from './nostr-relay.js';
import { startSignaller } from './signaller.js';

export type ServerName = 'signaller' | 'peer' | 'nostr' | 'relay';

export type Urls = Readonly<Record<ServerName | 'pages', string>>;

interface PeerPackage {
  PeerServer(options: object, listening: (server: { address(): AddressInfo }) => void): unknown;
}

const HERE = fileURLToPath(import.meta.url);
/** By its place: bench/ has its own packages, and the types of the project do not know them. */
const PEER = new URL('../node_modules/peer/dist/index.cjs', import.meta.url);

/** By the name of a page: the files it needs from the start, beside `<name>.js`. */
export type StartingFiles = Readonly<Record<string, readonly string[]>>;

/** Starts the servers in a process of their own. `stop` ends it. */
export async function startServers(
  folder: string,
  starting: StartingFiles,
): Promise<{ readonly urls: Urls; stop(): void }> {
  const execArgv = ['--import', 'tsx'];
  const child: ChildProcess = fork(HERE, [folder, JSON.stringify(starting)], { execArgv });
  const urls = await new Promise<Urls>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Urls));
    child.once('exit', (code) => reject(new Error(`the servers ended with ${code}`)));
  });
  return { urls, stop: () => child.kill() };
}

/** The start is noted before anything else; `?` begins the task, which the page reads itself. */
const html = (name: string, starting: readonly string[], isTraced: boolean): string =>
  [
    '<!doctype html><meta charset="utf-8"><title>bench</title>',
    '<script>globalThis.benchStartedAt = performance.now()</script>',
    ...starting.map((file) => `<link rel="modulepreload" href="/${file}">`),
    isTraced ? '<script src="/trace.js"></script>' : '',
    `<script type="module" src="/${name}.js"></script>`,
  ].join('\n');

/** Nothing is cached, so that every page is a cold one. */
async function startPages(folder: string, starting: StartingFiles): Promise<string> {
  const server = createServer((request, response) => {
    const name = basename(new URL(request.url ?? '/', 'http://localhost').pathname);
    const isPage = name.endsWith('.html');
    const type = isPage ? 'text/html' : 'text/javascript';
    const headers = { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' };
    const page = name.replace(/(?:\.traced)?\.html$/, '');
    const content = isPage
      ? Promise.resolve(html(page, starting[page] ?? [], name.includes('.traced')))
      : readFile(join(folder, name));
    content.then(
      (body) => response.writeHead(200, headers).end(body),
      () => response.writeHead(404, headers).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

function startPeerServer(): Promise<string> {
  const { PeerServer } = createRequire(HERE)(fileURLToPath(PEER)) as PeerPackage;
  return new Promise((resolve) => {
    PeerServer({ host: '127.0.0.1', port: 0, path: '/' }, (server) => {
      resolve(`http://127.0.0.1:${server.address().port}`);
    });
  });
}

async function startRelay(): Promise<string> {
  const relay = createRelay({ port: 0, host: '127.0.0.1', files: false });
  await relay.listen();
  return `ws://127.0.0.1:${relay.port}`;
}

async function main(folder: string, starting: StartingFiles): Promise<void> {
  const [pages, signaller, peer, nostr, relay] = await Promise.all([
    startPages(folder, starting),
    startSignaller(),
    startPeerServer(),
    startNostrRelay(),
    startRelay(),
  ]);
  process.send?.({ pages, signaller, peer, nostr, relay } satisfies Urls);
  process.once('disconnect', () => process.exit());
}

if (process.argv[1] === HERE && process.send !== undefined) {
  await main(process.argv[2] ?? '', JSON.parse(process.argv[3] ?? '{}') as StartingFiles);
}
