/**
 * The acceptance suite of sdk/storage/storage.ts: what every implementation must do, run on memory,
 * on a simulated IndexedDB in Node and on the real one of Chromium and Firefox.
 */

import * as assert from 'uvu/assert';
import { type ErrorCode, isPimError, type PimError } from '../../sdk/base/errors.js';
import { type Storage, TABLES, type Write } from '../../sdk/storage/storage.js';
import type { Test } from '../support/suite.js';

/** A storage that is not open yet; for persistent ones the same name means the same rows. */
export type MakeStorage = (name: string) => Storage;

let names = 0;

/** What `promise` was rejected with, which must be a PimError of `code`. */
export async function refusal<C extends ErrorCode>(
  promise: Promise<unknown>,
  code: C,
): Promise<PimError<C>> {
  try {
    await promise;
  } catch (fault) {
    if (isPimError(fault, code)) return fault;
    throw new Error(`expected ${code}`, { cause: fault });
  }
  throw new Error(`expected ${code}, but it did not fail`);
}

const put = (key: string, value: unknown = key): Write => ({ table: 'entries', key, value });
const remove = (key: string): Write => ({ table: 'entries', key, remove: true });
const number = (n: number): string => String(n).padStart(5, '0');

async function keys(storage: Storage, range?: Parameters<Storage['list']>[1]): Promise<string[]> {
  return (await storage.list('entries', range)).map((row) => row.key);
}

export function storageContract(test: Test, make: MakeStorage): void {
  /** A test with an empty, open storage, closed at the end. */
  const withStorage = (
    name: string,
    run: (storage: Storage, again: () => Promise<Storage>) => Promise<void>,
  ): void => {
    test(name, async () => {
      const database = `contract-${++names}`;
      const opened: Storage[] = [];
      const open = async () => {
        const storage = make(database);
        await storage.open();
        opened.push(storage);
        return storage;
      };
      try {
        await run(await open(), open);
      } finally {
        for (const storage of opened) await storage.close();
      }
    });
  };

  rowTests(withStorage);
  rangeTests(withStorage);
  writeTests(withStorage);
  valueTests(withStorage);
  lifeTests(withStorage);
}

type Define = (
  name: string,
  run: (storage: Storage, again: () => Promise<Storage>) => Promise<void>,
) => void;

function rowTests(test: Define): void {
  test('gives back what was written, and undefined for what was not', async (storage) => {
    await storage.write([put('a', { text: 'hello' })]);
    assert.equal(await storage.get('entries', 'a'), { text: 'hello' });
    assert.is(await storage.get('entries', 'b'), undefined);
    assert.is(await storage.get('contacts', 'a'), undefined);
  });

  test('keeps its tables apart', async (storage) => {
    await storage.write(TABLES.map((table) => ({ table, key: 'same', value: table })));
    for (const table of TABLES) {
      assert.is(await storage.get(table, 'same'), table);
      assert.equal(await storage.list(table), [{ key: 'same', value: table }]);
    }
  });

  test('lists an empty table as no rows', async (storage) => {
    assert.equal(await storage.list('entries'), []);
    assert.equal(await storage.list('entries', { reverse: true, limit: 5 }), []);
  });

  test('lists rows by key, whatever order they were written in', async (storage) => {
    const order = [7, 3, 9, 1, 8, 2, 6, 0, 5, 4];
    for (const n of order.slice(0, 5)) await storage.write([put(number(n), n)]);
    await storage.write(order.slice(5).map((n) => put(number(n), n)));
    const expected = [...order].sort().map((n) => ({ key: number(n), value: n }));
    assert.equal(await storage.list('entries'), expected);
    assert.equal(await storage.list('entries', { reverse: true }), expected.reverse());
  });

  test('orders keys by UTF-16 code unit, as JavaScript compares them', async (storage) => {
    const odd = [
      '',
      ' ',
      '\0',
      '\0\0',
      'a',
      'a\0',
      'a\0b',
      'A',
      'é',
      'e\u0301',
      '~',
      '\u007f',
      '\u0080',
      '/',
      '\\',
      '"',
      "'",
      '__proto__',
      'constructor',
      'toString',
      '\ud83d\ude00',
      '\ud83d',
      '\ude00',
      '\uffff',
      '\ufeff',
      '\u202e',
      'x'.repeat(5_000),
    ];
    await storage.write(odd.map((key) => put(key)));
    assert.equal(await keys(storage), [...odd].sort());
    for (const key of odd) assert.is(await storage.get('entries', key), key);
    assert.equal(await keys(storage, { from: '\ud83d', to: '\uffff' }), [
      '\ud83d',
      '\ud83d\ude00',
      '\ude00',
      '\ufeff',
    ]);
    await storage.write(odd.map(remove));
    assert.equal(await keys(storage), []);
  });

  test('holds 20,000 rows and finds a page among them from either end', async (storage) => {
    const all = Array.from({ length: 20_000 }, (_, n) => number(n));
    for (let at = 0; at < all.length; at += 5_000) {
      await storage.write(all.slice(at, at + 5_000).map((key) => put(key, { key })));
    }
    assert.equal(await keys(storage), all);
    assert.equal(await keys(storage, { reverse: true, limit: 50 }), all.slice(-50).reverse());
    const page = await storage.list('entries', { reverse: true, to: '12000', limit: 2 });
    assert.equal(page, [
      { key: '11999', value: { key: '11999' } },
      { key: '11998', value: { key: '11998' } },
    ]);
    assert.equal(await keys(storage, { from: '19998', limit: 500 }), ['19998', '19999']);
  });
}

