/** Types of emoji.mjs, for its test. */

/** The text of widget/emoji/data.ts. */
export declare function emojiData(): string;
