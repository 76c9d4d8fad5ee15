/** Rows of a store as bytes: what goes in comes out, and nothing else does. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type BackupRow, decodeRows, encodeRows } from '../../sdk/backup/rows.js';
import type { Bytes } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import { Writer } from '../../sdk/protocol/codec.js';

const row = (value: unknown, key = 'k'): BackupRow => ({ table: 'contacts', key, value });
const isMalformed = (fault: unknown) => isPimError(fault, 'frame/invalid');

test('every value a record may hold comes back as it was', () => {
  const values = [
    null,
    undefined,
    true,
    false,
    0,
    1,
    Number.MAX_SAFE_INTEGER,
    -1,
    -0,
    0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '',
    'text, тест, 文字, 🙂',
    new Uint8Array(0),
    Uint8Array.of(0, 255),
    [],
    [1, ['two', { three: 3 }]],
    {},
    { a: 1, b: { c: [null] }, '': 'empty name' },
  ];
  const rows = values.map((value, i) => row(value, `key ${i}`));
  assert.equal(decodeRows(encodeRows(rows)), rows);
  assert.ok(Object.is((decodeRows(encodeRows([row(-0)]))[0] as BackupRow).value, -0));
});

test('a field called like a part of every object is a field', () => {
  const named = JSON.parse('{"__proto__":{"isAdmin":true},"constructor":1,"toString":2}');
  const [read] = decodeRows(encodeRows([row(named)])) as [BackupRow];
  assert.equal(Object.keys(read.value as object), ['__proto__', 'constructor', 'toString']);
  assert.is(Object.getPrototypeOf(read.value), Object.prototype);
  assert.is(({} as { isAdmin?: boolean }).isAdmin, undefined);
});

test('what could run or point elsewhere is not written', () => {
  for (const value of [() => 1, Symbol('s'), 1n, new Map(), new Date(), Object.create({})]) {
    assert.throws(() => encodeRows([row(value)]), TypeError as never);
  }
  const endless: unknown[] = [];
  endless.push(endless);
  assert.throws(() => encodeRows([row(endless)]), /nested too deeply/);
});

test('tables that are not known here are left out, with the rest kept', () => {
  const [before, after] = [encodeRows([row(1)]), encodeRows([row(3)])];
  const foreign = new Writer().text8('plugins').text16('k').u8(3).u64(2).done();
  const bytes = new Uint8Array([...before, ...foreign, ...after]);
  assert.equal(decodeRows(bytes), [row(1), row(3)]);
});

test('bytes that are cut anywhere, or changed to what does not exist, are refused', () => {
  const bytes = encodeRows([row({ name: 'Grace', seen: [1, 2, 3] })]);
  for (let end = 1; end < bytes.length; end++) {
    assert.throws(() => decodeRows(bytes.slice(0, end) as Bytes), isMalformed);
  }
  const start = new Writer().text8('contacts').text16('k');
  const value = (...rest: number[]) => new Uint8Array([...start.done(), ...rest]);
  assert.throws(() => decodeRows(value(99)), isMalformed, 'an unknown kind');
  assert.throws(() => decodeRows(value(7, 255, 255, 255, 255)), isMalformed, 'a boundless list');
  assert.throws(() => decodeRows(value(8, 0, 0, 1, 0, 0)), isMalformed, 'more fields than bytes');
  assert.throws(() => decodeRows(value(5, 0, 0, 0, 1, 0xff)), isMalformed, 'not UTF-8');
  const nested = Array.from({ length: 40 }, () => [7, 0, 0, 0, 1]).flat();
  assert.throws(() => decodeRows(value(...nested, 0)), isMalformed, 'nested too deeply');
});

test.run();
