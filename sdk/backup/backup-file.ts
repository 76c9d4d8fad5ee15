/**
 * The file of a backup, docs/backup.md: a header that says how the passphrase becomes a key, and
 * everything else under that key. PBKDF2 (RFC 8018) and AES-256-GCM, all by Web Crypto.
 */

import { type Bytes, concat, utf8 } from '../base/bytes.js';
import type { Platform } from '../base/platform.js';
import { Reader, Writer } from '../protocol/codec.js';
import {
  BACKUP_ITERATIONS,
  MAX_BACKUP_BYTES,
  MAX_BACKUP_ITERATIONS,
  MIN_BACKUP_ITERATIONS,
} from '../protocol/limits.js';
import { tooLarge, unreadable, wrongPassphrase } from './faults.js';

export interface BackupContent {
  /** 32 bytes. */
  readonly seed: Bytes;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  /** Rows as rows.ts writes them, one behind the other; empty where there is the identity alone. */
  readonly rows: Bytes;
}

const MAGIC = utf8('PIMB');
const VERSION = 1;
const PBKDF2_SHA256 = 1;
const CONTENT = 1;
/** Magic, version, kdf, iterations, salt, nonce. */
const HEADER_BYTES = 4 + 1 + 1 + 4 + 16 + 12;
const TAG_BYTES = 16;

interface Host {
  readonly subtle: SubtleCrypto;
  readonly random: Platform['random'];
}

/** @throws backup/too-large */
export async function sealBackup(
  { subtle, random }: Host,
  passphrase: string,
  { seed, madeAt, rows }: BackupContent,
  iterations = BACKUP_ITERATIONS,
): Promise<Bytes> {
  const [salt, nonce] = [random(16), random(12)];
  const header = new Writer()
    .bytes(MAGIC)
    .u8(VERSION)
    .u8(PBKDF2_SHA256)
    .u32(iterations)
    .bytes(salt)
    .bytes(nonce)
    .done();
  const plain = new Writer()
    .u8(CONTENT)
    .bytes(seed, 32)
    .u64(madeAt)
    .u32(rows.length)
    .bytes(rows)
    .done();
  const total = header.length + plain.length + TAG_BYTES;
  if (total > MAX_BACKUP_BYTES) throw tooLarge(total, MAX_BACKUP_BYTES);
  const key = await derive(subtle, passphrase, salt, iterations);
  const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: header };
  const sealed = new Uint8Array(await subtle.encrypt(algorithm, key, plain));
  plain.fill(0);
  return concat(header, sealed);
}

/**
 * Everything that can be refused without the passphrase is refused before it is used.
 * @throws backup/invalid, backup/passphrase
 */
export async function openBackup(
  { subtle }: Pick<Host, 'subtle'>,
  passphrase: string,
  file: Bytes,
): Promise<BackupContent> {
  const { salt, nonce, iterations } = readHeader(file);
  const key = await derive(subtle, passphrase, salt, iterations);
  const header = file.slice(0, HEADER_BYTES) as Bytes;
  const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: header };
  let plain: Bytes;
  try {
    plain = new Uint8Array(await subtle.decrypt(algorithm, key, file.slice(HEADER_BYTES)));
  } catch (cause) {
    throw wrongPassphrase(cause);
  }
  try {
    return readContent(plain);
  } catch (cause) {
    throw unreadable('its content cannot be read', cause);
  } finally {
    plain.fill(0);
  }
}

function readHeader(file: Bytes): { salt: Bytes; nonce: Bytes; iterations: number } {
  if (file.length > MAX_BACKUP_BYTES) throw unreadable('it is too large');
  const isWhole = file.length >= HEADER_BYTES + TAG_BYTES;
  if (!isWhole || MAGIC.some((byte, i) => file[i] !== byte))
    throw unreadable('another kind of file');
  const reader = new Reader(file, 'backup');
  reader.bytes(MAGIC.length);
  if (reader.u8() !== VERSION) throw unreadable('it was made by a newer version');
  if (reader.u8() !== PBKDF2_SHA256) throw unreadable('an unknown way to make the key');
  const iterations = reader.u32();
  // A file must not decide for how long this page computes.
  if (iterations < MIN_BACKUP_ITERATIONS || iterations > MAX_BACKUP_ITERATIONS) {
    throw unreadable('an impossible count of iterations');
  }
  return { iterations, salt: reader.bytes(16), nonce: reader.bytes(12) };
}

function readContent(plain: Bytes): BackupContent {
  const reader = new Reader(plain, 'backup');
  reader.expect(CONTENT, 'content');
  const seed = reader.bytes(32);
  const madeAt = reader.u64();
  const rows = reader.bytes(reader.u32());
  reader.end();
  return { seed, madeAt, rows };
}

/** AES-256-GCM. The passphrase counts in NFKC, so that two keyboards write the same one. */
async function derive(
  subtle: SubtleCrypto,
  passphrase: string,
  salt: Bytes,
  iterations: number,
): Promise<CryptoKey> {
  const bytes = utf8(passphrase.normalize('NFKC'));
  const base = await subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveKey']);
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  const wanted = { name: 'AES-GCM', length: 256 };
  return subtle.deriveKey(algorithm, base, wanted, false, ['encrypt', 'decrypt']);
}
