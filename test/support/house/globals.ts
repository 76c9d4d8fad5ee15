/** What the code must not reach: its host except through Platform, and ways to turn text into HTML. */

import ts from 'typescript';
import { type Codebase, nodes, place } from './sources.js';

/** The two hosts. Everything else in sdk/ gets the machine as an argument. */
const isHost = (path: string): boolean =>
  ['sdk/browser.ts', 'sdk/browser-facts.ts'].includes(path) || path.startsWith('sdk/node/');

const HOST_GLOBALS = new Set([
  ...['performance', 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval'],
  ...['requestAnimationFrame', 'requestIdleCallback', 'crypto', 'fetch', 'XMLHttpRequest'],
  ...['WebSocket', 'EventSource', 'RTCPeerConnection', 'BroadcastChannel', 'Worker'],
  ...['indexedDB', 'localStorage', 'sessionStorage', 'caches', 'window', 'document', 'self'],
  ...['globalThis', 'navigator', 'location', 'console', 'process', 'Buffer', 'require'],
  ...['__dirname', '__filename'],
]);

/** Members of globals that are otherwise harmless. */
const HOST_MEMBERS = new Set(['Date.now', 'Math.random', 'AbortSignal.timeout']);

/** Properties and functions that take HTML or code as text. */
const HTML_SINKS = new Set([
  ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe', 'parseHTMLUnsafe'],
  ...['srcdoc', 'createContextualFragment', 'DOMParser', 'dangerouslySetInnerHTML', 'eval'],
]);

export function hostGlobals(code: Codebase): string[] {
  return code
    .under('sdk')
    .filter((path) => !isHost(path))
    .flatMap((path) => [...reachedFor(code, path)]);
}

function* reachedFor(code: Codebase, path: string): Generator<string> {
  for (const { specifier } of code.imports(path)) {
    if (specifier.startsWith('node:')) yield `${path} imports ${specifier}`;
  }
  for (const node of nodes(code.file(path))) {
    const name = ts.isIdentifier(node) && isValue(node) ? hostName(node) : null;
    if (name && code.isGlobal(node as ts.Identifier)) yield `${place(node)} uses ${name}`;
  }
}

function hostName(node: ts.Identifier): string | null {
  const { parent, text } = node;
  if (HOST_GLOBALS.has(text)) return text;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
    const member = `${text}.${parent.name.text}`;
    return HOST_MEMBERS.has(member) ? member : null;
  }
  const isClock = ts.isNewExpression(parent) && parent.expression === node && text === 'Date';
  return isClock && !parent.arguments?.length ? 'new Date()' : null;
}

/** Neither a type, nor a name after a dot, nor the key of a property. */
function isValue(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false;
  if (ts.isJsxAttribute(parent) || ts.isQualifiedName(parent)) return false;
  if (ts.isBindingElement(parent) && parent.propertyName === node) return false;
  const isKey = 'name' in parent && parent.name === node;
  return !isKey && !ts.findAncestor(node, isTypeOnly);
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isExpressionWithTypeArguments(node)) {
    return ts.isHeritageClause(node.parent) && ts.isInterfaceDeclaration(node.parent.parent);
  }
  return ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}

/** Nobody's words become markup: chat text is text nodes, in every view. */
export function htmlSinks(code: Codebase): string[] {
  return code.under('widget').flatMap((path) =>
    [...nodes(code.file(path))].flatMap((node) => {
      const name = sinkName(node);
      return name === null ? [] : [`${place(node)} uses ${name}`];
    }),
  );
}

function sinkName(node: ts.Node): string | null {
  if (ts.isIdentifier(node) && HTML_SINKS.has(node.text)) return node.text;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    const name = node.argumentExpression.text;
    return HTML_SINKS.has(name) ? name : null;
  }
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const isWrite = node.expression.text === 'document' && /^write(?:ln)?$/.test(node.name.text);
    return isWrite ? `document.${node.name.text}` : null;
  }
  const isCall = ts.isNewExpression(node) || ts.isCallExpression(node);
  const callee = isCall && ts.isIdentifier(node.expression) ? node.expression.text : '';
  return callee === 'Function' ? 'Function()' : null;
}
