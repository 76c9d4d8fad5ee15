/**
 * The invitations I gave out, and who may come by them. Each is a row of its own, read when somebody
 * comes by it. One that was withdrawn is kept: a link that is still about must not pass for one that
 * this device has merely never heard of. Fetched when the first invitation is made or used.
 */

import { type Bytes, toHex } from '../base/bytes.js';
import { type InvitationRefusal, PimError } from '../base/errors.js';
import type { Suite } from '../crypto/suite.js';
import { checkToken } from '../crypto/token.js';
import { MAX_INVITATION_USERS, MAX_INVITATIONS } from '../protocol/limits.js';
import { readToken } from '../protocol/token.js';
import type { Storage, Write } from '../storage/storage.js';
import { prefixEnd } from './keys.js';

const ROW = 'invitation/';
/** Digits of a person's key that stand for them among those who used an invitation. */
const USER_DIGITS = 24;

export type InvitationPolicy = 'ask' | 'contacts' | 'accept';

export interface InvitationRecord {
  /** 8 bytes, hexadecimal. */
  readonly id: string;
  /** base64url; '' where it was withdrawn. */
  readonly token: string;
  readonly label: string;
  readonly policy: InvitationPolicy;
  readonly createdAt: number;
  /** Milliseconds since 1970; 0: never. */
  readonly expires: number;
  /** 0: any number. */
  readonly uses: number;
  readonly state: 'open' | 'paused' | 'withdrawn';
  /** How many people came by it. */
  readonly used: number;
  /** The latest of them: beginnings of their keys, so that each counts once. */
  readonly users: readonly string[];
  /** How many were refused, and why the last one was. */
  readonly refused: number;
  readonly lastRefusal: InvitationRefusal | null;
}

/** What somebody who came by a token is to us. */
export interface Admission {
  readonly policy: InvitationPolicy;
  /** Its label, and its id. */
  readonly invite: string;
  readonly invitation: string;
  /** Counts them; to be written with whatever comes of it. */
  readonly writes: readonly Write[];
}

