/**
 * The three builds of dist/: ES modules for browsers, ES modules for Node, and the classic script.
 * Types, element manifest and size budgets come after them, in scripts/build.mjs.
 */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import typescript from '@rollup/plugin-typescript';
import { sourcesHash } from './scripts/freshness.mjs';
import { eagerly, minify, transformers } from './scripts/minify.mjs';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
const MANIFEST = '.manifest.json';

const BROWSER = {
  'pim-chat': 'widget/define.ts',
  widget: 'widget/pim-chat.ts',
  sdk: 'sdk/index.ts',
};
const NODE = { relay: 'relay/index.ts', cli: 'sdk/node/cli.ts' };
const CLASSIC = 'widget/classic.ts';

/**
 * The panel's modules. Those the inbox uses too lie in the panel's chunk all the same: the inbox is
 * never without it, and one chunk packs better than two.
 */
const PANEL =
  /^widget\/(?:(?:panel|render)\/|strings\/(?:first-faults|conversation)\.|styles\/(?:panel|thread)\.)/;

/** Entries that exist; scripts/build.mjs fails over what is missing after building the rest. */
const present = (entries) =>
  Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(join(ROOT, file))));

const inRoot = (id) => relative(ROOT, id).split(sep).join('/');

/** Types are checked once, by scripts/build.mjs; checking here would repeat it for each build. */
const compile = () =>
  typescript({
    tsconfig: join(ROOT, 'tsconfig.json'),
    include: ['sdk/**/*.{ts,tsx}', 'relay/**/*.{ts,tsx}', 'widget/**/*.{ts,tsx}'],
    compilerOptions: { noEmit: false, noCheck: true, sourceMap: true, inlineSources: true },
    transformers,
  });

/**
 * The classic script loads the same chunks as the module does, by their public names, so what the
 * widget imports dynamically must keep its exports as written.
 */
function keepDynamicExports() {
  return {
    name: 'keep-dynamic-exports',
    moduleParsed({ id, dynamicallyImportedIdResolutions }) {
      if (!inRoot(id).startsWith('widget/')) return;
      for (const { id: target, external } of dynamicallyImportedIdResolutions) {
        if (external || Object.values(BROWSER).includes(inRoot(target))) continue;
        this.emitFile({ type: 'chunk', id: target, preserveSignature: 'allow-extension' });
      }
    },
  };
}

/** Which sources a build was made of, for people to read: the same hash that tells a fresh build. */
const stamp = () => ({
  name: 'stamp',
  transform(code, id) {
    if (inRoot(id) !== 'widget/inbox/about.tsx') return null;
    const stamped = code.replace("BUILD = ''", `BUILD = '${sourcesHash().slice(0, 8)}'`);
    return stamped === code ? this.error('no place for the hash') : { code: stamped, map: null };
  },
});

/** What loads what, by source file: for scripts/sizes.mjs and for the classic build. */
function manifest() {
  return {
    name: 'manifest',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle)
        .filter((file) => file.type === 'chunk')
        .map(({ fileName, facadeModuleId, imports, dynamicImports, moduleIds }) => ({
          file: fileName,
          entry: facadeModuleId && inRoot(facadeModuleId),
          imports,
          dynamicImports,
          modules: moduleIds.map(inRoot),
        }));
      const source = `${JSON.stringify({ chunks }, null, 1)}\n`;
      this.emitFile({ type: 'asset', fileName: MANIFEST, source });
    },
  };
}

/**
 * Turns dynamic imports into imports of the ES chunks beside the script. The address is made from
 * the script's own: a classic script of another origin has no base to resolve a relative one with
 * (HTML, "creating a classic script": muted errors set it to about:blank).
 */
function importChunksByUrl(out) {
  return {
    name: 'import-chunks-by-url',
    async resolveDynamicImport(specifier, importer) {
      const target = await this.resolve(specifier, importer);
      const { chunks } = JSON.parse(await readFile(join(out, MANIFEST), 'utf8'));
      const chunk = chunks.find(({ entry }) => entry === inRoot(target.id));
      if (!chunk) this.error(`${specifier} has no chunk of its own in the module build`);
      return { id: chunk.file, external: true };
    },
    renderDynamicImport() {
      return { left: 'import(new URL(', right: ', scriptUrl).href)' };
    },
    intro: () => 'const scriptUrl = document.currentScript?.src || document.baseURI;',
  };
}

/** Sources as seen from dist/, wherever this build writes before it becomes dist/. */
const sourcesFromDist = (out) => (source, map) => {
  const place = relative(out, dirname(map));
  const target = relative(ROOT, resolve(dirname(map), source));
  return relative(join('dist', place), target).split(sep).join('/');
};

const output = (out) => ({
  dir: out,
  format: 'es',
  sourcemap: true,
  sourcemapPathTransform: sourcesFromDist(out),
  chunkFileNames: 'chunks/[name]-[hash].js',
});

const browser = (out) => ({
  input: BROWSER,
  output: {
    ...output(out),
    manualChunks: (id) => (PANEL.test(inRoot(id)) ? 'panel' : undefined),
    onlyExplicitManualChunks: true,
    entryFileNames: ({ name }) => (name in BROWSER ? '[name].js' : 'chunks/[name]-[hash].js'),
  },
  plugins: [
    stamp(),
    compile(),
    nodeResolve({ browser: true }),
    commonjs(),
    keepDynamicExports(),
    ...minify({ module: true }),
    eagerly(['pim', 'panel']),
    manifest(),
  ],
});

const node = (out) => ({
  input: present(NODE),
  external: [/^node:/, 'ws', 'prom-client'],
  output: { ...output(out), entryFileNames: '[name].js' },
  plugins: [
    compile(),
    nodeResolve({ preferBuiltins: true, exportConditions: ['node'] }),
    commonjs({ ignoreDynamicRequires: true }),
  ],
});

const classic = (out) => ({
  input: CLASSIC,
  output: {
    ...output(out),
    dir: undefined,
    chunkFileNames: undefined,
    file: join(out, 'pim-chat.iife.js'),
    format: 'iife',
    name: 'PimChat',
    exports: 'auto',
  },
  plugins: [
    compile(),
    nodeResolve({ browser: true }),
    commonjs(),
    importChunksByUrl(out),
    ...minify({ module: false }),
  ],
});

/** `--configOut <folder>` writes somewhere else than dist/. */
export default ({ configOut }) => {
  const out = resolve(ROOT, configOut ?? 'dist');
  return [browser(out), node(out), classic(out)];
};
