/** The house rules can fail: each is shown a small source that breaks it and one that does not. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as files from './support/house/files.js';
import { hostGlobals, htmlSinks } from './support/house/globals.js';
import { circles, secondDoors, undeclaredPackages, wrongLayers } from './support/house/imports.js';
import { Codebase } from './support/house/sources.js';

type Tree = Record<string, string>;

const sources = (tree: Tree) => Object.entries(tree).map(([path, text]) => ({ path, text }));
const code = (tree: Tree): Codebase => new Codebase(sources(tree));

const layers = suite('layers');

const refuses = (from: string, to: string, statement = (path: string) => `import '${path}';`) => {
  const up = '../'.repeat(from.split('/').length - 1);
  const text = statement(`${up}${to.replace(/\.ts$/, '.js')}`);
  const wrong = wrongLayers(code({ [from]: text, [to]: 'export type T = 1;' }));
  return wrong.length > 0;
};

layers('nothing is imported from above', () => {
  assert.ok(refuses('sdk/base/a.ts', 'sdk/protocol/b.ts'));
  assert.ok(refuses('sdk/protocol/a.ts', 'sdk/crypto/b.ts'));
  assert.ok(refuses('sdk/storage/a.ts', 'sdk/chat/b.ts'));
  assert.ok(refuses('sdk/chat/a.ts', 'sdk/pim.ts'));
  assert.ok(refuses('sdk/pim.ts', 'sdk/node/b.ts'));
  assert.ok(refuses('relay/a.ts', 'sdk/transport/b.ts'));
  assert.ok(refuses('relay/a.ts', 'sdk/node/b.ts'));
  assert.ok(refuses('sdk/pim.ts', 'widget/b.ts'));
  assert.ok(refuses('sdk/pim.ts', 'test/b.ts'));
});

layers('what stands below may be imported', () => {
  assert.not(refuses('sdk/protocol/a.ts', 'sdk/base/b.ts'));
  assert.not(refuses('sdk/chat/a.ts', 'sdk/storage/b.ts'));
  assert.not(refuses('sdk/node/a.ts', 'relay/b.ts'));
  assert.not(refuses('relay/a.ts', 'sdk/crypto/b.ts'));
  assert.not(refuses('sdk/base/a.ts', 'sdk/base/deep/b.ts'));
});

layers('the widget sees the SDK through its index only', () => {
  assert.not(refuses('widget/panel/a.ts', 'sdk/index.ts'));
  assert.ok(refuses('widget/panel/a.ts', 'sdk/pim.ts'));
  assert.ok(refuses('widget/panel/a.ts', 'sdk/base/errors.ts'));
});

layers('types, re-exports and dynamic imports count too', () => {
  const from = 'sdk/base/a.ts';
  const to = 'sdk/protocol/b.ts';
  assert.ok(refuses(from, to, (path) => `import type { T } from '${path}';`));
  assert.ok(refuses(from, to, (path) => `export * from '${path}';`));
  assert.ok(refuses(from, to, (path) => `export const b = () => import('${path}');`));
  assert.ok(refuses(from, to, (path) => `export type B = import('${path}').T;`));
  assert.not(refuses(from, to, (path) => `// import '${path}';`));
});

layers('a folder that is no layer, and a file that is not there, are reported', () => {
  assert.match(wrongLayers(code({ 'sdk/utils/a.ts': '' }))[0] ?? '', 'not a layer');
  assert.match(wrongLayers(code({ 'sdk/pim.ts': `import './gone.js';` }))[0] ?? '', 'no file');
});

layers('circles are found, through types as well', () => {
  const circle = {
    'sdk/chat/a.ts': `import type { B } from './b.js';`,
    'sdk/chat/b.ts': `export * from './c.js';`,
    'sdk/chat/c.ts': `import { a } from './a.js';`,
  };
  assert.equal(circles(code(circle)), [
    'sdk/chat/a.ts → sdk/chat/b.ts → sdk/chat/c.ts → sdk/chat/a.ts',
  ]);
  assert.equal(circles(code({ ...circle, 'sdk/chat/c.ts': '' })), []);
});

layers('a second door to a package is found, deep imports included', () => {
  const tree = { 'sdk/crypto/a.ts': `import f from 'node-forge/lib/ed25519.js';` };
  assert.equal(secondDoors(code(tree)), []);
  const second = { ...tree, 'relay/b.ts': `import f from 'node-forge';` };
  assert.is(secondDoors(code(second)).length, 1);
  const scoped = {
    'sdk/a.ts': `import '@noble/curves';`,
    'sdk/b.ts': `import '@noble/curves/x.js';`,
  };
  assert.is(secondDoors(code(scoped)).length, 1);
});

layers('an undeclared package is found', () => {
  const tree = { 'sdk/a.ts': `import 'idb'; import '@scope/gone/deep'; import 'node:fs';` };
  assert.equal(undeclaredPackages(code(tree), ['idb']), [
    'sdk/a.ts imports @scope/gone, which is not among the dependencies',
  ]);
});

layers.run();

const globals = suite('globals');

const reaches = (text: string, path = 'sdk/chat/a.ts'): boolean =>
  hostGlobals(code({ [path]: text })).length > 0;

globals('clocks, timers, randomness and hosts are found', () => {
  for (const use of [
    'export const t = Date.now();',
    'export const t = new Date();',
    'export const t = performance.now();',
    'export const t = setTimeout(() => {}, 1);',
    'export const t = AbortSignal.timeout(5);',
    'export const t = Math.random();',
    'export const t = crypto.getRandomValues(new Uint8Array(1));',
    `export const t = new WebSocket('x');`,
    'export const t = new RTCPeerConnection();',
    `export const t = typeof window === 'undefined';`,
    'export const t = { process };',
    'export const t = globalThis.document;',
    'export const t = Buffer.alloc(1);',
    `export class T extends BroadcastChannel {}`,
    `import { readFile } from 'node:fs';`,
  ]) {
    assert.ok(reaches(use), use);
  }
});

globals('the hosts themselves may', () => {
  assert.not(reaches('export const t = Date.now();', 'sdk/browser.ts'));
  assert.not(reaches('export const t = process.argv;', 'sdk/node/cli.ts'));
});

globals('own names, types, keys and members are not globals', () => {
  for (const use of [
    'export const f = (process: string) => process;',
    'export function f() { const location = 1; return location; }',
    'export type T = RTCPeerConnection | typeof WebSocket;',
    'export const f = (x: { crypto: 1 }) => x.crypto;',
    'export const t = { document: 1 };',
    'export interface T { setTimeout(): void }',
    'export const f = (ms: number) => new Date(ms).getTime() + Math.max(1, 2);',
    `import { self } from './b.js'; export const t = self;`,
    'export const f = ({ window }: { window: 1 }) => window;',
  ]) {
    assert.not(reaches(use), use);
  }
});

globals('HTML and code made from text are found in the widget', () => {
  const sinks = (text: string) => htmlSinks(code({ 'widget/a.tsx': text })).length;
  assert.is(sinks(`x.innerHTML = '';`), 1);
  assert.is(sinks(`x['outerHTML'] = '';`), 1);
  assert.is(sinks(`x.insertAdjacentHTML('beforeend', '');`), 1);
  assert.is(sinks(`document.write('');`), 1);
  assert.is(sinks(`eval('1');`), 1);
  assert.is(sinks(`new Function('1');`), 1);
  assert.is(sinks('const a = <p dangerouslySetInnerHTML={x} />;'), 1);
  assert.is(sinks(`// innerHTML\nx.textContent = 'innerHTML'; stream.write('');`), 0);
});

globals.run();

const rules = suite('files');

rules('a header must be there and say something', () => {
  const missing = (text: string) => files.missingHeaders([{ path: 'sdk/a.ts', text }]).length;
  assert.is(missing('export const a = 1;'), 1);
  assert.is(missing('/** A. */\nexport const a = 1;'), 1);
  assert.is(missing('/** Reads the frames that a relay sends. */\n'), 0);
  assert.is(missing('#!/usr/bin/env node\n/** Reads the frames that a relay sends. */\n'), 0);
});

