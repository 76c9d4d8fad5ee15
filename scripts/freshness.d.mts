/** Types of freshness.mjs, for the tests that need a build. */

export interface BuildOutcome {
  built: boolean;
  problems: string[];
}

export declare const STAMP: string;
export declare function sourcesHash(): string;
export declare function freshProblems(): string[] | null;
export declare function ensureBuilt(): Promise<BuildOutcome>;
export declare function withBuildLock<T>(work: () => Promise<T>): Promise<T>;
