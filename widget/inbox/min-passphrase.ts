/** What every passphrase of this chat has to be. */

/** Characters. What guards a key or a file for years is a sentence, not a word. */
export const MIN_PASSPHRASE = 10;
