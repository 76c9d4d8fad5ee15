/**
 * Those who ask, and what becomes of their requests. Fetched when the first of them comes.
 */

import { type Bytes, fromHex, toBase64url, toHex } from '../base/bytes.js';
import { cleanLine } from '../base/check.js';
import { isPimError } from '../base/errors.js';
import type { Identity } from '../crypto/identity.js';
import type { Suite } from '../crypto/suite.js';
import type { Standing, Verified } from '../peer/signaling.js';
import { MAX_NAME_BYTES, MAX_REQUESTS } from '../protocol/limits.js';
import type { Storage, Write } from '../storage/storage.js';
import { admit, type Gate, type InvitationPolicy } from './invitations.js';
import { cut } from './outreach.js';
import type { Admit, Asked, RequestRecord } from './records.js';

type Requests = Map<string, RequestRecord>;

/** What taking an INVITE needs. */
export interface StrangersHost {
  readonly people: {
    standing(key: Bytes): Standing;
    ask(asked: Asking, admit: Admit): Promise<Asked>;
  };
  readonly book: { peer(key: Bytes): { readonly state: string } };
  readonly owner: {
    readonly policy: InvitationPolicy;
    readonly storage: Storage;
    readonly suite: Suite;
    readonly identity: Identity;
    onRequest(request: RequestRecord): void;
  };
  now(): number;
}

type Asking = Omit<RequestRecord, 'state' | 'invite' | 'invitation'>;

/** Strangers whose refusal is remembered, so that it is told and counted once. */
const MAX_REFUSED = 1_000;
/** By the page's own chat: who was refused since it began. */
const refusedBy = new WeakMap<object, Set<string>>();

/** Takes an INVITE of somebody who may ask. @throws invitation/refused, once for each stranger */
export async function takeInvite(
  host: StrangersHost,
  relations: { accept(key: Bytes): Promise<unknown>; welcome(key: Bytes): void },
  verified: Verified,
): Promise<void> {
  const { from, time, body } = verified.signal;
  const { people, book, owner } = host;
  if (body.kind !== 'invite' || people.standing(from) === 'blocked') return;
  const isBare = body.token.every((byte) => byte === 0);
  const request = {
    key: toHex(from),
    name: cut(cleanLine(body.name), MAX_NAME_BYTES),
    text: body.text,
    token: isBare ? null : toBase64url(body.token),
    receivedAt: host.now(),
    time,
  };
  const told = refusedBy.get(owner) ?? new Set();
  refusedBy.set(owner, told);
  let entry: Entry = { policy: owner.policy, invite: null, invitation: null, writes: [] };
  const admitted: Admit = async () => {
    if (!isBare) entry = await admit(gateOf(host), from, body.token, !told.has(request.key));
    return entry.policy === 'contacts' ? null : entry;
  };
  try {
    const asked = await people.ask(request, admitted);
    if (asked === 'ignored') return;
    if (asked === 'known') {
      // They have us as somebody to ask, we have them as a contact: both want to talk.
      if (book.peer(from).state !== 'connected') relations.welcome(from);
    } else if (entry.policy === 'accept') await relations.accept(from);
    else if (asked === 'new') {
      const { invite, invitation } = entry;
      owner.onRequest({ ...request, invite, invitation, state: 'waiting' });
    }
  } catch (fault) {
    if (!isPimError(fault, 'invitation/refused')) throw fault;
    if (told.has(request.key)) return;
    if (told.size >= MAX_REFUSED) told.clear();
    told.add(request.key);
    throw fault;
  }
}

type Entry = NonNullable<Awaited<ReturnType<Admit>>> & { readonly policy: InvitationPolicy };

function gateOf({ owner, now }: StrangersHost): Gate {
  const { storage, suite, identity } = owner;
  return { storage, suite, me: identity.keys.publicKey, now };
}

export async function ask(
  storage: Storage,
  requests: Requests,
  people: { standing(key: Bytes): Standing },
  asked: Asking,
  admit: Admit,
): Promise<Asked> {
  const standing = people.standing(fromHex(asked.key));
  const before = requests.get(asked.key);
  const isOld = before?.state === 'declined' || asked.time <= (before?.time ?? -1);
  if (standing === 'blocked' || isOld) return 'ignored';
  const isKnown = standing === 'contact';
  const entry = isKnown ? { invite: null, invitation: null, writes: [] } : await admit();
  if (entry === null) return 'ignored';
  const { invite, invitation } = entry;
  const state = isKnown ? 'past' : 'waiting';
  const request: RequestRecord = { ...asked, invite, invitation, state };
  const writes: Write[] = [
    ...entry.writes,
    { table: 'requests', key: request.key, value: request },
  ];
  const oldest = before === undefined ? oldestBeyondLimit(requests) : null;
  if (oldest !== null) writes.push({ table: 'requests', key: oldest.key, remove: true });
  await storage.write(writes);
  if (oldest !== null) requests.delete(oldest.key);
  requests.set(request.key, request);
  if (isKnown) return 'known';
  return before?.state === 'waiting' ? 'repeated' : 'new';
}

export async function decline(
  storage: Storage,
  requests: Requests,
  request: RequestRecord,
): Promise<void> {
  const declined: RequestRecord = { ...request, state: 'declined', text: '' };
  await storage.write([{ table: 'requests', key: request.key, value: declined }]);
  requests.set(request.key, declined);
}

/** Beyond the limit those that do not wait give way first, then the oldest. */
function oldestBeyondLimit(requests: Requests): RequestRecord | null {
  if (requests.size < MAX_REQUESTS) return null;
  const order = (request: RequestRecord) => (request.state === 'waiting' ? 1 : 0);
  const byAge = [...requests.values()].sort(
    (a, b) => order(a) - order(b) || a.receivedAt - b.receivedAt,
  );
  return byAge[0] ?? null;
}
