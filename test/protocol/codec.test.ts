/** The one reader and the one writer: exact sizes, bounds, and faults that are always frame/invalid. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, toHex, utf8 } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import { Reader, Writer } from '../../sdk/protocol/codec.js';
import { withRandom } from '../support/fuzz.js';

const of = (...bytes: number[]): Bytes => Uint8Array.from(bytes) as Bytes;
const read = (...bytes: number[]) => new Reader(of(...bytes), 'test');

function refuses(run: () => unknown, reason: string): void {
  assert.throws(run, (fault: unknown) => {
    return isPimError(fault, 'frame/invalid') && fault.detail.reason === reason;
  });
}

test('reads whole numbers big-endian', () => {
  const reader = read(1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 1, 2, 3, 4);
  assert.is(reader.u8(), 0x01);
  assert.is(reader.u16(), 0x0203);
  assert.is(reader.u32(), 0x04050607);
  assert.is(reader.u64(), 0x01020304);
  reader.end();
});

test('reads the largest number of each size', () => {
  const reader = read(255, 255, 255, 255, 255, 255, 255);
  assert.is(reader.u8(), 255);
  assert.is(reader.u16(), 65_535);
  assert.is(reader.u32(), 4_294_967_295);
  assert.is(read(0, 0x1f, 255, 255, 255, 255, 255, 255).u64(), Number.MAX_SAFE_INTEGER);
});

test('refuses numbers of 8 bytes that JavaScript cannot count to', () => {
  refuses(() => read(0, 0x20, 0, 0, 0, 0, 0, 0).u64(), 'number out of range');
  refuses(() => read(0, 0x20, 0, 0, 0, 0, 0, 1).u64(), 'number out of range');
  refuses(() => read(255, 255, 255, 255, 255, 255, 255, 255).u64(), 'number out of range');
});

test('refuses to read past the end', () => {
  refuses(() => read().u8(), 'too short');
  refuses(() => read(1).u16(), 'too short');
  refuses(() => read(1, 2, 3).u32(), 'too short');
  refuses(() => read(1, 2, 3, 4, 5, 6, 7).u64(), 'too short');
  refuses(() => read(1, 2).bytes(3), 'too short');
  refuses(() => read(3, 1, 2).bytes8(0, 255), 'too short');
  refuses(() => read(0xff, 0xff, 1).bytes16(0, 0xffff), 'too short');
});

test('refuses lengths outside the bounds before it reads', () => {
  refuses(() => read(1, 7).bytes8(2, 3), 'length out of range');
  refuses(() => read(4, 7, 7, 7, 7).bytes8(2, 3), 'length out of range');
  refuses(() => read(1, 0, 7).bytes16(0, 255), 'length out of range');
  assert.equal([...read(2, 7, 8).bytes8(2, 3)], [7, 8]);
  assert.equal([...read(0, 1, 7).bytes16(1, 1)], [7]);
});

test('refuses left-over bytes at the end of a layout', () => {
  const reader = read(1, 2);
  reader.u8();
  refuses(() => reader.end(), 'trailing bytes');
  reader.u8();
  reader.end();
});

test('refuses another byte than the one expected', () => {
  read(7).expect(7, 'reserved bits');
  refuses(() => read(8).expect(7, 'reserved bits'), 'reserved bits');
  refuses(() => read().expect(7, 'reserved bits'), 'too short');
});

test('refuses malformed UTF-8 instead of repairing it', () => {
  refuses(() => read(1, 0xff).text8(10), 'not UTF-8');
  refuses(() => read(0, 3, 0xed, 0xa0, 0x80).text16(10), 'not UTF-8');
  refuses(() => read(2, 0xc0, 0x80).text8(10), 'not UTF-8');
});

test('keeps a byte order mark in a text', () => {
  assert.is(read(4, 0xef, 0xbb, 0xbf, 0x61).text8(10), '\ufeffa');
});

test('names the layout in its faults', () => {
  try {
    read().u8();
    assert.unreachable();
  } catch (fault) {
    assert.ok(isPimError(fault, 'frame/invalid'));
    assert.equal(fault.detail, { frame: 'test', reason: 'too short' });
  }
});

test('copies what it reads, also out of a Buffer', () => {
  const buffer = Buffer.from([1, 2, 3, 4]);
  const reader = new Reader(buffer, 'test');
  const first = reader.bytes(2);
  const rest = reader.rest();
  buffer.fill(0);
  assert.equal([...first, ...rest], [1, 2, 3, 4]);
  assert.is(Object.getPrototypeOf(first), Uint8Array.prototype);
  assert.is(first.buffer.byteLength, 2);
});

test('reads a view from its own beginning', () => {
  const reader = new Reader(of(9, 1, 2, 3, 9).subarray(1, 4), 'test');
  assert.is(reader.u16(), 0x0102);
  assert.is(reader.at, 2);
  assert.is(reader.left, 1);
  assert.equal([...reader.rest()], [3]);
  refuses(() => reader.u8(), 'too short');
});

test('writes what the reader reads', () => {
  const written = new Writer()
    .u8(1)
    .u16(0x0203)
    .u32(0x04050607)
    .u64(2 ** 53 - 1)
    .bytes(of(8, 9), 2)
    .bytes8(of(1))
    .bytes16(of(2))
    .text8('ą')
    .text16('')
    .done();
  assert.is(toHex(written), '01020304050607001fffffffffffff0809010100010202c4850000');
});

test('refuses values that do not fit their field, as the mistake of the caller', () => {
  const bad: (() => unknown)[] = [
    () => new Writer().u8(256),
    () => new Writer().u8(-1),
    () => new Writer().u8(1.5),
    () => new Writer().u8(Number.NaN),
    () => new Writer().u16(65_536),
    () => new Writer().u32(2 ** 32),
    () => new Writer().u64(2 ** 53),
    () => new Writer().u64(Number.POSITIVE_INFINITY),
    () => new Writer().bytes(of(1), 2),
    () => new Writer().bytes8(new Uint8Array(256)),
    () => new Writer().bytes16(new Uint8Array(65_536)),
    () => new Writer().text8('ą'.repeat(128)),
  ];
  for (const run of bad) assert.throws(run, (fault: unknown) => fault instanceof RangeError);
});

test('reads back random fields in random order', () => {
  withRandom((random) => {
    for (let i = 0; i < 2_000; i++) {
      const out = new Writer();
      const checks: ((reader: Reader) => void)[] = [];
      for (let n = random.below(8); n > 0; n--) {
        const number = random.u53();
        const bytes = random.bytes(random.below(300));
        const text = random.text('aą€\ud83d\ude00\0', 0, 40).toWellFormed();
        switch (random.below(6)) {
          case 0:
            out.u8(number % 256);
            checks.push((reader) => assert.is(reader.u8(), number % 256));
            break;
          case 1:
            out.u32(number % 2 ** 32);
            checks.push((reader) => assert.is(reader.u32(), number % 2 ** 32));
            break;
          case 2:
            out.u64(number);
            checks.push((reader) => assert.is(reader.u64(), number));
            break;
          case 3:
            out.bytes16(bytes);
            checks.push((reader) => assert.is(toHex(reader.bytes16(0, 300)), toHex(bytes)));
            break;
          case 4:
            out.bytes8(bytes.subarray(0, 255));
            checks.push((r) => assert.is(toHex(r.bytes8(0, 255)), toHex(bytes.subarray(0, 255))));
            break;
          default:
            out.text16(text);
            checks.push((reader) => assert.is(reader.text16(utf8(text).length), text));
        }
      }
      const reader = new Reader(out.done(), 'test');
      for (const check of checks) check(reader);
      reader.end();
    }
  });
});

test.run();
