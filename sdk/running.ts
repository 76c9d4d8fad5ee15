/**
 * What exists only between `start()` and `stop()`: the opened store, the identity, the chat. Built
 * and taken down here, in one order, so that the facade (pim.ts) holds no half-started state.
 */

import { isPimError, PimError } from './base/errors.js';
import { loaded } from './base/loaded.js';
import type { HeldLock, Platform } from './base/platform.js';
import { Chat } from './chat/chat.js';
import type { ChatCallbacks } from './chat/chat-host.js';
import { loadOrMakeIdentity, Settings } from './chat/settings.js';
import { readStored } from './chat/stored-rows.js';
import { chooseSuite } from './crypto/choose.js';
import type { Identity } from './crypto/identity.js';
import type { Suite } from './crypto/suite.js';
import { iceConfig } from './ice-config.js';
import type { ResolvedOptions } from './options.js';
import { unavailable } from './storage/indexeddb-faults.js';
import { IndexedDbStorage } from './storage/indexeddb-storage.js';
import type { Storage } from './storage/storage.js';
import { FrameSocket } from './transport/frame-socket.js';

export interface Running {
  readonly chat: Chat;
  readonly suite: Suite;
  readonly identity: Identity;
  readonly settings: Settings;
  readonly storage: Storage;
  readonly isNew: boolean;
  /** Why what was to be kept is kept in memory only; null where all is well. */
  readonly storageFault: PimError | null;
  readonly lock: HeldLock | null;
}

/** Changes a store before anything is read from it. */
export type Prepare = (storage: Storage, suite: Suite) => Promise<void>;

/**
 * @param lock released where this fails, and by `end`
 * @throws platform/insecure, platform/unsupported, crypto/self-test-failed, identity/invalid,
 * identity/locked, storage/failed
 */
export async function begin(
  options: ResolvedOptions,
  lock: HeldLock | null,
  callbacks: ChatCallbacks,
  prepare?: Prepare,
): Promise<Running> {
  const { platform } = options;
  if (!platform.isSecure && !options.allowInsecure) {
    lock?.release();
    throw insecure(platform);
  }
  // Nothing here needs the other: the relays are dialled while the store opens.
  const early = new Map(options.relays.map((url) => [url, new FrameSocket(url, platform)]));
  const opening = openStorage(options);
  try {
    const [suite, opened] = await Promise.all([chooseSuite(platform), opening]);
    const { storage } = opened;
    await prepare?.(storage, suite);
    const settings = new Settings(storage, options);
    const [{ identity, isNew }, stored] = await Promise.all([
      loadOrMakeIdentity(storage, suite, platform),
      readStored(storage),
      settings.load(),
    ]);
    // A name the person chose later stands; the option is for the first start.
    if (options.name !== '' && settings.name === '') await settings.setName(options.name);
    const chat: Chat = new Chat({
      ...callbacks,
      storage,
      suite,
      identity,
      platform,
      settings,
      logger: options.logger,
      relays: options.relays,
      early,
      policy: options.policy,
      rtcConfig: (hides) => iceConfig(options, chat.book.pool, callbacks.onFault, hides),
    });
    await chat.load(stored);
    return { chat, suite, identity, settings, lock, isNew, ...opened };
  } catch (fault) {
    for (const socket of early.values()) socket.close();
    await opening.then(({ storage }) => storage.close()).catch(() => undefined);
    lock?.release();
    throw fault;
  }
}

export async function end(running: Running): Promise<void> {
  try {
    await running.chat.stop();
    await running.storage.close();
  } finally {
    running.lock?.release();
  }
}

/** The name of the database of a profile, of its lock, and of what its tabs hear each other on. */
export function databaseName(profile: string): string {
  return profile === 'pim' ? 'pim' : `pim-${profile}`;
}

export async function openStorage(
  options: ResolvedOptions,
): Promise<{ storage: Storage; storageFault: PimError | null }> {
  const { storage: wanted, platform, profile } = options;
  if (wanted === 'memory') return opened(await newMemory());
  if (wanted !== 'indexeddb') return opened(wanted);
  try {
    if (platform.indexedDB === null) throw unavailable('there is no IndexedDB');
    return await opened(new IndexedDbStorage(platform.indexedDB, databaseName(profile), platform));
  } catch (fault) {
    if (!isPimError(fault, 'storage/unavailable')) throw fault;
    return opened(await newMemory(), fault);
  }
}

async function opened(storage: Storage, storageFault: PimError | null = null) {
  await storage.open();
  return { storage, storageFault };
}

/** Fetched where it is needed: most visitors have an IndexedDB. */
async function newMemory(): Promise<Storage> {
  const { MemoryStorage } = await loaded(import('./storage/memory-storage.js'));
  return new MemoryStorage();
}

function insecure(platform: Platform): PimError<'platform/insecure'> {
  const message =
    'The chat starts only on https pages, and this one came over a connection that others can change.';
  return new PimError('platform/insecure', message, { origin: platform.origin });
}
