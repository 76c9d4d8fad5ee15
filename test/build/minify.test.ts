/** The build shortens styles and scripts without changing what they say. */

import { transform } from 'esbuild';
import ts from 'typescript';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EAGER, eagerly, inlineLimits, shortCss } from '../../scripts/minify.mjs';
import { BASE } from '../../widget/styles/base.js';
import { INBOX_STYLES } from '../../widget/styles/inbox.js';
import { PANEL_STYLES } from '../../widget/styles/panel.js';

/** One spelling for all style sheets that mean the same. */
async function canonical(css: string): Promise<string> {
  const { code, warnings } = await transform(css, { loader: 'css', minify: true });
  assert.equal(warnings, []);
  return code;
}

for (const [name, css] of Object.entries({ BASE, PANEL_STYLES, INBOX_STYLES })) {
  test(`the short form of ${name} means the same`, async () => {
    const short = shortCss(css);
    assert.ok(short.length < css.length);
    assert.is(await canonical(short), await canonical(css));
  });
}

test('a line break between two words stays a blank', () => {
  assert.is(shortCss('a\n b{\n margin:0\n 1px;\n}\n/* x */'), 'a b{margin:0 1px}');
});

test('a limit stands as its number where it is used, and nothing else of that name does', () => {
  const source = `
    import { KEY_BYTES, MAX_PAGE as PAGE, PADDED_SIZES } from '../protocol/limits.js';
    import { MAX_NAME_BYTES } from './other.js';
    export const all = { KEY_BYTES, size: PAGE, PAGE: x.PAGE, list: PADDED_SIZES, MAX_NAME_BYTES };`;
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    transformers: { before: [inlineLimits] },
  });
  assert.match(outputText, 'KEY_BYTES: 32, size: 500, PAGE: x.PAGE, list: PADDED_SIZES, MAX_NAME');
});

test('the hint to compile at once is the first line of the files it is meant for, and no other', () => {
  const chunk = (name: string) => ({
    type: 'chunk',
    name,
    code: 'x',
    sourcemapFileName: `${name}.map`,
  });
  const map = () => ({ type: 'asset', source: JSON.stringify({ mappings: 'AAAA' }) });
  const bundle = { a: chunk('sdk'), 'sdk.map': map(), b: chunk('panel'), 'panel.map': map() };
  eagerly(['panel']).generateBundle.handler({}, bundle);
  assert.is(bundle.a.code, 'x');
  assert.is(bundle.b.code, `${EAGER}x`);
  assert.is(EAGER.split('\n').length, 2);
  const mappings = (of: 'sdk.map' | 'panel.map') => JSON.parse(bundle[of].source).mappings;
  assert.is(mappings('sdk.map'), 'AAAA');
  assert.is(mappings('panel.map'), ';AAAA', 'a line further down');
});

test.run();
