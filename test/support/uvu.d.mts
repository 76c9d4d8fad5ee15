/** Types of uvu.mjs, for what adds to the outcome of tests. */

/** Asked after every test: what else is wrong, one line each. What is told once is not told again. */
export declare const complaints: (() => string[])[];
