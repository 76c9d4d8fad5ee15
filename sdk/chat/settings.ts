/**
 * The few values of a person that are neither contact nor message: identity, name, the highest signal
 * time used.
 */

import type { Bytes } from '../base/bytes.js';
import { isPimError } from '../base/errors.js';
import { loaded } from '../base/loaded.js';
import type { Platform } from '../base/platform.js';
import {
  type Identity,
  type IdentityRecord,
  identityRecord,
  loadIdentity,
  makeIdentity,
} from '../crypto/identity.js';
import { withSeed } from '../crypto/seed-box.js';
import type { Suite } from '../crypto/suite.js';
import type { Storage, Write } from '../storage/storage.js';

/** In `meta`: the identity's record. */
export const IDENTITY = 'identity';
const NAME = 'name';
export const PRIVACY = 'privacy';
const SIGNAL_TIME = 'signal-time';

export const meta = (key: string, value: unknown): Write => ({ table: 'meta', key, value });

/** What I tell people of what I do, and they me: off on one side, it is off on both. */
export interface Privacy {
  receipts: boolean;
  typing: boolean;
}

/**
 * The identity of this store, made now where there is none.
 * @throws identity/invalid where the stored one is damaged: it is never replaced silently
 * @throws identity/locked
 */
export async function loadOrMakeIdentity(
  storage: Storage,
  suite: Suite,
  platform: Platform,
): Promise<{ identity: Identity; isNew: boolean }> {
  const record = await usableIdentity(storage, platform);
  if (record !== undefined) return { identity: await loadIdentity(suite, record), isNew: false };
  const seed = platform.random(32);
  try {
    return { identity: await storeIdentity(storage, suite, platform, seed), isNew: true };
  } finally {
    seed.fill(0);
  }
}

/**
 * Makes the identity of a seed, as a device of its own, and keeps it, with `also` in the same
 * transaction.
 * @param seed 32 bytes; the caller wipes them
 */
export async function storeIdentity(
  storage: Storage,
  suite: Suite,
  platform: Platform,
  seed: Bytes,
  also: readonly Write[] = [],
): Promise<Identity> {
  const identity = await makeIdentity(suite, platform, seed);
  const record = await withSeed(identityRecord(identity), platform, seed);
  await keepIdentity(storage, record, seed, also);
  return identity;
}

/** @param seed what `record` is of */
export async function keepIdentity(
  storage: Storage,
  record: IdentityRecord,
  seed: Bytes,
  also: readonly Write[] = [],
): Promise<void> {
  try {
    await storage.write([...also, meta(IDENTITY, record)]);
  } catch (fault) {
    if (!isPimError(fault, 'storage/failed')) throw fault;
    const { bySeed } = await loaded(import('./by-seed.js'));
    await storage.write([...also, meta(IDENTITY, bySeed(record, seed, fault))]);
  }
}

/** The stored record; of one under a passphrase, what it was opened to. @throws identity/locked */
export async function usableIdentity(storage: Storage, platform: Platform): Promise<unknown> {
  const record = (await storedIdentity(storage)) as Partial<IdentityRecord> | undefined;
  // The keys of others are looked at by those who use them.
  if ((record?.keys?.kind as string) !== 'locked') return record;
  return (await loaded(import('./locked.js'))).opened(platform, record);
}

/** What is stored of the identity, for those who back it up. */
export function storedIdentity(storage: Storage): Promise<unknown> {
  return storage.get('meta', IDENTITY);
}

export class Settings {
  readonly #storage: Storage;
  name = '';
  signalTime = 0;
  /** One object for all who ask, so that a change is heard at once. */
  readonly privacy: Privacy;

  /** @param privacy for as long as the person has not chosen otherwise */
  constructor(storage: Storage, { receipts, typing }: Privacy) {
    this.#storage = storage;
    this.privacy = { receipts, typing };
  }

  async load(): Promise<void> {
    const [name, privacy, signalTime] = await Promise.all([
      this.#storage.get('meta', NAME),
      this.#storage.get('meta', PRIVACY),
      this.#storage.get('meta', SIGNAL_TIME),
    ]);
    if (typeof name === 'string') this.name = name;
    const { receipts, typing } = (privacy ?? {}) as Partial<Privacy>;
    if (typeof receipts === 'boolean') this.privacy.receipts = receipts;
    if (typeof typing === 'boolean') this.privacy.typing = typing;
    if (Number.isSafeInteger(signalTime)) this.signalTime = signalTime as number;
  }

  async setName(name: string): Promise<void> {
    await this.#storage.write([meta(NAME, name)]);
    this.name = name;
  }

  async keepSignalTime(time: number): Promise<void> {
    if (time <= this.signalTime) return;
    this.signalTime = time;
    await this.#storage.write([meta(SIGNAL_TIME, time)]);
  }
}
