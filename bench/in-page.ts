/** A script of a bench, bundled and served as the only thing a page has. */

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type ScriptHost, serveScript } from '../test/support/in-page.js';

/** @param script a TypeScript file, beside `from` (an `import.meta.url`) */
export async function servePage(script: string, from: string): Promise<ScriptHost> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(script, from))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: '#render',
  });
  return serveScript(outputFiles[0]?.text ?? '');
}