function rangeTests(test: Define): void {
  const all = ['b', 'd', 'f', 'h', 'j'];
  const filled = async (storage: Storage) => storage.write(all.map((key) => put(key)));

  test('includes the first key of a range and leaves out the last', async (storage) => {
    await filled(storage);
    assert.equal(await keys(storage, { from: 'd', to: 'h' }), ['d', 'f']);
    assert.equal(await keys(storage, { from: 'd', to: 'h', reverse: true }), ['f', 'd']);
    assert.equal(await keys(storage, { from: 'c', to: 'i' }), ['d', 'f', 'h']);
    assert.equal(await keys(storage, { from: 'f' }), ['f', 'h', 'j']);
    assert.equal(await keys(storage, { to: 'f' }), ['b', 'd']);
  });

  test('takes the first rows of the direction asked for', async (storage) => {
    await filled(storage);
    assert.equal(await keys(storage, { limit: 2 }), ['b', 'd']);
    assert.equal(await keys(storage, { limit: 2, reverse: true }), ['j', 'h']);
    assert.equal(await keys(storage, { from: 'c', to: 'i', limit: 1 }), ['d']);
    assert.equal(await keys(storage, { from: 'c', to: 'i', limit: 1, reverse: true }), ['h']);
    assert.equal(await keys(storage, { from: 'c', to: 'i', limit: 2, reverse: true }), ['h', 'f']);
  });

  test('takes every row where the limit is larger than the range', async (storage) => {
    await filled(storage);
    for (const limit of [5, 6, 1_000, 2 ** 32 - 1, 2 ** 40, Number.POSITIVE_INFINITY]) {
      assert.equal(await keys(storage, { limit }), all);
      assert.equal(await keys(storage, { limit, reverse: true }), [...all].reverse());
      assert.equal(await keys(storage, { from: 'e', limit, reverse: true }), ['j', 'h', 'f']);
    }
  });

  test('gives no rows for a limit of 0 and for ranges without room', async (storage) => {
    await filled(storage);
    for (const reverse of [false, true]) {
      assert.equal(await keys(storage, { limit: 0, reverse }), []);
      assert.equal(await keys(storage, { from: 'd', to: 'd', reverse }), []);
      assert.equal(await keys(storage, { from: 'h', to: 'd', reverse }), []);
      assert.equal(await keys(storage, { from: 'k', reverse }), []);
      assert.equal(await keys(storage, { to: 'b', reverse }), []);
      assert.equal(await keys(storage, { from: 'g', to: 'h', reverse, limit: 3 }), []);
      assert.equal(await keys(storage, { to: '', reverse }), []);
    }
  });
}

