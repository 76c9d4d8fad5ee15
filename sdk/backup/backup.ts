/**
 * Keeping an identity beyond this browser: a file with everything, 24 words or a PEM with the key
 * alone; and coming back from any of them. Fetched when somebody asks for it.
 */

import { type Bytes, toHex } from '../base/bytes.js';
import { loaded } from '../base/loaded.js';
import type { Platform } from '../base/platform.js';
import { hasIdentity, isIdentityRow } from '../chat/at-home.js';
import { type LockedRecord, sameKey } from '../chat/locked.js';
import type { ConversationRecord } from '../chat/records.js';
import { keepIdentity, storedIdentity, storeIdentity } from '../chat/settings.js';
import { identityRecord, makeIdentity } from '../crypto/identity.js';
import { withSeed } from '../crypto/seed-box.js';
import type { Address } from '../protocol/address.js';
import { DEVICE_BYTES } from '../protocol/limits.js';
import { HOLDER, TABLES, type TableName, type Write } from '../storage/storage.js';
import { openBackup } from './backup-file.js';
import { alreadyThere, unreadable } from './faults.js';
import { backupMark, isBackupMark } from './last.js';
import { type BackupRow, decodeRows, encodeRows } from './rows.js';
import { hostOf, type Source, seal, subtleOf, useSeed } from './seed.js';

/** A backup that was opened: whose it is can be shown before anything is replaced by it. */
export class Backup {
  /** Whose it is. */
  readonly address: Address;
  /** When it was made, milliseconds since 1970; null for words and PEM, which hold no date. */
  readonly madeAt: number | null;
  readonly #seed: Bytes;
  readonly #rows: readonly BackupRow[];

  constructor(address: Address, seed: Bytes, madeAt: number | null, rows: readonly BackupRow[]) {
    this.address = address;
    this.madeAt = madeAt;
    this.#seed = seed;
    this.#rows = rows;
  }

  /** How many people it brings. */
  get contacts(): number {
    return this.#count('contacts');
  }

  /** How many entries of conversations it brings. */
  get entries(): number {
    return this.#count('entries');
  }

  /**
   * Puts it in the place of everything in `storage`, in one transaction: all of it or nothing.
   * @throws identity/exists where somebody is there and `replace` is not set
   * @throws storage/full, storage/failed
   */
  async into({ storage, suite, platform }: Source, replace: boolean): Promise<void> {
    if (!replace && (await hasIdentity(storage))) throw alreadyThere();
    const removals = await Promise.all(
      TABLES.map(async (table) =>
        (await storage.list(table))
          .filter(({ key }) => !isHolderRow(table, key))
          .map(({ key }): Write => ({ table, key, remove: true })),
      ),
    );
    const mark = this.madeAt === null ? [] : [backupMark(this.madeAt)];
    const rows = this.#rows.map((row) => asNewDevice(row, platform));
    const also = [...removals.flat(), ...rows, ...mark];
    await storeIdentity(storage, suite, platform, this.#seed, also);
  }

  /**
   * Takes the passphrase lock of the same person in `storage` away; all else stays as it is.
   * @throws identity/exists where somebody else is there
   * @throws storage/full, storage/failed
   */
  async unlock({ storage, suite, platform }: Source): Promise<void> {
    const record = (await storedIdentity(storage)) as LockedRecord;
    const identity = await makeIdentity(suite, platform, this.#seed);
    if (!sameKey(record, identityRecord(identity))) throw alreadyThere();
    const own = identityRecord({ ...identity, device: record.device });
    await keepIdentity(storage, await withSeed(own, platform, this.#seed), this.#seed);
  }

  #count(table: BackupRow['table']): number {
    return this.#rows.filter((row) => row.table === table).length;
  }
}

/**
 * @param messages whether conversations come along, beside the identity, its settings and contacts
 * @throws backup/no-seed, backup/too-large, storage/failed, platform/unsupported
 */
export async function makeBackup(
  source: Source,
  passphrase: string,
  messages: boolean,
): Promise<Bytes> {
  const { storage } = source;
  const left = messages ? ['files'] : ['files', 'conversations', 'entries', 'logs'];
  const tables = TABLES.filter((table) => !left.includes(table));
  const lists = tables.map(async (table) =>
    (await storage.list(table)).map((row): BackupRow => ({ table, ...row })),
  );
  const rows = (await Promise.all(lists)).flat();
  const content = rows.filter(({ table, key }) => isContent(table, key));
  return seal(source, passphrase, encodeRows(content));
}

/** The 24 words of the identity. @throws backup/no-seed */
export async function words(source: Source): Promise<string[]> {
  const { wordsOf } = await loaded(import('./words.js'));
  return useSeed(source, wordsOf);
}

/** The identity's key as encrypted PKCS#8 in PEM. @throws backup/no-seed, platform/unsupported */
export async function pem(source: Source, passphrase: string): Promise<string> {
  const { pemOf } = await loaded(import('./pem.js'));
  return useSeed(source, (seed) => pemOf(hostOf(source.platform), passphrase, seed));
}

/**
 * Opens a file, a PEM text or 24 words.
 * @throws backup/invalid, backup/passphrase, platform/unsupported
 */
export async function readBackup(
  { suite, platform }: Omit<Source, 'storage'>,
  from: Uint8Array | string,
  passphrase: string,
): Promise<Backup> {
  const whose = async (seed: Bytes) => (await makeIdentity(suite, platform, seed)).address;
  if (typeof from !== 'string') {
    const file = new Uint8Array(from);
    const opened = await openBackup({ subtle: subtleOf(platform) }, passphrase, file);
    return new Backup(await whose(opened.seed), opened.seed, opened.madeAt, rowsOf(opened.rows));
  }
  const isPem = from.includes('-----BEGIN');
  const seed = isPem
    ? await (await loaded(import('./pem.js'))).seedOfPem(
        subtleOf(platform),
        passphrase,
        from.trim(),
      )
    : (await loaded(import('./words.js'))).seedOfWords(from);
  return new Backup(await whose(seed), seed, null, []);
}

/**
 * A conversation as another device has it: the old one may write on in its log, so this one begins its
 * own. Where the friend lacks a part of the old log, that has to go on from here: whether the old
 * device did so too comes out when they meet (docs/protocol.md §8.3).
 */
function asNewDevice(row: BackupRow, platform: Platform): BackupRow {
  const record = row.value as Partial<ConversationRecord> | null;
  if (row.table !== 'conversations' || typeof record?.log !== 'string') return row;
  const { log, peer = '', heads = {}, delivered = {} } = record;
  const own = Object.keys(heads).find((name) => name.endsWith(`/${log}`) && !name.startsWith(peer));
  if (own !== undefined && heads[own] !== delivered[log]) return row;
  // What has a name is named by its place in the old log.
  return { ...row, value: { ...record, log: toHex(platform.random(DEVICE_BYTES)), named: [] } };
}

/** Whether a row tells which page a store belongs to; that stays with the store. */
function isHolderRow(table: TableName, key: string): boolean {
  return ['meta', 'files'].includes(table) && (key === HOLDER || key.startsWith(`${HOLDER}/`));
}

/** Files stay where they are: whoever has them sends them again. */
function isContent(table: TableName, key: string): boolean {
  if (table === 'files') return false;
  return !isIdentityRow(table, key) && !isHolderRow(table, key) && !isBackupMark(table, key);
}

function rowsOf(bytes: Bytes): BackupRow[] {
  try {
    return decodeRows(bytes).filter(({ table, key }) => isContent(table, key));
  } catch (cause) {
    throw unreadable('its rows cannot be read', cause);
  }
}
