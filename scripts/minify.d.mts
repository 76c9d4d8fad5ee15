/** Types of minify.mjs, for its test. */

import type { SourceFile, TransformerFactory } from 'typescript';

export declare function shortCss(css: string): string;

/** A TypeScript transformer: limits as their numbers. */
export const inlineLimits: TransformerFactory<SourceFile>;

/** The line that asks a browser to compile a file at once. */
export const EAGER: string;

interface Output {
  readonly type: string;
  readonly name?: string;
  readonly sourcemapFileName?: string | null;
  code?: string;
  source?: string;
}

/** A rollup plugin; `names` are chunks that begin with `EAGER`. */
export function eagerly(names: readonly string[]): {
  readonly name: string;
  readonly generateBundle: {
    readonly order: 'post';
    handler(options: unknown, bundle: Readonly<Record<string, Output>>): void;
  };
};
