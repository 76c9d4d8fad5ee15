/**
 * The few values of a person that are neither contact nor message: identity, name, invitations
 * issued, the highest signal time used.
 */

import { isPimError, PimError } from '../base/errors.js';
import type { Platform } from '../base/platform.js';
import { type Identity, identityRecord, loadIdentity, makeIdentity } from '../crypto/identity.js';
import type { Suite } from '../crypto/suite.js';
import type { Storage } from '../storage/storage.js';
import { prefixEnd } from './keys.js';

const IDENTITY = 'identity';
const NAME = 'name';
const SIGNAL_TIME = 'signal-time';
const INVITATION = 'invitation/';

export interface InvitationRecord {
  readonly label: string;
  readonly createdAt: number;
}

/** Whether somebody's identity lies in `storage` already. */
export async function hasIdentity(storage: Storage): Promise<boolean> {
  return (await storage.get('meta', IDENTITY)) !== undefined;
}

/**
 * The identity of this store, made now where there is none.
 * @throws identity/invalid where the stored one is damaged: it is never replaced silently
 */
export async function loadOrMakeIdentity(
  storage: Storage,
  suite: Suite,
  platform: Platform,
): Promise<{ identity: Identity; isNew: boolean }> {
  const record = await storage.get('meta', IDENTITY);
  if (record !== undefined) return { identity: await loadIdentity(suite, record), isNew: false };
  const seed = platform.random(32);
  try {
    const identity = await makeIdentity(suite, platform, seed);
    const isKept = await keep(storage, identity);
    // Firefox before 136 cannot store such keys; the seed itself is kept there.
    if (!isKept) await storage.write([seedRow(identity, seed)]);
    return { identity, isNew: true };
  } finally {
    seed.fill(0);
  }
}

export class Settings {
  readonly #storage: Storage;
  readonly #invitations = new Map<string, InvitationRecord>();
  name = '';
  signalTime = 0;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  async load(): Promise<void> {
    const range = { from: INVITATION, to: prefixEnd(INVITATION) };
    const [name, signalTime, invitations] = await Promise.all([
      this.#storage.get('meta', NAME),
      this.#storage.get('meta', SIGNAL_TIME),
      this.#storage.list('meta', range),
    ]);
    if (typeof name === 'string') this.name = name;
    if (Number.isSafeInteger(signalTime)) this.signalTime = signalTime as number;
    for (const { key, value } of invitations) {
      const record = value as Partial<InvitationRecord> | null;
      const { label, createdAt } = record ?? {};
      if (typeof label !== 'string' || typeof createdAt !== 'number') continue;
      this.#invitations.set(key.slice(INVITATION.length), { label, createdAt });
    }
  }

  async setName(name: string): Promise<void> {
    await this.#storage.write([{ table: 'meta', key: NAME, value: name }]);
    this.name = name;
  }

  async keepSignalTime(time: number): Promise<void> {
    if (time <= this.signalTime) return;
    this.signalTime = time;
    await this.#storage.write([{ table: 'meta', key: SIGNAL_TIME, value: time }]);
  }

  /** @param token base64url */
  async addInvitation(token: string, invitation: InvitationRecord): Promise<void> {
    await this.#storage.write([{ table: 'meta', key: INVITATION + token, value: invitation }]);
    this.#invitations.set(token, invitation);
  }

  invitation(token: string): InvitationRecord | null {
    return this.#invitations.get(token) ?? null;
  }
}

async function keep(storage: Storage, identity: Identity): Promise<boolean> {
  try {
    await storage.write([{ table: 'meta', key: IDENTITY, value: identityRecord(identity) }]);
    return true;
  } catch (fault) {
    const isUncloneable = isPimError(fault, 'storage/failed') && fault.detail.operation === 'clone';
    if (isUncloneable) return false;
    throw fault;
  }
}

function seedRow(identity: Identity, seed: Uint8Array) {
  if (identity.keys.stored.kind === 'seed') {
    const reason = 'the seed could not be kept';
    throw new PimError('identity/invalid', `The identity cannot be stored: ${reason}.`, { reason });
  }
  const keys = { kind: 'seed', seed: seed.slice() };
  return { table: 'meta', key: IDENTITY, value: { ...identityRecord(identity), keys } } as const;
}
