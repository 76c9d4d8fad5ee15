/**
 * How the browser files are made small, without a change to what they do: style texts lose their
 * line breaks, limits become numbers, then esbuild and terser shorten in turn. Measured in docs/decisions/0016.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import terser from '@rollup/plugin-terser';
import { transform } from 'esbuild';
import ts from 'typescript';

const STYLES = fileURLToPath(new URL('../widget/styles/', import.meta.url));

/** CSS without comments, line breaks and semicolons before a brace; nothing else of it changes. */
export function shortCss(css) {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/([{};,>])\s*\n\s*/g, '$1')
    .replace(/\s*\n\s*([{}])/g, '$1')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/;\}/g, '}');
}

/** A TypeScript transformer: every template text under widget/styles is CSS, and becomes short. */
function shortStyles(context) {
  const { factory } = context;
  const visit = (node) => {
    if (ts.isNoSubstitutionTemplateLiteral(node)) {
      return factory.createNoSubstitutionTemplateLiteral(shortCss(node.text));
    }
    if (ts.isTemplateHead(node)) return factory.createTemplateHead(shortCss(node.text));
    if (ts.isTemplateMiddle(node)) return factory.createTemplateMiddle(shortCss(node.text));
    if (ts.isTemplateTail(node)) return factory.createTemplateTail(shortCss(node.text));
    return ts.visitEachChild(node, visit, context);
  };
  return (file) =>
    file.fileName.startsWith(STYLES.replaceAll('\\', '/')) ? ts.visitNode(file, visit) : file;
}

const LIMITS = fileURLToPath(new URL('../sdk/protocol/limits.ts', import.meta.url));
const NUMBERS = new Map(
  [...readFileSync(LIMITS, 'utf8').matchAll(/^export const (\w+) = ([\d_]+);/gm)].map(
    ([, name, number]) => [name, Number(number.replaceAll('_', ''))],
  ),
);

/** Numbers of sdk/protocol/limits.ts that a file imports, by the name it has for them. */
function numbersOf(file) {
  const found = new Map();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const { moduleSpecifier, importClause } = statement;
    const bindings = importClause?.namedBindings;
    if (!/(?:^|\/)limits\.js$/.test(moduleSpecifier.text) || !bindings) continue;
    if (!ts.isNamedImports(bindings)) continue;
    for (const { name, propertyName } of bindings.elements) {
      const number = NUMBERS.get((propertyName ?? name).text);
      if (number !== undefined) found.set(name.text, number);
    }
  }
  return found;
}

/**
 * A TypeScript transformer: a limit stands as its number where it is used. A chunk that is loaded
 * later would otherwise have it handed over by name, from the one everybody loads.
 */
export function inlineLimits(context) {
  const { factory } = context;
  return (file) => {
    const numbers = numbersOf(file);
    const visit = (node) => {
      if (ts.isImportDeclaration(node)) return node;
      if (ts.isShorthandPropertyAssignment(node) && numbers.has(node.name.text)) {
        const number = factory.createNumericLiteral(numbers.get(node.name.text));
        return factory.createPropertyAssignment(node.name.text, number);
      }
      const isName = node.parent?.name === node || node.parent?.propertyName === node;
      if (ts.isIdentifier(node) && !isName && numbers.has(node.text)) {
        return factory.createNumericLiteral(numbers.get(node.text));
      }
      return ts.visitEachChild(node, visit, context);
    };
    return numbers.size === 0 ? file : ts.visitNode(file, visit);
  };
}

/** For @rollup/plugin-typescript. */
export const transformers = { before: [shortStyles, inlineLimits] };

/**
 * The first of two minifiers. It names the private members of each class from the beginning, where
 * terser names them once for all classes: shorter, and alike, so that gzip finds them again.
 */
const esbuild = () => ({
  name: 'esbuild',
  renderChunk: (code) =>
    transform(code, { minify: true, target: 'es2022', sourcemap: true, legalComments: 'none' }),
});

/**
 * Asks V8 to compile a whole file while it arrives, off the main thread, instead of each function
 * at its first call (V8, "explicit compile hints"). It has to be the first line; others read a
 * comment. For files of which the first conversation runs nearly all.
 */
export const EAGER = '//# allFunctionsCalledOnLoad\n';

/** @param names chunks that begin with `EAGER` */
export const eagerly = (names) => ({
  name: 'eagerly',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk' || !names.includes(chunk.name)) continue;
        chunk.code = EAGER + chunk.code;
        // The map is a file of the bundle already; everything in it stands a line further down.
        const map = bundle[chunk.sourcemapFileName ?? ''];
        if (!map) continue;
        const content = JSON.parse(map.source);
        map.source = JSON.stringify({ ...content, mappings: `;${content.mappings}` });
      }
    },
  },
});

/** The plugins that minify a chunk, in their order. */
export const minify = ({ module }) => [
  esbuild(),
  terser({
    module,
    ecma: 2020,
    compress: {
      passes: 3,
      pure_getters: true,
      unsafe_arrows: true,
      keep_fargs: false,
      lhs_constants: false, // `x === null` everywhere reads and packs better than half `null === x`
    },
    format: { comments: false },
  }),
];
