/**
 * Any course of writing, editing, deleting, reacting, reading, breaking lines, dying pages, full disks
 * and jumping clocks ends with the same conversation everywhere, nothing lost, doubled or moved.
 * `PIM_TEST_SEED=<seed>` repeats a run, `PIM_MODEL_RUNS=<n>` makes it longer.
 */

import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Conversation } from '../../../sdk/chat/conversation.js';
import { Shelf } from '../../../sdk/chat/shelf.js';
import type { Failure } from '../broken-storage.js';
import { BrokenStorage } from '../broken-storage.js';
import { type Step, World } from './world.js';

const DAY = 86_400_000;
const RUNS = Number(process.env.PIM_MODEL_RUNS ?? 60);

const who = fc.nat(2);
const pick = fc.nat(40);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), who, pick }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('edit', 'delete', 'reply'), who, pick }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('react' as const), who, pick, isSet: fc.boolean() }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constant('carry' as const),
      line: fc.nat(5),
      end: fc.constantFrom(0 as const, 1 as const),
      count: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('connect' as const), who, keeps: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), line: fc.nat(5) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      who,
      nth: fc.integer({ min: 1, max: 4 }),
      how: fc.constantFrom<Failure>('full', 'crash-before', 'crash-after'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('read', 'reload', 'heal'), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('jump' as const),
      who,
      ms: fc.integer({ min: -4_000 * DAY, max: 4_000 * DAY }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(70_000) }) },
);

const steps = fc.array(step, { minLength: 20, maxLength: 160, size: 'max' });

async function live(annsDevices: 1 | 2, course: readonly Step[]): Promise<void> {
  const world = await World.of(annsDevices);
  for (const each of course) await world.step(each);
  await world.check();
}

/** @returns how many steps were made */
async function explore(annsDevices: 1 | 2, runs: number): Promise<number> {
  let count = 0;
  const given = process.env.PIM_TEST_SEED;
  const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
  const property = fc.asyncProperty(steps, async (course) => {
    count += course.length;
    await live(annsDevices, course);
  });
  console.log(`model with ${annsDevices + 1} devices: PIM_TEST_SEED=${seed}`);
  await fc.assert(property, { seed, numRuns: runs });
  return count;
}

for (const annsDevices of [1, 2] as const) {
  test(`any course on ${annsDevices + 1} devices ends level, with nothing lost or doubled`, async () => {
    const count = await explore(annsDevices, RUNS);
    assert.ok(count > RUNS * 20, `${count} steps`);
  });
}

/** The model must be able to fail: each of these is broken on purpose, and must be found. */
async function isFound(plant: () => () => void): Promise<boolean> {
  const undo = plant();
  try {
    await fc.assert(
      fc.asyncProperty(steps, (course) => live(2, course)),
      { numRuns: 150, endOnFailure: true },
    );
    return false;
  } catch {
    return true;
  } finally {
    undo();
  }
}

function swap<Part extends object, Name extends keyof Part>(
  part: Part,
  name: Name,
  change: (original: Part[Name]) => Part[Name],
): () => void {
  const original = part[name];
  part[name] = change(original);
  return () => {
    part[name] = original;
  };
}

const hasFold = (row: unknown) => typeof row === 'object' && row !== null && 'fold' in row;

const PLANTS: readonly [what: string, plant: () => () => void][] = [
  [
    'an acknowledgement before the write is done',
    () =>
      swap(
        BrokenStorage.prototype,
        'write',
        (write) =>
          async function (this: BrokenStorage, writes) {
            const isTheirs = writes.some(({ table }) => table === 'logs');
            if (!isTheirs || this.writes % 5 !== 3) return write.call(this, writes);
            // Said to be written, and gone with the next crash.
          },
      ),
  ],
  [
    'a write of which only a part is done',
    () =>
      swap(
        BrokenStorage.prototype,
        'write',
        (write) =>
          function (this: BrokenStorage, writes) {
            const isTorn = this.writes % 7 === 6;
            return write.call(
              this,
              isTorn ? writes.filter(({ table }) => table !== 'conversations') : writes,
            );
          },
      ),
  ],
  [
    'sending again from one entry too late',
    () =>
      swap(
        Conversation.prototype,
        'ownAfter',
        (ownAfter) =>
          function (this: Conversation, seq, limit) {
            return ownAfter.call(this, seq > 2 ? seq + 1 : seq, limit);
          },
      ),
  ],
  [
    'an entry that is taken twice',
    () =>
      swap(
        Conversation.prototype,
        'receive',
        (receive) =>
          async function (this: Conversation, entries) {
            const stored = await receive.call(this, entries);
            return stored.length > 2 ? [...stored, ...stored] : stored;
          },
      ),
  ],
  [
    'a change that does not reach its message',
    () =>
      swap(
        BrokenStorage.prototype,
        'write',
        (write) =>
          function (this: BrokenStorage, writes) {
            const isKept = (each: (typeof writes)[number]) =>
              !('value' in each) || each.table !== 'entries' || !hasFold(each.value);
            return write.call(this, this.writes % 3 === 0 ? writes.filter(isKept) : writes);
          },
      ),
  ],
  [
    'a page that leaves its oldest message out',
    () =>
      swap(
        Shelf.prototype,
        'before',
        (before) =>
          async function (this: Shelf, ref, limit) {
            const page = await before.call(this, ref, limit);
            return page.entries.length > 3 ? { ...page, entries: page.entries.slice(0, -1) } : page;
          },
      ),
  ],
];

for (const [what, plant] of PLANTS) {
  test(`the model finds ${what}`, async () => {
    assert.ok(await isFound(plant), 'it was not found');
  });
}

test.run();
