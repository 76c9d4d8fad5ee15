/** What later entries make of a message: the same whatever the order, and bounded. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fold } from '../../sdk/chat/entry-rows.js';
import { deedOf, merge } from '../../sdk/chat/fold.js';
import { type Entry, type EntryBody, NO_TAG } from '../../sdk/protocol/entry.js';
import { MAX_REACTIONS } from '../../sdk/protocol/limits.js';
import { type Random, withRandom } from '../support/fuzz.js';
import { keyOf } from './stores.js';

const LOG = new Uint8Array(8).fill(1);
const TARGET = { author: keyOf(1), device: LOG, seq: 1 };

function entry(seq: number, body: EntryBody, change: Partial<Entry> = {}): Entry {
  const place = { conversation: new Uint8Array(16), author: keyOf(1), device: LOG, seq };
  return { ...place, after: seq, time: 1_000 + seq, body, tag: NO_TAG, ...change };
}

const edit = (seq: number, text: string) => entry(seq, { kind: 'edit', target: TARGET, text });
const react = (seq: number, emoji: string, isSet = true, change: Partial<Entry> = {}) =>
  entry(seq, { kind: 'react', target: TARGET, isSet, emoji }, change);
const foldOf = (...entries: readonly Entry[]): Fold =>
  entries.reduce((fold, each) => merge(fold, deedOf(each)?.fold ?? {}), {} as Fold);
const shown = (fold: Fold) =>
  (fold.reactions ?? []).filter(({ isSet }) => isSet).map(({ emoji }) => emoji);

test('the newest edit counts, by the order of entries and not of arrival', () => {
  const [first, second] = [edit(2, 'first'), edit(3, 'second')];
  assert.is(foldOf(first, second).edit?.text, 'second');
  assert.is(foldOf(second, first).edit?.text, 'second');
  assert.is(foldOf(second, first).edit?.time, 1_003);
});

test('an edit without words is what is left of one that was replaced, and changes nothing', () => {
  assert.is(deedOf(edit(2, '')), null);
});

test('an emoji is there once a person, and gone when it is taken back', () => {
  const others = { author: keyOf(2) };
  assert.equal(shown(foldOf(react(2, '👍'), react(3, '👍'), react(4, '❤️'))), ['👍', '❤️']);
  assert.equal(shown(foldOf(react(2, '👍'), react(3, '👍', false))), []);
  assert.equal(shown(foldOf(react(3, '👍', false), react(2, '👍'))), []);
  const both = foldOf(react(2, '👍'), react(2, '👍', true, others), react(3, '👍', false));
  assert.equal(shown(both), ['👍']);
});

test('a deletion takes everything with it, and nothing comes after it', () => {
  const gone = entry(5, { kind: 'delete', target: TARGET });
  const all = [edit(2, 'words'), react(3, '👍'), gone, edit(9, 'later'), react(10, '❤️')];
  assert.equal(foldOf(...all), { isDeleted: true });
  assert.equal(foldOf(...[...all].reverse()), { isDeleted: true });
});

test('an edit or a deletion can only name an entry of its own author', () => {
  const { author } = deedOf(
    entry(2, { kind: 'edit', target: TARGET, text: 'x' }, { author: keyOf(7) }),
  )?.target ?? { author: null };
  assert.equal(author, keyOf(7));
  const gone = deedOf(entry(2, { kind: 'delete', target: TARGET }, { author: keyOf(7) }));
  assert.equal(gone?.target.author, keyOf(7));
});

test('an emoji that would reorder the text around it is none', () => {
  for (const emoji of ['\u202e', 'a\nb', ' 👍', '\u0000']) assert.is(deedOf(react(2, emoji)), null);
});

test('so many emoji of one person are kept, the newest ones, and those of others besides', () => {
  const many = Array.from({ length: MAX_REACTIONS + 9 }, (_, n) => react(n + 2, `e${n}`));
  const theirs = react(2, 'theirs', true, { author: keyOf(2) });
  const fold = foldOf(theirs, ...many);
  assert.is(fold.reactions?.length, MAX_REACTIONS + 1);
  assert.not.ok(shown(fold).includes('e8'));
  assert.ok(shown(fold).includes('e9') && shown(fold).includes('theirs'));
});

function randomEntries(random: Random): Entry[] {
  return Array.from({ length: random.between(2, 90) }, (_, n) => {
    const change = { author: keyOf(random.between(1, 2)), after: random.between(1, 20) };
    const kind = random.below(40);
    if (kind === 0) return entry(n + 2, { kind: 'delete', target: TARGET }, change);
    if (kind < 10) return { ...edit(n + 2, `t${n}`), after: change.after };
    return react(n + 2, `e${random.below(60)}`, random.below(3) > 0, change);
  });
}

test('any order, any grouping and any repetition of the same entries gives the same', () => {
  withRandom((random) => {
    for (let run = 0; run < 300; run++) {
      const folds = randomEntries(random).map((each) => deedOf(each)?.fold ?? {});
      const expected = folds.reduce(merge, {});
      let rest: Fold[] = [...folds, ...folds.slice(0, random.below(folds.length))];
      while (rest.length > 1) {
        const [a] = rest.splice(random.below(rest.length), 1);
        const [b] = rest.splice(random.below(rest.length), 1);
        rest = [...rest, merge(a as Fold, b as Fold)];
      }
      assert.equal(rest[0], expected);
    }
  });
});

test.run();