function writeTests(test: Define): void {
  test('applies the writes of a batch in order', async (storage) => {
    await storage.write([put('a', 1), put('a', 2), put('b', 1), remove('b'), remove('c')]);
    assert.equal(await storage.list('entries'), [{ key: 'a', value: 2 }]);
    await storage.write([remove('a'), put('a', 3), remove('b'), put('b', 4), put('b', 5)]);
    assert.equal(await storage.list('entries'), [
      { key: 'a', value: 3 },
      { key: 'b', value: 5 },
    ]);
  });

  test('takes an empty batch', async (storage) => {
    await storage.write([]);
    assert.equal(await keys(storage), []);
  });

  test('writes a last row as any other', async (storage) => {
    await storage.write([put('a', 1)]);
    await Promise.all([storage.write([put('a', 2)], true), storage.write([put('b', 2)])]);
    await storage.write([remove('b')], true);
    assert.equal(
      [await storage.get('entries', 'a'), await storage.get('entries', 'b')],
      [2, undefined],
    );
  });

  test('leaves nothing of a batch whose last write cannot be stored', async (storage) => {
    await storage.write([put('kept', 1), put('changed', 1)]);
    const batch: Write[] = [
      put('new'),
      put('changed', 2),
      remove('kept'),
      { table: 'logs', key: 'new', value: 1 },
      put('bad', { handler: () => undefined }),
    ];
    const fault = await refusal(storage.write(batch), 'storage/failed');
    assert.equal(fault.detail, { operation: 'clone' });
    assert.is((fault.cause as Error).name, 'DataCloneError');
    assert.equal(await storage.list('logs'), []);
    assert.equal(await storage.list('entries'), [
      { key: 'changed', value: 1 },
      { key: 'kept', value: 1 },
    ]);
  });

  test('works on after a batch that failed', async (storage) => {
    await refusal(storage.write([put('a', Symbol('no value'))]), 'storage/failed');
    await storage.write([put('a', 1)]);
    assert.is(await storage.get('entries', 'a'), 1);
  });

  test('shows a batch whole or not at all to a reader at the same time', async (storage) => {
    const batch = (round: number) => [put('a', round), put('b', round)];
    const writing = Array.from({ length: 20 }, (_, round) => storage.write(batch(round)));
    for (let i = 0; i < 20; i++) {
      const values = new Set((await storage.list('entries')).map((row) => row.value));
      assert.ok(values.size <= 1);
    }
    await Promise.all(writing);
    assert.is(await storage.get('entries', 'b'), 19);
  });

  test('serves calls in the order they were made, awaited or not', async (storage) => {
    const first = storage.write([put('a', 1)]);
    const second = storage.write([put('a', 2), put('b', 2)]);
    const read = storage.list('entries');
    const third = storage.write([remove('a')]);
    assert.equal(await read, [
      { key: 'a', value: 2 },
      { key: 'b', value: 2 },
    ]);
    await Promise.all([first, second, third]);
    assert.equal(await keys(storage), ['b']);
  });
}

function valueTests(test: Define): void {
  test('keeps values as they were when written', async (storage) => {
    const value = { name: 'Ada', tags: ['a'] };
    const writing = storage.write([put('a', value)]);
    value.name = 'changed at once';
    await writing;
    value.tags.push('changed later');
    assert.equal(await storage.get('entries', 'a'), { name: 'Ada', tags: ['a'] });
  });

  test('is not changed by what a reader does to a value', async (storage) => {
    await storage.write([put('a', { list: [1] })]);
    ((await storage.get('entries', 'a')) as { list: number[] }).list.push(2);
    const rows = await storage.list('entries');
    (rows[0]!.value as { list: number[] }).list.push(3);
    assert.equal(await storage.get('entries', 'a'), { list: [1] });
  });

  test('stores every kind of value a record is made of', async (storage) => {
    const value = {
      nothing: null,
      missing: undefined,
      yes: true,
      numbers: [0, -0, 1.5, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY],
      text: 'Zażółć \ud83d\ude00 \0',
      big: 2n ** 70n,
      date: new Date(1_700_000_000_000),
      map: new Map([['a', new Set([1])]]),
    };
    await storage.write([put('a', value)]);
    assert.equal(await storage.get('entries', 'a'), value);
    const plain = ['', 'text', 0, -1.5, true, false, null];
    await storage.write(plain.map((each, i) => put(number(i), each)));
    for (const [i, each] of plain.entries()) {
      assert.is(await storage.get('entries', number(i)), each);
    }
  });

  test('stores bytes as bytes', async (storage) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const large = new Uint8Array(1_000_000).fill(7);
    await storage.write([put('a', { bytes, part: bytes.subarray(10, 12) }), put('b', large)]);
    const read = (await storage.get('entries', 'a')) as { bytes: Uint8Array; part: Uint8Array };
    assert.instance(read.bytes, Uint8Array);
    assert.equal([...read.bytes], [...bytes]);
    assert.equal([...read.part], [10, 11]);
    bytes[0] = 99;
    assert.is(((await storage.get('entries', 'a')) as { bytes: Uint8Array }).bytes[0], 0);
    assert.is(((await storage.get('entries', 'b')) as Uint8Array).length, 1_000_000);
  });

  test('does not let a value named like a built-in reach Object.prototype', async (storage) => {
    const value = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}');
    await storage.write([put('__proto__', value), { table: 'meta', key: 'toString', value: 1 }]);
    assert.is(({} as { polluted?: true }).polluted, undefined);
    assert.is(await storage.get('meta', 'valueOf'), undefined);
    const read = (await storage.get('entries', '__proto__')) as object;
    assert.equal(Object.keys(read).sort(), ['__proto__', 'constructor']);
  });

  test('stores a key that cannot be exported, and it still works', async (storage) => {
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]);
    await storage.write([put('key', { key, made: 1 })]);
    const read = ((await storage.get('entries', 'key')) as { key: CryptoKey }).key;
    assert.is(read.extractable, false);
    assert.equal([...read.usages].sort(), ['decrypt', 'encrypt']);
    const how = { name: 'AES-GCM', iv: new Uint8Array(12) };
    const sealed = await crypto.subtle.encrypt(how, key, Uint8Array.of(1, 2, 3));
    const opened = await crypto.subtle.decrypt(how, read, sealed);
    assert.equal([...new Uint8Array(opened)], [1, 2, 3]);
  });
}

