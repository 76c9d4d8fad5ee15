/** Who is compared, how each is bundled, and which server it needs. */

import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { freshProblems } from '../../scripts/freshness.mjs';
import type { ServerName } from './servers.js';

export type ContestantName = 'bare' | 'peerjs' | 'simple-peer' | 'trystero' | 'pim';

export interface ContestantEntry {
  readonly name: ContestantName;
  readonly label: string;
  readonly server: ServerName;
  /** Packages of bench/ whose versions are noted. */
  readonly packages: readonly string[];
  /** How its page gets the library: what is imported, from where, and what the page is given. */
  readonly library: {
    readonly names: string;
    readonly from: string;
    readonly given: string;
  } | null;
  /** The function its file in pages/ exports. */
  readonly page: string;
}

const HERE = fileURLToPath(new URL('.', import.meta.url));
const BENCH = fileURLToPath(new URL('..', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The build where it belongs to the sources as they are, else the sources. */
export const pimFrom = (): string =>
  freshProblems() === null ? `${ROOT}sdk/index.ts` : `${ROOT}dist/sdk.js`;

export const contestants = (): readonly ContestantEntry[] => [
  {
    name: 'bare',
    label: 'bare RTCPeerConnection + ws',
    server: 'signaller',
    packages: [],
    library: null,
    page: 'bare',
  },
  {
    name: 'peerjs',
    label: 'PeerJS + peer',
    server: 'peer',
    packages: ['peerjs', 'peer'],
    library: { names: '{ Peer }', from: 'peerjs', given: '{ Peer }' },
    page: 'peerjs',
  },
  {
    name: 'simple-peer',
    label: 'simple-peer + ws',
    server: 'signaller',
    packages: ['simple-peer'],
    library: {
      names: 'SimplePeer',
      from: 'simple-peer/simplepeer.min.js',
      given: '{ default: SimplePeer }',
    },
    page: 'simplePeer',
  },
  {
    name: 'trystero',
    label: 'trystero (nostr)',
    server: 'nostr',
    packages: ['trystero'],
    library: { names: '{ joinRoom }', from: 'trystero', given: '{ joinRoom }' },
    page: 'trystero',
  },
  {
    name: 'pim',
    label: 'pim + its relay',
    server: 'relay',
    packages: [],
    library: {
      names: '{ Pim, browserPlatform }',
      from: pimFrom(),
      given: '{ Pim, browserPlatform }',
    },
    page: 'pim',
  },
];

const MINIFIED: BuildOptions = {
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  // As dist/ has it (scripts/minify.mjs); a bundler drops it, so every page gets it here.
  banner: { js: '//# allFunctionsCalledOnLoad' },
  logLevel: 'warning',
};

/**
 * Bundles one contestant's page into `folder` as `<name>.js`, all in the same way: what a library
 * imports dynamically is in files of its own, and a page pays for it when it asks. Returns the
 * files the page needs from the start, for its HTML to name, as the bundlers that split write it.
 */
export async function bundle(entry: ContestantEntry, folder: string): Promise<readonly string[]> {
  const { name, page, library } = entry;
  const glue = [
    library === null ? '' : `import ${library.names} from ${JSON.stringify(library.from)};`,
    `import { ${page} } from ${JSON.stringify(`${HERE}pages/${name}.ts`)};`,
    `import { run } from ${JSON.stringify(`${HERE}pages/page.ts`)};`,
    `run(${page}(${library?.given ?? ''}));`,
  ];
  const { metafile } = await build({
    ...MINIFIED,
    stdin: { contents: glue.join('\n'), resolveDir: BENCH, sourcefile: `${name}.js` },
    splitting: true,
    metafile: true,
    outdir: folder,
    entryNames: name,
    chunkNames: `${name}-[hash]`,
  });
  return startingFiles(metafile, `${name}.js`);
}

/** What the entry imports statically, and what that imports. */
function startingFiles({ outputs }: Metafile, entry: string): readonly string[] {
  const byName = new Map(Object.entries(outputs).map(([path, each]) => [basename(path), each]));
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { kind, path } of byName.get(file)?.imports ?? []) {
      if (kind === 'import-statement') visit(basename(path));
    }
  };
  visit(entry);
  return [...reached].filter((file) => file !== entry);
}

/** Bundles what notes the steps of a connection, to be run before any of the pages' own. */
export async function bundleTrace(folder: string): Promise<void> {
  await build({
    ...MINIFIED,
    entryPoints: [`${HERE}pages/trace.ts`],
    outdir: folder,
    format: 'iife',
  });
}
