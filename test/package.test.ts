/** The package as people install it: every entry point is there, loads in Node, and is typed. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sourcesHash } from '../scripts/freshness.mjs';
import { builtDist } from './support/dist.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

type Target = string | { types: string; default: string };
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  bin: Record<string, string>;
  exports: Record<string, Target>;
  sideEffects: string[];
};

/** Loads an entry point by its public name, as a program that depends on pim-chat does. */
const load = (entry: string): Promise<Record<string, unknown>> => import(join('pim-chat', entry));

test.before(async () => {
  await builtDist();
});

test('every file that package.json names is built', () => {
  const targets = Object.values(manifest.exports).flatMap((target) =>
    typeof target === 'string' ? [target] : [target.types, target.default],
  );
  const named = [...targets, ...Object.values(manifest.bin), ...manifest.sideEffects];
  assert.equal(
    named.filter((path) => !existsSync(join(ROOT, path))),
    [],
  );
});

test('the SDK and the relay load in Node by their public names', async () => {
  assert.type((await load('.')).Pim, 'function');
  assert.is((await load('sdk')).Pim, (await load('.')).Pim);
  assert.ok(Object.keys(await load('relay')).length > 0);
});

test('the element class can be imported where there is no DOM', async () => {
  assert.type((await load('widget')).PimChat, 'function');
});

test('the command runs and knows its version', () => {
  const cli = join(ROOT, manifest.bin.pim ?? '');
  assert.match(execFileSync(cli, ['--version'], { encoding: 'utf8' }), manifest.version);
});

test('the inbox names the sources it was built of', () => {
  const { chunks } = JSON.parse(readFileSync(join(ROOT, 'dist/.manifest.json'), 'utf8')) as {
    chunks: { file: string; modules: string[] }[];
  };
  const { file } = chunks.find(({ modules }) => modules.includes('widget/inbox/about.tsx')) ?? {};
  const code = readFileSync(join(ROOT, 'dist', file ?? ''), 'utf8');
  assert.ok(code.includes(sourcesHash().slice(0, 8)));
});

test('the element manifest describes <pim-chat>', () => {
  const text = readFileSync(join(ROOT, 'dist/custom-elements.json'), 'utf8');
  assert.ok(text.includes('"tagName": "pim-chat"'), 'no tag name: the class needs `@tag pim-chat`');
});

test('no two builds of one module meet in a page: nothing imports the registering entry', () => {
  const { chunks } = JSON.parse(readFileSync(join(ROOT, 'dist/.manifest.json'), 'utf8')) as {
    chunks: { file: string; imports: string[]; dynamicImports: string[] }[];
  };
  const importers = chunks.filter(({ imports, dynamicImports }) =>
    [...imports, ...dynamicImports].includes('pim-chat.js'),
  );
  assert.equal(importers, []);
});

test.run();
