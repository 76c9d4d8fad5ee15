/** The emoji to choose from: all there, found by words, with a tone, and remembered with care. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_EMOJI_BYTES } from '../../sdk/protocol/limits.js';
import { emojiOf, GROUPS, searchEmoji, TONES, toned } from '../../widget/emoji/catalogue.js';
import { COMFORT_STRINGS } from '../../widget/strings/comforts.js';

const LIST: Readonly<Record<string, { readonly skin_tone_support: boolean }>> = createRequire(
  import.meta.url,
)('unicode-emoji-json/data-by-emoji.json');
const DATA = fileURLToPath(new URL('../../widget/emoji/data.ts', import.meta.url));

const bytes = (text: string): number => new TextEncoder().encode(text).length;

test('the list is the one of the packages it is made of', async () => {
  const { emojiData } = await import('../../scripts/emoji.mjs');
  assert.ok(readFileSync(DATA, 'utf8') === emojiData(), 'run node scripts/emoji.mjs');
});

test('every group has emoji and a name, every emoji a word, and each may be a reaction', () => {
  assert.is(GROUPS.length, 9);
  for (const group of GROUPS) {
    assert.ok(`emoji.${group}` in COMFORT_STRINGS, group);
    assert.ok(emojiOf(group).length > 50, group);
    for (const { emoji, words } of emojiOf(group)) {
      assert.ok(words[0], emoji);
      assert.match(emoji, /[\p{Emoji}]/u);
      for (const tone of TONES.keys()) {
        assert.ok(bytes(toned(emoji, tone)) <= MAX_EMOJI_BYTES, emoji);
      }
    }
  }
  assert.equal(emojiOf('no such group'), []);
});

const first = (query: string): string | undefined => searchEmoji(query)[0]?.emoji;

test('finds by name, by beginnings of words, and by other words for it', () => {
  assert.is(first('red heart'), '❤️');
  assert.is(first('pizza'), '🍕');
  assert.is(first('FLAG POL'), '🇵🇱');
  assert.ok(searchEmoji('happy').some(({ emoji }) => emoji === '😀'));
  assert.ok(searchEmoji('medal').some(({ emoji }) => emoji === '🥇'));
  assert.equal(searchEmoji('qqqq'), []);
  assert.equal(searchEmoji('  '), []);
  assert.ok(searchEmoji('a').length <= 120);
});

test('a tone goes to each person of an emoji, and to nothing else', () => {
  assert.is(toned('👍', 1), '👍🏻');
  assert.is(toned('☝️', 5), '☝🏿');
  assert.is(toned('🧑‍🤝‍🧑', 3), '🧑🏽‍🤝‍🧑🏽');
  assert.is(toned('👍', 0), '👍');
  assert.is(toned('🍕', 3), '🍕');
  assert.is(toned('👍', 99), '👍');
  const known = Object.entries(LIST).filter(([emoji]) =>
    GROUPS.some((group) => emojiOf(group).some((each) => each.emoji === emoji)),
  );
  assert.ok(known.length > 1_800);
  for (const [emoji, { skin_tone_support: hasTones }] of known) {
    assert.is(toned(emoji, 2) !== emoji, hasTones, emoji);
  }
});

/** Each copy of the module has a memory of its own, as each page has. */
async function freshMemory(stored: string | null) {
  const kept = new Map<string, string>(stored === null ? [] : [['pim-emoji', stored]]);
  const localStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  Object.defineProperty(globalThis, 'localStorage', { value: localStorage, configurable: true });
  copies += 1;
  const memory: typeof import('../../widget/emoji/memory.js') = await import(
    `../../widget/emoji/memory.js?copy=${copies}`
  );
  return { kept, ...memory };
}
let copies = 0;

test('remembers what was chosen lately, once each and not for ever', async () => {
  const { chose, recall, kept } = await freshMemory(null);
  for (const emoji of ['🍕', '👍', '🍕']) chose(emoji, true);
  assert.equal(recall(true).recent, ['🍕', '👍']);
  for (const { emoji } of emojiOf('flags').slice(0, 100)) chose(emoji, true);
  assert.is(recall(true).recent.length, 24);
  assert.ok(kept.has('pim-emoji'));
});

test('keeps nothing where chats are kept in memory', async () => {
  const { chose, recall, kept } = await freshMemory(null);
  chose('🍕', false);
  assert.equal(recall(false).recent, ['🍕']);
  assert.is(kept.size, 0);
});

test('whatever lies in the store of the browser harms nothing', async () => {
  for (const odd of ['{', 'null', '7', '{"recent":7}', '{"recent":[7,"","x"],"tone":"a"}', '[]']) {
    const { recall } = await freshMemory(odd);
    const { recent, tone } = recall(true);
    assert.ok(recent.every((each) => typeof each === 'string' && each !== ''));
    assert.is(tone, 0);
  }
  const long = await freshMemory(JSON.stringify({ recent: Array(9_999).fill('a'.repeat(40)) }));
  assert.equal(long.recall(true).recent, []);
});

test.run();
