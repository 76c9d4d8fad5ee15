/** The file of a backup: its bytes, its passphrase, and every file that is none. */

import { webcrypto } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openBackup, sealBackup } from '../../sdk/backup/backup-file.js';
import { type Bytes, fromHex, toHex } from '../../sdk/base/bytes.js';
import { MAX_BACKUP_BYTES } from '../../sdk/protocol/limits.js';
import { refusal } from '../contracts/storage.js';

const subtle = webcrypto.subtle as unknown as SubtleCrypto;
/** The least a file may ask for, so that the tests do not wait. */
const QUICK = 100_000;
/** Salt 00…0f, nonce 10…1b, seed 32 × 09, made at 1, no rows. */
const VECTOR =
  '50494d420101000186a0000102030405060708090a0b0c0d0e0f101112131415161718191a1b77fe' +
  '9016b2bb4d3176115596f55152675618d5206fd805d7a80eb064c384cd9398cdb88189de4ef8bad6' +
  '0e6117da74a2839c017eaa99067fd99aed121b';
const host = { subtle, random: (length: number) => new Uint8Array(length).fill(length) as Bytes };
const content = {
  seed: new Uint8Array(32).fill(7) as Bytes,
  madeAt: 1_760_000_000_000,
  rows: Uint8Array.of(1, 2, 3) as Bytes,
};
const made = await sealBackup(host, 'correct horse', content, QUICK);
const changed = (at: number, value: number): Bytes => {
  const copy = made.slice() as Bytes;
  copy[at] = value;
  return copy;
};

test('is laid out as docs/backup.md says', () => {
  const iterations = QUICK.toString(16).padStart(8, '0');
  const header = `50494d420101${iterations}${'10'.repeat(16)}${'0c'.repeat(12)}`;
  assert.is(toHex(made.slice(0, 38)), header);
  // 1 + 32 + 8 + 4 + 3 of content, 16 of tag.
  assert.is(made.length, 38 + 48 + 16);
});

test('opens as another implementation made it', async () => {
  // PBKDF2 and AES-256-GCM of Python's hashlib and cryptography, from the layout alone.
  const file = fromHex(VECTOR);
  const opened = await openBackup({ subtle }, 'pässwörd', file);
  assert.equal(opened, { seed: new Uint8Array(32).fill(9), madeAt: 1, rows: new Uint8Array(0) });
});

test('gives back what was put in, for the passphrase however it was typed', async () => {
  assert.equal(await openBackup({ subtle }, 'correct horse', made), content);
  const composed = await sealBackup(host, 'p\u00e4ss', content, QUICK);
  assert.equal(await openBackup({ subtle }, 'pa\u0308ss', composed), content);
});

test('another passphrase, or one bit changed anywhere behind the header, opens nothing', async () => {
  for (const wrong of ['', 'correct horse ', 'Correct horse']) {
    await refusal(openBackup({ subtle }, wrong, made), 'backup/passphrase');
  }
  for (const at of [10, 25, 26, 37, 38, 60, made.length - 1]) {
    const flipped = changed(at, (made[at] as number) ^ 1);
    await refusal(openBackup({ subtle }, 'correct horse', flipped), 'backup/passphrase');
  }
  const cut = made.slice(0, -1) as Bytes;
  await refusal(openBackup({ subtle }, 'correct horse', cut), 'backup/passphrase');
});

test('what is no backup is refused before any passphrase is tried', async () => {
  const none = { subtle: null as never };
  const wrong: [string, Bytes][] = [
    ['nothing', new Uint8Array(0)],
    ['too short', made.slice(0, 53) as Bytes],
    ['another kind of file', changed(0, 0x51)],
    ['a newer version', changed(4, 2)],
    ['another way to make the key', changed(5, 2)],
    ['one turn', new Uint8Array([...made.slice(0, 6), 0, 0, 0, 1, ...made.slice(10)])],
    [
      '4 billion turns',
      new Uint8Array([...made.slice(0, 6), 255, 255, 255, 255, ...made.slice(10)]),
    ],
    ['100 MB', new Uint8Array(100_000_000)],
  ];
  for (const [, file] of wrong) await refusal(openBackup(none, 'x', file), 'backup/invalid');
});

test('more than a file may hold is refused before it is sealed', async () => {
  const rows = new Uint8Array(MAX_BACKUP_BYTES) as Bytes;
  const none = { ...host, subtle: null as never };
  const fault = await refusal(sealBackup(none, 'x', { ...content, rows }), 'backup/too-large');
  assert.is(fault.detail.maxBytes, MAX_BACKUP_BYTES);
});

test.run();
