/**
 * The one reader and the one writer of every binary layout. Big-endian; variable fields carry a
 * length of one or two bytes; a layout read to its end must leave nothing over.
 */

import { type Bytes, concat, fromUtf8, MAX_U53, utf8 } from '../base/bytes.js';
import { PimError } from '../base/errors.js';

/** Reads one layout from `bytes`; never copies more than the field asked for. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #frame: string;
  #at = 0;

  /** @param frame the layout's name, for errors */
  constructor(bytes: Uint8Array, frame: string) {
    // A Buffer's own `slice` does not copy.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#frame = frame;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#number(1);
  }

  /** One byte that is 0 or 1. */
  flag(): boolean {
    const flag = this.u8();
    if (flag > 1) throw this.fault('reserved bits');
    return flag === 1;
  }

  u16(): number {
    return this.#number(2);
  }

  u32(): number {
    return this.#number(4);
  }

  /** A whole number of 8 bytes. @throws frame/invalid at 2^53 and above */
  u64(): number {
    const value = this.#number(8);
    if (value > MAX_U53) throw this.fault('number out of range');
    return value;
  }

  /** The next `length` bytes, copied. */
  bytes(length: number): Bytes {
    const at = this.#step(length);
    return this.#bytes.slice(at, at + length) as Bytes;
  }

  /** Bytes behind a length of one byte, within [min, max]. */
  bytes8(min: number, max: number): Bytes {
    return this.#sized(this.u8(), min, max);
  }

  /** Bytes behind a length of two bytes, within [min, max]. */
  bytes16(min: number, max: number): Bytes {
    return this.#sized(this.u16(), min, max);
  }

  /** UTF-8 behind a length of one byte. Malformed UTF-8 is a fault, never a replacement character. */
  text8(max: number): string {
    return this.#text(this.bytes8(0, max));
  }

  /** UTF-8 behind a length of two bytes. */
  text16(max: number): string {
    return this.#text(this.bytes16(0, max));
  }

  /** What is left, copied. */
  rest(): Bytes {
    return this.bytes(this.left);
  }

  /** @throws frame/invalid where the next byte is not `value` */
  expect(value: number, what: string): void {
    if (this.u8() !== value) throw this.fault(what);
  }

  /** @throws frame/invalid where bytes are left over */
  end(): void {
    if (this.left !== 0) throw this.fault('trailing bytes');
  }

  fault(reason: string): PimError<'frame/invalid'> {
    const text = `A ${this.#frame} frame is malformed: ${reason}.`;
    return new PimError('frame/invalid', text, { frame: this.#frame, reason });
  }

  #sized(length: number, min: number, max: number): Bytes {
    if (length < min || length > max) throw this.fault('length out of range');
    return this.bytes(length);
  }

  #text(bytes: Uint8Array): string {
    try {
      return fromUtf8(bytes);
    } catch {
      throw this.fault('not UTF-8');
    }
  }

  /** Beyond 2^53 it is rounded, and still beyond. */
  #number(size: number): number {
    const at = this.#step(size);
    return this.#bytes.subarray(at, this.#at).reduce((value, byte) => value * 256 + byte, 0);
  }

  #step(length: number): number {
    if (length > this.left) throw this.fault('too short');
    const at = this.#at;
    this.#at += length;
    return at;
  }
}

/** Collects fields; `done` gives the bytes. A value that does not fit is the caller's mistake. */
export class Writer {
  readonly #parts: Uint8Array[] = [];

  u8(value: number): this {
    return this.#number(value, 1);
  }

  u16(value: number): this {
    return this.#number(value, 2);
  }

  u32(value: number): this {
    return this.#number(value, 4);
  }

  u64(value: number): this {
    return this.#number(value, 8);
  }

  /** Bytes without a length; `length` is what the layout fixes. */
  bytes(bytes: Uint8Array, length?: number): this {
    if (length !== undefined && bytes.length !== length) {
      throw new RangeError(`expected ${length} bytes, got ${bytes.length}`);
    }
    this.#parts.push(bytes);
    return this;
  }

  bytes8(bytes: Uint8Array): this {
    return this.#number(bytes.length, 1).bytes(bytes);
  }

  bytes16(bytes: Uint8Array): this {
    return this.#number(bytes.length, 2).bytes(bytes);
  }

  text8(text: string): this {
    return this.bytes8(utf8(text));
  }

  text16(text: string): this {
    return this.bytes16(utf8(text));
  }

  done(): Bytes {
    return concat(...this.#parts);
  }

  #number(value: number, size: 1 | 2 | 4 | 8): this {
    if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** (8 * size)) {
      throw new RangeError(`${value} does not fit ${size} bytes`);
    }
    const out = new Uint8Array(size);
    for (let i = size - 1, rest = value; i >= 0; i--) {
      out[i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    this.#parts.push(out);
    return this;
  }
}
