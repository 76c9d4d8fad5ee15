/**
 * Delays that a slow machine, disk or line would make, in the worlds of the fast tests:
 * `PIM_TEST_JITTER=<seed>` turns them on. A person may be slow or quick as a whole. Whatever comes in an
 * order comes in it still. Off, everything takes the one turn of the event loop it always took.
 */

import type { PendingWork } from './pending-work.js';

/** What something in a world happens after: never in the caller's own turn. */
export type Later = (run: () => void) => void;

const given = process.env.PIM_TEST_JITTER;
const seed = given === undefined || given === '' ? null : Number(given);
if (Number.isNaN(seed)) throw new TypeError('PIM_TEST_JITTER is a number');

export const isJittery = seed !== null;

/** Milliseconds: most things take none, some up to `SOME_MS`, a few in a thousand `FEW_MS`. */
const SOME_MS = 40;
const FEW_MS = 300;
/** No one thing takes longer, however slow its owner. */
const MOST_MS = 600;
/** Milliseconds in all after which nothing is delayed: a thousand messages must not take minutes. */
const ALL_MS = 5_000;
/** How much longer one person's things take than another's: not at all, as drawn, or as drawn times. */
const PACES = [0, 1, 1, 5] as const;

/** Milliseconds that each thing `who` does takes; the same row of them for a seed. */
export function delaysOf(who: string, what: string): () => number {
  if (seed === null) return () => 0;
  const draw = numbers(hash(`${seed} ${who} ${what}`));
  const pace = PACES[Math.floor(draw() * PACES.length)] ?? 1;
  let left = ALL_MS;
  return () => {
    const luck = draw();
    if (luck < 0.7 || left <= 0) return 0;
    const ms = Math.min(MOST_MS, pace * (luck > 0.996 ? FEW_MS : SOME_MS * draw() ** 2));
    left -= ms;
    return ms;
  };
}

/** A way on which nothing overtakes: each thing happens a while later, and after the one before it. */
export function laneOf(work: PendingWork, who: string, what: string): Later {
  if (!isJittery) {
    return (run) => {
      const end = work.begin();
      setImmediate(() => {
        end();
        run();
      });
    };
  }
  const delay = delaysOf(who, what);
  const queue: (() => void)[] = [];
  const pass = () => queue.shift()?.();
  let lastAt = 0;
  return (run) => {
    const end = work.begin();
    queue.push(() => {
      end();
      run();
    });
    const now = performance.now();
    lastAt = Math.max(lastAt, now + delay());
    if (lastAt <= now) setImmediate(pass);
    else setTimeout(pass, lastAt - now);
  };
}

/** Numbers of 0 to below 1: mulberry32. */
function numbers(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return hash;
}
