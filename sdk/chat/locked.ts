/**
 * An identity under a passphrase: what is stored of it, and, for as long as the page lives, what it
 * was opened to. The opened keys are objects of the platform, which gives their bytes to no script;
 * they are kept here and written nowhere.
 */

import { type Bytes, equal } from '../base/bytes.js';
import { PimError } from '../base/errors.js';
import type { Platform } from '../base/platform.js';
import { damaged } from '../crypto/faults.js';
import type { IdentityRecord } from '../crypto/identity.js';
import { type Address, encodeAddress } from '../protocol/address.js';
import { DEVICE_BYTES, KEY_BYTES } from '../protocol/limits.js';

export interface LockedRecord {
  readonly version: 1;
  readonly publicKey: Bytes;
  readonly device: Bytes;
  readonly keys: {
    readonly kind: 'locked';
    /** A backup file with nothing in it but the seed (docs/backup.md). */
    readonly sealed: Bytes;
  };
}

/** A record as it is without a passphrase. */
export type OpenRecord = IdentityRecord;

/**
 * What a page knows of the identity that is stored: how it was found, null where it was closed again,
 * for its passphrase may be another one since; and what it was opened to.
 */
const found = new WeakMap<Platform, LockedRecord | null>();
const open = new WeakMap<Platform, OpenRecord>();

/** What the stored `record` was opened to. @throws identity/locked, identity/invalid */
export function opened(platform: Platform, record: unknown): OpenRecord {
  const locked = parse(record);
  const own = open.get(platform);
  if (own !== undefined && sameKey(own, locked)) return { ...own, device: locked.device };
  found.set(platform, locked);
  throw underPassphrase(encodeAddress(locked.publicKey));
}

/** The locked record the last start ended at; null where none did since it was open. */
export function lockedOf(platform: Platform): LockedRecord | null {
  return found.get(platform) ?? null;
}

/** What this page has opened, for the other tabs. */
export function openOf(platform: Platform): OpenRecord | null {
  return open.get(platform) ?? null;
}

/** From here on this page asks for no passphrase. */
export function keepOpen(platform: Platform, record: OpenRecord): void {
  open.set(platform, record);
}

/** What was opened is so no longer. @returns whose it is; null: nothing was open */
export function close(platform: Platform): Address | null {
  const record = open.get(platform);
  open.delete(platform);
  found.set(platform, null);
  return record === undefined ? null : encodeAddress(record.publicKey);
}

/** Whether this page has seen that the key here lies under a passphrase. */
export function wasShut(platform: Platform): boolean {
  return found.has(platform);
}

export function forget(platform: Platform): void {
  open.delete(platform);
  found.delete(platform);
}

export function isLocked(record: unknown): record is LockedRecord {
  return (record as Partial<LockedRecord> | undefined)?.keys?.kind === 'locked';
}

export function sameKey(
  one: { readonly publicKey: Bytes },
  other: { readonly publicKey: Bytes },
): boolean {
  return equal(one.publicKey, other.publicKey);
}

/** @param address whose key it is */
export function underPassphrase(address: string): PimError<'identity/locked'> {
  const message = 'The key on this device is under a passphrase.';
  return new PimError('identity/locked', message, { address });
}

function parse(record: unknown): LockedRecord {
  const { version, publicKey, device, keys } = record as LockedRecord;
  const isWhole =
    isBytes(publicKey, KEY_BYTES) && isBytes(device, DEVICE_BYTES) && isBytes(keys.sealed);
  if (version !== 1 || !isWhole) throw damaged('its locked key is cut short');
  return { version, publicKey, device, keys: { kind: 'locked', sealed: keys.sealed } };
}

function isBytes(value: unknown, length?: number): value is Bytes {
  return value instanceof Uint8Array && value.length === (length ?? value.length);
}
