/**
 * Seeded random values for tests, and what must hold of every decoder whatever bytes it is given.
 * Each run takes a new seed; a failure names it, and `PIM_TEST_SEED=<seed>` repeats the run.
 */

import * as assert from 'uvu/assert';
import { type Bytes, concat, toHex } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import type { Test } from './suite.js';

export const INPUTS = 20_000;

/** mulberry32: small, fast, and the same on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** Whole, from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  /** A whole number of up to 53 bits, small ones and the largest among them. */
  u53(): number {
    return Math.floor(this.next() * 2 ** this.pick([0, 8, 16, 31, 32, 33, 52, 53]));
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }

  bytes(length: number): Bytes {
    return Uint8Array.from({ length }, () => this.below(256)) as Bytes;
  }

  /** Characters of `alphabet`, `min` to `max` of them. */
  text(alphabet: string, min: number, max: number): string {
    return Array.from({ length: this.between(min, max) }, () => this.pick([...alphabet])).join('');
  }
}

/** Runs `run` with a fresh seed, which a failure names. */
export function withRandom(run: (random: Random) => void): void {
  const given = process.env.PIM_TEST_SEED;
  const seed = given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given);
  try {
    run(new Random(seed));
  } catch (fault) {
    throw new Error(`failed with PIM_TEST_SEED=${seed}`, { cause: fault });
  }
}

export interface Decoder<Value> {
  /** Whole, well-formed inputs of every shape the layout has. */
  readonly samples: readonly Uint8Array[];
  readonly decode: (bytes: Bytes) => Value;
  /** The bytes of `value`; null where the layout lets several bytes read as the same value. */
  readonly encode: (value: Value) => Uint8Array | null;
  /** Samples of layouts that take whatever follows; their length is fixed elsewhere. */
  readonly isOpenEnded?: (sample: Uint8Array) => boolean;
}

/** Registers what must hold of `decoder`: exact inverse, refusal of all else, no shared memory. */
export function testDecoder<Value>(test: Test, decoder: Decoder<Value>): void {
  const { samples, decode, encode, isOpenEnded = () => false } = decoder;

  /** The value, or null where it was refused; any other outcome is a failure. */
  const attempt = (bytes: Bytes): { value: Value } | null => {
    try {
      return { value: decode(bytes) };
    } catch (fault) {
      if (isPimError(fault, 'frame/invalid')) return null;
      throw new Error(`not refused as frame/invalid: ${toHex(bytes)}`, { cause: fault });
    }
  };

  /** Whatever is accepted must be the only bytes of its value. */
  const holds = (bytes: Bytes): void => {
    const read = attempt(bytes);
    const again = read === null ? null : encode(read.value);
    if (again !== null) assert.is(toHex(again), toHex(bytes));
  };

  test('reads every sample, and writes the same bytes again', () => {
    for (const sample of samples) {
      const again = encode(decode(sample.slice() as Bytes));
      if (again !== null) assert.is(toHex(again), toHex(sample));
    }
  });

  test('refuses every truncation of a sample', () => {
    for (const sample of samples.filter((each) => !isOpenEnded(each))) {
      for (let length = 0; length < sample.length; length++) {
        const cut = sample.slice(0, length) as Bytes;
        assert.ok(attempt(cut) === null, `accepted ${toHex(cut)}`);
      }
    }
  });

  test('refuses every sample with one more byte at its end', () => {
    for (const sample of samples.filter((each) => !isOpenEnded(each))) {
      for (let extra = 0; extra < 256; extra++) {
        const longer = concat(sample, Uint8Array.of(extra));
        assert.ok(attempt(longer) === null, `accepted ${toHex(longer)}`);
      }
    }
  });

  test('refuses each flipped bit, or reads a value that has exactly these bytes', () => {
    for (const sample of samples) {
      for (let bit = 0; bit < sample.length * 8; bit++) {
        const flipped = sample.slice() as Bytes;
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        holds(flipped);
      }
    }
  });

  test(`takes ${INPUTS} random inputs without any other failure`, () => {
    withRandom((random) => {
      for (let i = 0; i < INPUTS; i++) holds(randomInput(random, samples));
    });
  });

  test('reads from the middle of a larger buffer, and shares no memory with it', () => {
    for (const sample of samples) {
      const around = Buffer.concat([Buffer.alloc(7, 0xff), sample, Buffer.alloc(9, 0xff)]);
      const value = decode(around.subarray(7, 7 + sample.length) as unknown as Bytes);
      around.fill(0);
      const again = encode(value);
      if (again !== null) assert.is(toHex(again), toHex(sample));
    }
  });
}

/** Noise, a damaged sample, or two samples spliced: the second and third reach deep into a layout. */
function randomInput(random: Random, samples: readonly Uint8Array[]): Bytes {
  const sample = random.pick(samples);
  switch (random.below(4)) {
    case 0:
      return random.bytes(random.below(200));
    case 1: {
      const other = random.pick(samples);
      const at = random.below(sample.length + 1);
      return concat(sample.subarray(0, at), other.subarray(Math.min(at, other.length)));
    }
    case 2: {
      const at = random.below(sample.length + 1);
      const noise = random.bytes(random.below(8));
      return concat(sample.subarray(0, at), noise, sample.subarray(at + random.below(8)));
    }
    default: {
      const damaged = sample.slice() as Bytes;
      for (let n = random.between(1, 6); n > 0; n--) {
        damaged[random.below(damaged.length)] = random.pick([
          0,
          1,
          127,
          128,
          255,
          random.below(256),
        ]);
      }
      return damaged;
    }
  }
}
