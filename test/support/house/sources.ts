/**
 * Reads source text with the TypeScript compiler, for the rules in this folder: what a file imports,
 * and which names it takes from its surroundings instead of declaring them.
 */

import { posix } from 'node:path';
import ts from 'typescript';

/** A file under its path from the project's root, with `/` on every system. */
export interface Source {
  path: string;
  text: string;
}

export interface Import {
  specifier: string;
  /** Path of the file it means, or null for packages and for files that are not there. */
  target: string | null;
}

/** Sources parsed together, so that imports resolve among them. */
export class Codebase {
  readonly paths: readonly string[];
  readonly #files = new Map<string, ts.SourceFile>();
  readonly #program: ts.Program;

  constructor(sources: readonly Source[]) {
    for (const { path, text } of sources) {
      const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
      this.#files.set(path, file);
    }
    this.paths = sources.map(({ path }) => path);
    const host = ts.createCompilerHost({});
    host.getSourceFile = (path) => this.#files.get(path);
    host.fileExists = (path) => this.#files.has(path);
    host.getCurrentDirectory = () => '';
    const options = { noLib: true, noResolve: true, allowJs: true, jsx: ts.JsxEmit.Preserve };
    this.#program = ts.createProgram([...this.paths], options, host);
  }

  file(path: string): ts.SourceFile {
    const file = this.#files.get(path);
    if (!file) throw new Error(`no source ${path}`);
    return file;
  }

  under(...folders: readonly string[]): string[] {
    return this.paths.filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)));
  }

  /** Imports of every form: static, type-only, re-exports, `import()`, `import('x').T`. */
  imports(path: string): Import[] {
    const found: Import[] = [];
    for (const node of nodes(this.file(path))) {
      const specifier = specifierOf(node);
      if (specifier !== null) found.push({ specifier, target: this.#resolve(path, specifier) });
    }
    return found;
  }

  /** True where nothing in the file declares the name `identifier` stands for. */
  isGlobal(identifier: ts.Identifier): boolean {
    const checker = this.#program.getTypeChecker();
    const symbol = ts.isShorthandPropertyAssignment(identifier.parent)
      ? checker.getShorthandAssignmentValueSymbol(identifier.parent)
      : checker.getSymbolAtLocation(identifier);
    return !symbol?.declarations?.length;
  }

  #resolve(from: string, specifier: string): string | null {
    if (!specifier.startsWith('.')) return null;
    const path = posix.join(posix.dirname(from), specifier);
    const stem = path.replace(/\.jsx?$/, '');
    const candidates = [path, `${stem}.ts`, `${stem}.tsx`, `${stem}.d.ts`];
    return candidates.find((candidate) => this.#files.has(candidate)) ?? null;
  }
}

/** Every node below `root`, in the order of the text. */
export function* nodes(root: ts.Node): Generator<ts.Node> {
  const children: ts.Node[] = [];
  ts.forEachChild(root, (child) => void children.push(child));
  for (const child of children) {
    yield child;
    yield* nodes(child);
  }
}

/** `path:line` of a node, as editors and terminals follow it. */
export function place(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function specifierOf(node: ts.Node): string | null {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return textOf(node.moduleSpecifier);
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return textOf(node.arguments[0]);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return textOf(node.argument.literal);
  }
  return null;
}

function textOf(node: ts.Node | undefined): string | null {
  return node && ts.isStringLiteralLike(node) ? node.text : null;
}
