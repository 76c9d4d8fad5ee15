/** Rules about files as people read them: headers, length, documents, stray names, muted tests. */

import ts from 'typescript';
import { type Codebase, nodes, place, type Source } from './sources.js';

export const MAX_LINES = 250;
/** A list of cases grows without becoming two things. */
export const MAX_TEST_LINES = 500;
const MIN_HEADER_CHARS = 15;

/** A file begins by saying what it is for. */
export function missingHeaders(sources: readonly Source[]): string[] {
  return sources
    .filter(({ text }) => {
      const header = /^(?:#!.*\n)?\s*\/\*\*([\s\S]*?)\*\//.exec(text)?.[1] ?? '';
      return header.replace(/[\s*]+/g, ' ').trim().length < MIN_HEADER_CHARS;
    })
    .map(({ path }) => `${path} does not begin with a comment that says what it is for`);
}

const mostLines = (path: string): number => (path.startsWith('test/') ? MAX_TEST_LINES : MAX_LINES);

/** Files that are too long, and exceptions that are no longer needed. */
export function longFiles(
  sources: readonly Source[],
  exceptions: Readonly<Record<string, string>>,
): string[] {
  const lines = new Map(sources.map(({ path, text }) => [path, text.trimEnd().split('\n').length]));
  const long = [...lines]
    .filter(([path, count]) => count > mostLines(path) && !exceptions[path])
    .map(([path, count]) => `${path} has ${count} lines; is it two things?`);
  const idle = Object.keys(exceptions)
    .filter((path) => (lines.get(path) ?? 0) <= mostLines(path))
    .map((path) => `${path} is short enough to need no exception`);
  return [...long, ...idle];
}

/** The codes of `ErrorDetails` in `file`. */
export function errorCodes(code: Codebase, file: string): string[] {
  for (const node of nodes(code.file(file))) {
    if (!ts.isInterfaceDeclaration(node) || node.name.text !== 'ErrorDetails') continue;
    return node.members.flatMap(({ name }) =>
      name && ts.isStringLiteral(name) ? [name.text] : [],
    );
  }
  return [];
}

/** Codes that appear in no file but `definedIn`. */
export function unusedCodes(code: Codebase, codes: readonly string[], definedIn: string): string[] {
  const used = new Set<string>();
  for (const path of code.under('sdk', 'relay', 'widget')) {
    if (path === definedIn) continue;
    for (const node of nodes(code.file(path)))
      if (ts.isStringLiteralLike(node)) used.add(node.text);
  }
  return codes.filter((one) => !used.has(one)).map((one) => `nothing uses the error code ${one}`);
}

/** Names of the constants `file` exports. */
export function exportedConstants(code: Codebase, file: string): string[] {
  return code.file(file).statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement)) return [];
    const isExported = statement.modifiers?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword);
    const names = statement.declarationList.declarations.map(({ name }) => name.getText());
    return isExported ? names : [];
  });
}

/** Names that `document` does not hold between backticks. */
export function unlisted(names: readonly string[], document: Source): string[] {
  if (document.text === '') return [`${document.path} is missing`];
  return names
    .filter((name) => !document.text.includes(`\`${name}\``))
    .map((name) => `${document.path} does not list \`${name}\``);
}

/** Calls of `.only` and `.skip`: a green run must mean that everything ran. */
export function mutedTests(code: Codebase): string[] {
  return code.under('test').flatMap((path) =>
    [...nodes(code.file(path))].flatMap((node) => {
      if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
      const { expression, name } = node.expression;
      const isMuted = ts.isIdentifier(expression) && /^(?:only|skip)$/.test(name.text);
      return isMuted ? [`${place(node)} calls ${expression.text}.${name.text}`] : [];
    }),
  );
}

/** Paths of one machine, and hosts packages are fetched from: true for nobody else. */
const STRAY = [
  /(?:^|[^\w./-])\/(?:work|root)\/[\w.-]+/,
  /\bregistry\.(?:npmjs|yarnpkg|npmmirror)\.\w+/,
  /\b(?:artifactory|nexus|verdaccio)\.[\w-]+\.\w+/,
];

export function strayNames(files: readonly Source[]): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const stray = STRAY.map((pattern) => pattern.exec(line)?.[0].trim()).find(Boolean);
      return stray ? [`${path}:${index + 1} names ${stray}`] : [];
    }),
  );
}