function lifeTests(test: Define): void {
  test('keeps rows over closing and opening, where it is persistent', async (storage, again) => {
    await storage.write([put('a', { n: 1 }), put('b', 2)]);
    await storage.close();
    const next = await again();
    const expected = [
      { key: 'a', value: { n: 1 } },
      { key: 'b', value: 2 },
    ];
    assert.equal(await next.list('entries'), storage.isPersistent ? expected : []);
  });

  test('serves two handles at once, where it is persistent', async (storage, again) => {
    if (!storage.isPersistent) return;
    const other = await again();
    const rounds = Array.from({ length: 10 }, (_, n) => n);
    await Promise.all(
      rounds.flatMap((n) => [
        storage.write([put(`a${n}`), put('last', n)]),
        other.write([put(`b${n}`), put('last', n)]),
      ]),
    );
    assert.equal(await keys(storage), await keys(other));
    assert.is((await keys(other)).length, 21);
    assert.is(await storage.get('entries', 'last'), 9);
  });

  test('completes a write that is under way when it is closed', async (storage, again) => {
    const writing = storage.write([put('a', 1)]);
    await storage.close();
    await writing;
    if (storage.isPersistent) assert.is(await (await again()).get('entries', 'a'), 1);
  });

  test('refuses every call after it is closed', async (storage) => {
    await storage.write([put('a')]);
    await storage.close();
    const calls: [string, () => Promise<unknown>][] = [
      ['get', () => storage.get('entries', 'a')],
      ['list', () => storage.list('entries')],
      ['list', () => storage.list('entries', { limit: 0 })],
      ['write', () => storage.write([put('b')])],
      ['write', () => storage.write([])],
      ['wipe', () => storage.wipe()],
    ];
    for (const [operation, call] of calls) {
      const fault = await refusal(call(), 'storage/failed');
      assert.equal(fault.detail, { operation });
    }
    await storage.close();
  });

  test('leaves no row of any table after a wipe, and is closed', async (storage, again) => {
    await storage.write(TABLES.map((table) => ({ table, key: 'a', value: new Uint8Array(100) })));
    await storage.wipe();
    await refusal(storage.get('entries', 'a'), 'storage/failed');
    const next = await again();
    for (const table of TABLES) assert.equal(await next.list(table), []);
    await next.write([put('b')]);
    assert.equal(await keys(next), ['b']);
  });

  test('wipes although another handle is open, which is closed by it', async (storage, again) => {
    if (!storage.isPersistent) return;
    const other = await again();
    await other.write([put('a')]);
    await storage.wipe();
    await refusal(other.list('entries'), 'storage/failed');
    assert.equal(await keys(await again()), []);
  });
}
