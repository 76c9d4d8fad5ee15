/**
 * What a page has to load: the files of dist/, and pim's SDK beside its peers, each bundled and
 * minified in the same way.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { freshProblems } from '../../scripts/freshness.mjs';
import { ownVersion, versionOf } from '../machine.js';
import { keep } from '../results.js';
import { count, table } from '../table.js';

const BENCH = fileURLToPath(new URL('..', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Size {
  readonly what: string;
  readonly version: string;
  readonly minified: number;
  readonly gzip: number;
  readonly brotli: number;
}

const BUNDLES = [
  { what: 'pim: Pim', code: `export { Pim } from '${ROOT}sdk/index.ts'`, of: null },
  { what: 'pim: whole SDK', code: `export * from '${ROOT}sdk/index.ts'`, of: null },
  { what: 'PeerJS: Peer', code: `export { Peer } from 'peerjs'`, of: 'peerjs' },
  {
    what: 'simple-peer',
    code: `export { default } from 'simple-peer/simplepeer.min.js'`,
    of: 'simple-peer',
  },
  { what: 'trystero: joinRoom', code: `export { joinRoom } from 'trystero'`, of: 'trystero' },
] as const;

/** Chunks that are loaded only where something is missing are not part of the bundle. */
const OPTIONS: BuildOptions = {
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  logLevel: 'silent',
  plugins: [
    {
      name: 'leave-lazy-out',
      setup({ onResolve }) {
        onResolve({ filter: /./ }, ({ path, kind }) =>
          kind === 'dynamic-import' ? { path, external: true } : null,
        );
      },
    },
  ],
};

function sizeOf(what: string, version: string, bytes: Uint8Array): Size {
  return {
    what,
    version,
    minified: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length,
  };
}

async function bundles(): Promise<Size[]> {
  return Promise.all(
    BUNDLES.map(async ({ what, code, of }) => {
      const stdin = { contents: code, resolveDir: BENCH };
      const { outputFiles } = await build({ ...OPTIONS, stdin, write: false });
      const version = of === null ? ownVersion() : versionOf(of);
      return sizeOf(what, version, outputFiles[0]?.contents ?? new Uint8Array());
    }),
  );
}

/** The scripts of dist/ for browsers; empty where dist/ does not belong to the sources. */
function built(): Size[] {
  const folder = join(ROOT, 'dist');
  if (!existsSync(folder) || freshProblems() === null) return [];
  const inNode = ['relay.js', 'cli.js', 'node.js'];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.js') && !inNode.includes(name))
    .map((name) => sizeOf(`dist/${name}`, ownVersion(), readFileSync(join(folder, name))))
    .sort((a, b) => b.gzip - a.gzip);
}

function print(title: string, sizes: readonly Size[]): void {
  const head = ['', 'version', 'minified', 'gzip -9', 'brotli'];
  const lines = sizes.map(({ what, version, minified, gzip, brotli }) => [
    what,
    version,
    count(minified),
    count(gzip),
    count(brotli),
  ]);
  console.log(`\n${title}, bytes\n\n${table(head, lines)}`);
}

export async function size(): Promise<void> {
  const compared = await bundles();
  const files = built();
  print('libraries, bundled the same way', compared);
  if (files.length > 0) print('dist/', files);
  else console.log('\ndist/ is missing or older than the sources: npm run build');
  keep('size', { at: new Date().toISOString(), esbuild: versionOf('esbuild'), compared, files });
}
