/**
 * What a hostile relay can do to envelopes, which it cannot read: recipes for the `tamper` part of
 * the seam. Each keeps what it remembers within a bound.
 */

import { type Bytes, equal } from '../../sdk/base/bytes.js';
import { keyName, keyOf } from '../envelope.js';
import type { Envelope, Tamper } from '../forward.js';

/** Envelopes kept for later, and keys known by having sent something. */
const MAX_KEPT = 256;
const MAX_KEYS = 256;
/** Milliseconds an envelope is held for another one to overtake it. */
const HELD_MS = 1_000;
/** Old envelopes that go out with each new one. */
const REPLAYED = 8;

export const drop: Tamper = () => [];

/** Envelopes with one byte changed, at `at` (negative: from the end). */
export function flip(at: number | (() => number)): Tamper {
  return ({ to, sealed }) => [{ to, sealed: flipped(sealed, typeof at === 'number' ? at : at()) }];
}

/** One bit of the byte at `at` differs; beyond the end it counts on from the beginning. */
export function flipped(bytes: Bytes, at: number): Bytes {
  const changed = bytes.slice() as Bytes;
  const index = (at < 0 ? changed.length + at : at) % changed.length;
  changed[index] = (changed[index] as number) ^ 1;
  return changed;
}

export function repeat(times: number): Tamper {
  return (envelope) => Array.from({ length: times }, () => envelope);
}

/** Envelopes change places in pairs: each is held until the next one has gone out, or for a while. */
export function swapOrder(setTimer: (run: () => void, ms: number) => unknown): Tamper {
  let held: Envelope | null = null;
  return (envelope, deliver) => {
    if (held === null) {
      held = envelope;
      setTimer(() => {
        if (held !== envelope) return;
        held = null;
        deliver(envelope);
      }, HELD_MS);
      return [];
    }
    const both = [envelope, held];
    held = null;
    return both;
  };
}

/** Every other envelope is lost. */
export function everyOther(): Tamper {
  let count = 0;
  return (envelope) => (count++ % 2 === 0 ? [envelope] : []);
}

export function delay(ms: number, setTimer: (run: () => void, ms: number) => unknown): Tamper {
  return (envelope, deliver) => {
    setTimer(() => deliver(envelope), ms);
    return [];
  };
}

/** Bytes of the same size that nobody sealed. */
export function noise(random: (length: number) => Bytes): Tamper {
  return ({ to, sealed }) => [{ to, sealed: random(sealed.length) }];
}

/** What is sent goes back to its sender, and to nobody else. */
export const reflect: Tamper = (envelope) => [{ to: envelope.from, sealed: envelope.sealed }];

/** What is for one of two people goes to the other. */
export function swapRecipients(one: Bytes, other: Bytes): Tamper {
  return (envelope) => {
    const to = equal(envelope.to, one) ? other : equal(envelope.to, other) ? one : envelope.to;
    return [{ to, sealed: envelope.sealed }];
  };
}

/** Everything goes to anybody else who has been heard of, its sender at last. */
export function misdeliver(): Tamper {
  const known = knownKeys();
  return ({ from, to, sealed }) => {
    const others = known(from, to).filter((key) => !equal(key, to));
    return [{ to: others.find((key) => !equal(key, from)) ?? from, sealed }];
  };
}

/** Everything goes to everybody who has been heard of. */
export function broadcast(): Tamper {
  const known = knownKeys();
  return ({ from, to, sealed }) => known(from, to).map((key) => ({ to: key, sealed }));
}

/** Everything that passed, for later. */
export function record(into: Envelope[], then: Tamper = (envelope) => [envelope]): Tamper {
  return (envelope, deliver) => {
    into.push({ ...envelope, sealed: envelope.sealed.slice() as Bytes });
    return then(envelope, deliver);
  };
}

/** With each envelope, the last ones to the same person once more, the newest first. */
export function replay(): Tamper {
  const kept: Envelope[] = [];
  return (envelope) => {
    const old = kept.filter(({ to }) => equal(to, envelope.to)).slice(-REPLAYED);
    kept.push({ ...envelope, sealed: envelope.sealed.slice() as Bytes });
    if (kept.length > MAX_KEPT) kept.shift();
    return [envelope, ...old.reverse()];
  };
}

/** Notes the keys it is asked with, and gives all it knows, the oldest first. */
function knownKeys(): (...keys: Bytes[]) => Bytes[] {
  const names = new Set<string>();
  return (...keys) => {
    for (const key of keys) if (names.size < MAX_KEYS) names.add(keyName(key));
    return [...names].map(keyOf);
  };
}

/** Only the envelopes that are meant go through `then`; `nth` counts those of each sender. */
export function aimed(
  then: Tamper,
  { nth, isMeant }: { readonly nth: number | null; isMeant(sealed: Bytes): boolean },
): Tamper {
  const counts = new Map<string, number>();
  const isNth = (from: Bytes): boolean => {
    if (nth === null) return true;
    const name = keyName(from);
    const count = (counts.get(name) ?? 0) + 1;
    if (counts.size < MAX_KEYS || counts.has(name)) counts.set(name, count);
    return count === nth;
  };
  return (envelope, deliver) =>
    isMeant(envelope.sealed) && isNth(envelope.from) ? then(envelope, deliver) : [envelope];
}
