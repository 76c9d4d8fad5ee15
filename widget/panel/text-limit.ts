/**
 * How much of a text is too much. The limit counts bytes of UTF-8; people count characters.
 */

/** docs/limits.md, MAX_TEXT_BYTES. */
export const MAX_MESSAGE_BYTES = 16_000;

const encoder = new TextEncoder();

/**
 * How many characters of `text` are too many for `maxBytes`; negative: about how many may follow,
 * each taken as wide as those before.
 */
export function charactersOver(text: string, maxBytes: number): number {
  const bytes = encoder.encode(text).length;
  const characters = [...text];
  if (bytes <= maxBytes) {
    const width = characters.length === 0 ? 1 : bytes / characters.length;
    return -Math.floor((maxBytes - bytes) / width);
  }
  let over = bytes - maxBytes;
  let count = 0;
  while (over > 0) {
    count += 1;
    over -= encoder.encode(characters.at(-count)).length;
  }
  return count;
}
