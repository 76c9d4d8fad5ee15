/**
 * Making, changing and withdrawing invitations, and looking at those of others before one answers
 * them. Fetched at the first use.
 */

import type { Access } from './access.js';
import { type Bytes, toBase64url, toHex } from './base/bytes.js';
import { checkName, invalidOption } from './base/check.js';
import { type InvitationRefusal, PimError } from './base/errors.js';
import * as kept from './chat/invitations.js';
import { checkToken, signToken } from './crypto/token.js';
import { formatLink } from './protocol/format-link.js';
import { INVITATION_BYTES, MAX_INVITATION_USERS, MAX_NAME_BYTES } from './protocol/limits.js';
import { decodeToken } from './protocol/link.js';

export interface InvitationOptions {
  /** For me, to recognise it by; at most 64 bytes. Not in the token. */
  readonly label?: string;
  /** `ask`: a request waits for my answer; `accept`: this device says yes at once; `contacts`: nobody. */
  readonly policy?: kept.InvitationPolicy;
  /** Milliseconds since 1970 from which on it is worth nothing; default never. */
  readonly expiresAt?: number | null;
  /** People it lets ask, 1 to 1,000; each counts once. Default any number. */
  readonly uses?: number | null;
  /** The page its link opens; without it, only the part from `#` on is given. */
  readonly page?: string;
}

export interface InvitationChange {
  readonly label?: string;
  readonly policy?: kept.InvitationPolicy;
  readonly paused?: boolean;
}

export interface IssuedInvitation {
  /** 16 hexadecimal digits. */
  readonly id: string;
  readonly label: string;
  readonly policy: kept.InvitationPolicy;
  readonly state: 'open' | 'paused' | 'expired' | 'used-up';
  readonly createdAt: number;
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt: number | null;
  /** How many it lets ask; null: any number. */
  readonly uses: number | null;
  /** How many have come by it. */
  readonly used: number;
  /** How many came when it was not open to them, and why the last one was refused. */
  readonly refused: number;
  readonly lastRefusal: InvitationRefusal | null;
  /** base64url, 116 characters: for the link, or the `invite` of a script tag. */
  readonly token: string;
  readonly link: string;
}

export async function create(
  access: Access,
  options: InvitationOptions = {},
): Promise<IssuedInvitation> {
  const {
    running,
    options: { platform },
  } = access;
  const { identity, storage, chat } = running();
  const expires = readExpiry(options.expiresAt ?? null, platform.now());
  const uses = readUses(options.uses ?? null);
  const id = platform.random(INVITATION_BYTES);
  const token = await signToken(identity.keys, { id, expires, uses });
  const record: kept.InvitationRecord = {
    id: toHex(id),
    token: toBase64url(token),
    label: readLabel(options.label ?? ''),
    policy: readPolicy(options.policy ?? 'ask'),
    createdAt: platform.now(),
    expires,
    uses,
    state: 'open',
    used: 0,
    users: [],
    refused: 0,
    lastRefusal: null,
  };
  await chat.people.queue.run(() => kept.keepNew(storage, record, platform.now()));
  return issued(access, record, options.page ?? '');
}

export async function list(access: Access, page = ''): Promise<IssuedInvitation[]> {
  const all = await kept.invitations(access.running().storage);
  return all.map((record) => issued(access, record, page));
}

export async function change(
  access: Access,
  id: string,
  { label, policy, paused }: InvitationChange,
): Promise<IssuedInvitation> {
  const record = await write(access, id, (before) => ({
    ...before,
    ...(label === undefined ? {} : { label: readLabel(label) }),
    ...(policy === undefined ? {} : { policy: readPolicy(policy) }),
    ...(paused === undefined ? {} : { state: paused ? 'paused' : 'open' }),
  }));
  return issued(access, record, '');
}

/** What names a person goes; that it was withdrawn, and until when its link may be about, stays. */
export async function withdraw(access: Access, id: string): Promise<void> {
  await write(access, id, (before) => ({
    ...before,
    ...{ state: 'withdrawn', token: '', users: [] },
  }));
}

/**
 * The token of an invitation I was given, once it is seen to be of `owner` and good.
 * @throws link/invalid, invitation/invalid
 */
export async function received(
  { running, options: { platform } }: Access,
  owner: Bytes,
  given: string,
): Promise<string> {
  const token = decodeToken(given);
  const found = await checkToken(running().suite, owner, token, platform.now());
  if (typeof found === 'object') return toBase64url(token);
  const message =
    found === 'expired' ? 'This invitation has run out.' : 'This invitation is not of this person.';
  throw new PimError('invitation/invalid', message, { reason: found });
}

function write(
  { running }: Access,
  id: string,
  next: (before: kept.InvitationRecord) => kept.InvitationRecord,
): Promise<kept.InvitationRecord> {
  const { storage, chat } = running();
  return chat.people.queue.run(async () => {
    const record = next(await kept.invitation(storage, id));
    await kept.keep(storage, record);
    return record;
  });
}

function issued(
  { running, options: { platform, relays } }: Access,
  record: kept.InvitationRecord,
  page: string,
): IssuedInvitation {
  const { identity } = running();
  const { id, label, policy, createdAt, expires, uses, used, refused, lastRefusal, token } = record;
  const isOver = expires !== 0 && platform.now() >= expires;
  const isUsedUp = uses !== 0 && used >= uses;
  const state = isOver ? 'expired' : isUsedUp ? 'used-up' : record.state;
  return Object.freeze({
    ...{ id, label, policy, createdAt, used, refused, lastRefusal, token },
    state: state === 'withdrawn' ? 'paused' : state,
    expiresAt: expires === 0 ? null : expires,
    uses: uses === 0 ? null : uses,
    link: formatLink(page, { address: identity.address, token, relays }),
  });
}

function readLabel(label: string): string {
  return checkName(label, 'label', MAX_NAME_BYTES);
}

function readPolicy(policy: kept.InvitationPolicy): kept.InvitationPolicy {
  if (['ask', 'accept', 'contacts'].includes(policy)) return policy;
  throw invalidOption('policy', 'one of ask, accept, contacts');
}

function readExpiry(at: number | null, now: number): number {
  if (at === null) return 0;
  if (Number.isSafeInteger(at) && at > now) return at;
  throw invalidOption('expiresAt', 'a time to come, in whole milliseconds since 1970');
}

function readUses(uses: number | null): number {
  if (uses === null) return 0;
  if (Number.isSafeInteger(uses) && uses >= 1 && uses <= MAX_INVITATION_USERS) return uses;
  throw invalidOption('uses', `a whole number from 1 to ${MAX_INVITATION_USERS}`);
}
