/** Types of minify.mjs, for its test. */

export declare function shortCss(css: string): string;
