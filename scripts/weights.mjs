/**
 * Where the bytes come from: minified size of each source file in what a page loads up to its first
 * conversation, largest first. Usage: node scripts/weights.mjs [entry, default widget/define.ts]
 */

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { LAZY } from './sizes.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const lazy = {
  name: 'lazy',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ path, kind }) => {
      const name = path.split('/').at(-1)?.replace(/\.js$/, '');
      const isLazy =
        kind === 'dynamic-import' && LAZY.some(({ entry }) => entry.includes(`/${name}.`));
      return isLazy ? { path, external: true } : null;
    });
  },
};

const { metafile, outputFiles } = await build({
  entryPoints: [process.argv[2] ?? 'widget/define.ts'],
  absWorkingDir: ROOT,
  bundle: true, // one file: dynamic imports count as loaded
  minify: true,
  write: false,
  metafile: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: '#render',
  plugins: [lazy],
});

const [output] = Object.values(metafile.outputs);
const rows = Object.entries(output.inputs).sort((a, b) => b[1].bytesInOutput - a[1].bytesInOutput);
for (const [path, { bytesInOutput }] of rows) {
  if (bytesInOutput > 0) console.log(`${String(bytesInOutput).padStart(8)}  ${path}`);
}
const { contents } = outputFiles[0];
console.log(
  `${String(contents.length).padStart(8)}  minified, ${gzipSync(contents, { level: 9 }).length} gzip -9`,
);
