/**
 * Rows of a store as bytes and back, docs/backup.md: every value a record may hold, and nothing that
 * could run or point elsewhere. What is read is a stranger's input until the store's own readers
 * have looked at it (sdk/chat/records.ts).
 */

import { type Bytes, fromUtf8, utf8 } from '../base/bytes.js';
import { Reader, Writer } from '../protocol/codec.js';
import { TABLES, type TableName } from '../storage/storage.js';

export interface BackupRow {
  readonly table: TableName;
  readonly key: string;
  readonly value: unknown;
}

const TAG = {
  null: 0,
  false: 1,
  true: 2,
  whole: 3,
  number: 4,
  text: 5,
  bytes: 6,
  list: 7,
  record: 8,
  undefined: 9,
} as const;

/** Records are flat; what is deeper than this was made to exhaust a stack. */
const MAX_DEPTH = 16;
const MAX_KEY_CHARS = 1_024;

/** Each row: u8+table ‖ u16+key ‖ value. */
export function encodeRows(rows: readonly BackupRow[]): Bytes {
  const parts = rows.map(({ table, key, value }) => {
    const out = new Writer().text8(table).text16(key);
    writeValue(out, value, 0);
    return out.done();
  });
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * Rows until the bytes end. Those of tables that are not known here are left out.
 * @throws frame/invalid
 */
export function decodeRows(bytes: Bytes): BackupRow[] {
  const reader = new Reader(bytes, 'backup');
  const rows: BackupRow[] = [];
  while (reader.left > 0) {
    const name = reader.text8(32);
    const key = reader.text16(MAX_KEY_CHARS * 4);
    const value = readValue(reader, 0);
    const table = TABLES.find((each) => each === name);
    if (table !== undefined) rows.push({ table, key, value });
  }
  return rows;
}

function writeValue(out: Writer, value: unknown, depth: number): void {
  if (depth > MAX_DEPTH) throw new TypeError('a record is nested too deeply');
  if (value === null) out.u8(TAG.null);
  else if (value === undefined) out.u8(TAG.undefined);
  else if (typeof value === 'boolean') out.u8(value ? TAG.true : TAG.false);
  else if (typeof value === 'number') writeNumber(out, value);
  else if (typeof value === 'string') sized(out.u8(TAG.text), utf8(value));
  else if (value instanceof Uint8Array) sized(out.u8(TAG.bytes), value);
  else if (Array.isArray(value)) {
    out.u8(TAG.list).u32(value.length);
    for (const each of value) writeValue(out, each, depth + 1);
  } else if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    const fields = Object.entries(value);
    out.u8(TAG.record).u32(fields.length);
    for (const [name, each] of fields) writeValue(out.text16(name), each, depth + 1);
  } else throw new TypeError('a record holds a value that no backup can');
}

function writeNumber(out: Writer, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) {
    out.u8(TAG.whole).u64(value);
    return;
  }
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  out.u8(TAG.number).bytes(bytes);
}

function sized(out: Writer, bytes: Uint8Array): void {
  out.u32(bytes.length).bytes(bytes);
}

function readValue(reader: Reader, depth: number): unknown {
  if (depth > MAX_DEPTH) throw reader.fault('nested too deeply');
  switch (reader.u8()) {
    case TAG.null:
      return null;
    case TAG.undefined:
      return undefined;
    case TAG.false:
      return false;
    case TAG.true:
      return true;
    case TAG.whole:
      return reader.u64();
    case TAG.number:
      return new DataView(reader.bytes(8).buffer).getFloat64(0);
    case TAG.text:
      return text(reader);
    case TAG.bytes:
      return reader.bytes(reader.u32());
    case TAG.list:
      return Array.from({ length: count(reader) }, () => readValue(reader, depth + 1));
    case TAG.record:
      return readRecord(reader, depth);
    default:
      throw reader.fault('an unknown value');
  }
}

function readRecord(reader: Reader, depth: number): object {
  const fields = Array.from({ length: count(reader) }, (): [string, unknown] => {
    const name = reader.text16(MAX_KEY_CHARS * 4);
    return [name, readValue(reader, depth + 1)];
  });
  // Defines own fields whatever they are called: `__proto__` is a name like any other.
  return Object.fromEntries(fields);
}

/** Each of them takes a byte at least, so that a count cannot ask for more than there is. */
function count(reader: Reader): number {
  const number = reader.u32();
  if (number > reader.left) throw reader.fault('a count beyond the end');
  return number;
}

function text(reader: Reader): string {
  try {
    return fromUtf8(reader.bytes(reader.u32()));
  } catch (cause) {
    throw reader.fault(cause instanceof TypeError ? 'not UTF-8' : 'too short');
  }
}
