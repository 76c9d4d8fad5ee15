/**
 * Writes widget/emoji/data.ts from the Unicode list (unicode-emoji-json) and the words people look for
 * (emojilib), as small as it gets. A test holds that it is fresh. Usage: node scripts/emoji.mjs
 */

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const TARGET = fileURLToPath(new URL('../widget/emoji/data.ts', import.meta.url));
/** Emoji that came later are boxes on systems of 2022; the list is not to show any. */
const NEWEST = 15;
/** Words of an emoji beside its name; more of them double the size for few more finds. */
const WORDS = 4;

/** The text of widget/emoji/data.ts. */
export function emojiData() {
  const require = createRequire(import.meta.url);
  const groups = require('unicode-emoji-json/data-by-group.json');
  const words = require('emojilib');
  const lines = groups.map(({ slug, emojis }) => {
    const known = emojis.filter(({ emoji_version: version }) => Number(version) <= NEWEST);
    const text = known.map((each) => entry(each, words)).join('|');
    return `  [\n    '${slug}',\n    '${text}',\n  ],`;
  });
  return `${HEADER}${lines.join('\n')}\n];\n`;
}

const HEADER = `/**
 * Emoji by group: each with its name and words for it, commas between, bars between emoji. Made by
 * scripts/emoji.mjs of Unicode's list and of emojilib's words (MIT); do not edit.
 */

export const EMOJI: readonly (readonly [group: string, emoji: string])[] = [
`;

function entry({ emoji, name, slug }, words) {
  const label = name.toLowerCase();
  const known = words[emoji] ?? words[emoji.replaceAll('\uFE0F', '')] ?? [];
  const more = known
    .map((word) => word.replaceAll('_', ' ').toLowerCase())
    .filter((word) => !label.includes(word) && /^[\p{L}\p{N} +-]+$/u.test(word));
  const isFlag = slug.startsWith('flag_'); // its country says it all
  const all = [label, ...(isFlag ? [] : more.slice(0, WORDS))];
  return `${emoji} ${all.join(',')}`.replaceAll("'", '’');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(TARGET, emojiData());
