/**
 * The gallery (test/widget/gallery) on a server of its own: the real element on an SDK in memory, one
 * scene a page.
 */

import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { type Answer, type SiteServer, serveSite } from './site.js';

const HERE = fileURLToPath(new URL('../widget/gallery/', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};
/** @param pages of somebody else, who sets their own policy: path → answer */
export async function serveGallery(
  pages: (path: string) => Answer | null = () => null,
): Promise<SiteServer> {
  const { outputFiles } = await build({
    entryPoints: ['look.ts', 'page.ts', 'all.ts'].map((name) => join(HERE, name)),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: '#render',
    outdir: '/',
    write: false,
    logLevel: 'silent',
  });
  const built = new Map(outputFiles.map(({ path, contents }) => [path, Buffer.from(contents)]));
  return serveSite(async (path) => {
    const foreign = pages(path);
    if (foreign !== null) return foreign;
    const file = path === '/' ? '/index.html' : path;
    const body = built.get(file) ?? (await readFile(join(HERE, file)).catch(() => null));
    const type = TYPES[extname(file)] ?? 'text/plain';
    return body && { type, body, page: file === '/all.html' ? 'index of scenes' : undefined };
  });
}

/** Resolves once the scene is set up. */
export async function openScene(page: Page, url: string): Promise<void> {
  const thrown: string[] = [];
  page.on('pageerror', ({ message }) => thrown.push(message));
  await page.goto(url);
  await page
    .waitForSelector('html[data-ready]', { timeout: 60_000, state: 'attached' })
    .catch(() => Promise.reject(new Error(`${url} is not ready: ${thrown}`)));
}
