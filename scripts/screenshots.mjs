/**
 * Pictures of the widget's scenes, light and dark, from the gallery (test/widget/gallery): the real
 * element on an SDK in memory, under a policy that forbids a page everything else.
 * Usage: node --import tsx scripts/screenshots.mjs [folder [scene …]]; without arguments the scenes
 * the documents show, into docs/images/; with a folder alone every scene.
 */

import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { launchChromium } from '../test/support/browsers.ts';
import { demoPictures } from './demo-pictures.mjs';

const HERE = fileURLToPath(new URL('../test/widget/gallery/', import.meta.url));
const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));
/** The demo page while a relay attacks; not a scene of the gallery. */
const DEMO = 'demo-attack';
/** What the documents show. */
const SHOWN = [
  'closed',
  'conversation',
  'conversation-phone',
  'requested',
  'inbox-page',
  'inbox-phone',
  'request-page',
  'request-phone',
  'rtl',
  'long-names',
  'no-relay',
  DEMO,
];
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const SIZES = {
  bubble: { width: 920, height: 780 },
  small: { width: 375, height: 720 },
  wide: { width: 1180, height: 760 },
};
/** What a page that forbids everything still lets through. */
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

const given = process.argv.slice(2);
const folder = given[0] ?? IMAGES;
const only = given.length === 0 ? SHOWN : given.slice(1);
const { outputFiles } = await build({
  entryPoints: [join(HERE, 'page.ts')],
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: '#render',
  outdir: '/',
  write: false,
});
const built = new Map(outputFiles.map(({ path, contents }) => [path, contents]));

const server = createServer(async (request, response) => {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const file = path === '/' ? '/index.html' : path;
  const body = built.get(file) ?? (await readFile(join(HERE, file)).catch(() => null));
  response.writeHead(body === null ? 404 : 200, {
    'content-type': TYPES[extname(file)] ?? 'text/plain',
    'content-security-policy': POLICY,
  });
  response.end(body);
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const { port } = server.address();

const browser = await launchChromium();
try {
  await mkdir(folder, { recursive: true });
  const probe = await browser.newPage();
  await probe.goto(`http://127.0.0.1:${port}/?scene=closed`);
  const { SCENES } = await import('../test/widget/gallery/scenes.ts');
  for (const [name, { size = 'bubble' }] of Object.entries(SCENES)) {
    if (only.length > 0 && !only.includes(name)) continue;
    for (const theme of ['light', 'dark']) {
      const page = await browser.newPage({ viewport: SIZES[size], colorScheme: theme });
      page.on('console', (message) => console.log(`${name}: ${message.text()}`));
      page.on('pageerror', (error) => console.log(`${name}: ${error.stack}`));
      await page.goto(`http://127.0.0.1:${port}/?scene=${name}`);
      await page.waitForSelector('html[data-ready]', { timeout: 15_000, state: 'attached' });
      await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
      await page.close();
    }
  }
  if (only.length === 0 || only.includes(DEMO)) await demoPictures(browser, folder);
} finally {
  await browser.close();
  server.close();
}