rules('a long file needs a reason, a short one none', () => {
  const long = [{ path: 'sdk/a.ts', text: '\n;'.repeat(files.MAX_LINES) }];
  assert.is(files.longFiles(long, {}).length, 1);
  assert.equal(files.longFiles(long, { 'sdk/a.ts': 'one table' }), []);
  assert.is(files.longFiles([{ path: 'sdk/a.ts', text: ';' }], { 'sdk/a.ts': 'x' }).length, 1);
});

rules('error codes are read, and must be used and listed', () => {
  const errors = `export interface ErrorDetails { 'a/one': null; 'a/two': { x: 1 } }`;
  const tree = code({ 'sdk/base/errors.ts': errors, 'sdk/b.ts': `throw fail('a/one');` });
  const codes = files.errorCodes(tree, 'sdk/base/errors.ts');
  assert.equal(codes, ['a/one', 'a/two']);
  assert.equal(files.unusedCodes(tree, codes, 'sdk/base/errors.ts'), [
    'nothing uses the error code a/two',
  ]);
  const document = { path: 'docs/errors.md', text: '`a/one` means …' };
  assert.equal(files.unlisted(codes, document), ['docs/errors.md does not list `a/two`']);
  assert.is(files.unlisted(codes, { path: 'docs/errors.md', text: '' }).length, 1);
});

rules('exported constants are read', () => {
  const text = 'export const A = 1; const B = 2; export const C = [1] as const;';
  assert.equal(files.exportedConstants(code({ 'sdk/l.ts': text }), 'sdk/l.ts'), ['A', 'C']);
});

rules('paths of one machine and registry hosts are found', () => {
  const stray = (text: string) => files.strayNames([{ path: 'a.md', text }]).length;
  const root = ['', 'root', 'x'].join('/');
  assert.is(stray(`see ${root}`), 1);
  assert.is(stray(`"${['', 'work', 'main'].join('/')}/a.ts"`), 1);
  assert.is(stray(['https://registry', 'npmjs', 'org'].join('.')), 1);
  assert.is(stray(`https://example.org${root}, docs${root}, the root / work`), 0);
});

rules('muted tests are found', () => {
  const muted = (call: string) => files.mutedTests(code({ 'test/a.ts': call })).length;
  assert.is(muted(`test.${'only'}('x', () => {});`), 1);
  assert.is(muted(`reads.${'skip'}('x', () => {});`), 1);
  assert.is(muted(`test('only', () => {});`), 0);
});

rules.run();