export interface Gate {
  readonly storage: Storage;
  readonly suite: Suite;
  /** My key. */
  readonly me: Bytes;
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * Whether somebody comes in by `token`, and how. Runs alone among the writes of people, so that one
 * use is not given twice.
 * @param isFirst whether a refusal is to be counted: people repeat themselves
 * @throws invitation/refused, after it was counted where the invitation is known
 */
export async function admit(
  gate: Gate,
  from: Bytes,
  token: Bytes,
  isFirst: boolean,
): Promise<Admission> {
  const { storage, suite, me, now } = gate;
  const checked = await checkToken(suite, me, token, now());
  if (checked === 'foreign' || checked === 'forged') throw refused(checked, '');
  // A token that has run out names its invitation as well.
  const id = toHex(checked === 'expired' ? idOf(token) : checked.id);
  const record = readInvitation(await storage.get('meta', ROW + id));
  if (checked === 'expired') return refuse(storage, record, 'expired', isFirst);
  if (record === null) return unknownHere(id);
  const user = toHex(from).slice(0, USER_DIGITS);
  const isKnown = record.users.includes(user);
  const reason = refusalOf(record, isKnown);
  if (reason !== null) return refuse(storage, record, reason, isFirst);
  const as = { policy: record.policy, invite: record.label, invitation: id };
  if (isKnown) return { ...as, writes: [] };
  const users = [...record.users, user].slice(-MAX_INVITATION_USERS);
  return { ...as, writes: [rowOf({ ...record, users, used: record.used + 1 })] };
}

function refusalOf(record: InvitationRecord, isKnown: boolean): InvitationRefusal | null {
  const { state, uses, used, policy } = record;
  if (state !== 'open') return state;
  if (policy === 'contacts') return 'closed';
  return uses > 0 && used >= uses && !isKnown ? 'used-up' : null;
}

/** Signed by me, and given out by another device of mine, or before this one was set up anew. */
function unknownHere(id: string): Admission {
  return { policy: 'ask', invite: '', invitation: id, writes: [] };
}

async function refuse(
  storage: Storage,
  record: InvitationRecord | null,
  reason: InvitationRefusal,
  isFirst: boolean,
): Promise<never> {
  if (record !== null && isFirst) {
    const counted = { ...record, refused: record.refused + 1, lastRefusal: reason };
    await storage.write([rowOf(counted)]);
  }
  throw refused(reason, record?.label ?? '');
}

/** All that were not withdrawn, the newest first. */
export async function invitations(storage: Storage): Promise<InvitationRecord[]> {
  const all = await everyInvitation(storage);
  return all.filter(({ state }) => state !== 'withdrawn').sort((a, b) => b.createdAt - a.createdAt);
}

export async function invitation(storage: Storage, id: string): Promise<InvitationRecord> {
  const record = readInvitation(await storage.get('meta', ROW + id));
  if (record !== null && record.state !== 'withdrawn') return record;
  throw new PimError('invitation/unknown', 'There is no such invitation.', null);
}

export async function keep(storage: Storage, record: InvitationRecord): Promise<void> {
  await storage.write([rowOf(record)]);
}

/**
 * Keeps a new one. Of those withdrawn, the ones that have run out need not be remembered.
 * @throws invitation/too-many
 */
export async function keepNew(
  storage: Storage,
  record: InvitationRecord,
  now: number,
): Promise<void> {
  const all = await everyInvitation(storage);
  const isOver = ({ state, expires }: InvitationRecord) =>
    state === 'withdrawn' && expires !== 0 && now >= expires;
  const over = all.filter(isOver);
  if (all.length - over.length >= MAX_INVITATIONS) {
    const message = `At most ${MAX_INVITATIONS} invitations are kept.`;
    throw new PimError('invitation/too-many', message, { max: MAX_INVITATIONS });
  }
  const removals = over.map(({ id }): Write => ({ table: 'meta', key: ROW + id, remove: true }));
  await storage.write([...removals, rowOf(record)]);
}

async function everyInvitation(storage: Storage): Promise<InvitationRecord[]> {
  const rows = await storage.list('meta', { from: ROW, to: prefixEnd(ROW) });
  return rows.flatMap(({ value }) => readInvitation(value) ?? []);
}

function rowOf(record: InvitationRecord): Write {
  return { table: 'meta', key: ROW + record.id, value: record };
}

const isText = (value: unknown) => typeof value === 'string';
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const oneOf =
  (...values: readonly unknown[]) =>
  (value: unknown) =>
    values.includes(value);
const REFUSALS = ['foreign', 'forged', 'expired', 'withdrawn', 'paused', 'used-up', 'closed'];

const SHAPE: { readonly [Field in keyof InvitationRecord]: (value: unknown) => boolean } = {
  id: (value) => isText(value) && /^[0-9a-f]{16}$/.test(value as string),
  token: isText,
  label: isText,
  policy: oneOf('ask', 'contacts', 'accept'),
  createdAt: isCount,
  expires: isCount,
  uses: isCount,
  state: oneOf('open', 'paused', 'withdrawn'),
  used: isCount,
  users: (value) => Array.isArray(value) && value.every(isText),
  refused: isCount,
  lastRefusal: oneOf(null, ...REFUSALS),
};

/** Null where it is damaged: then nobody comes in by it unasked. */
export function readInvitation(value: unknown): InvitationRecord | null {
  if (typeof value !== 'object' || value === null) return null;
  const fields = Object.entries(SHAPE).map(([name, isRight]) => {
    const field: unknown = Reflect.get(value, name);
    return isRight(field) ? ([name, field] as const) : null;
  });
  const isWhole = fields.every((each) => each !== null);
  return isWhole ? (Object.fromEntries(fields) as unknown as InvitationRecord) : null;
}

/** The id in a token whose signature was checked. */
function idOf(token: Bytes): Bytes {
  return readToken(token).id;
}

const REASONS: Readonly<Record<InvitationRefusal, string>> = {
  foreign: 'it is of somebody else',
  forged: 'nobody signed it',
  expired: 'it has run out',
  withdrawn: 'it was withdrawn',
  paused: 'it is paused',
  'used-up': 'it was used as often as it may be',
  closed: 'it lets nobody in',
};

function refused(reason: InvitationRefusal, label: string): PimError<'invitation/refused'> {
  const message = `Somebody came by an invitation and was not let in: ${REASONS[reason]}.`;
  return new PimError('invitation/refused', message, { reason, label });
}
