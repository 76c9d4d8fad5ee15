/**
 * Those who ask, and what becomes of their requests. Fetched when the first of them comes.
 */

import { type Bytes, fromHex, toBase64url, toHex } from '../base/bytes.js';
import { cleanLine } from '../base/check.js';
import type { Standing, Verified } from '../peer/signaling.js';
import { MAX_NAME_BYTES, MAX_REQUESTS } from '../protocol/limits.js';
import type { Storage, Write } from '../storage/storage.js';
import { cut } from './outreach.js';
import type { Asked, RequestRecord } from './records.js';

type Requests = Map<string, RequestRecord>;

/** What taking an INVITE needs. */
export interface StrangersHost {
  readonly people: { ask(asked: Omit<RequestRecord, 'state'>): Promise<Asked> };
  readonly book: { peer(key: Bytes): { readonly state: string } };
  readonly policy: string;
  now(): number;
  onRequest(request: RequestRecord): void;
}

/** Takes an INVITE of somebody who may ask. */
export async function takeInvite(
  host: StrangersHost,
  relations: { accept(key: Bytes): Promise<unknown>; welcome(key: Bytes): void },
  verified: Verified,
): Promise<void> {
  const { from, time, body } = verified.signal;
  if (body.kind !== 'invite') return;
  const request = {
    key: toHex(from),
    name: cut(cleanLine(body.name), MAX_NAME_BYTES),
    text: body.text,
    token: body.token.every((byte) => byte === 0) ? null : toBase64url(body.token),
    receivedAt: host.now(),
    time,
  };
  const asked = await host.people.ask(request);
  if (asked === 'ignored') return;
  if (asked === 'known') {
    // They have us as somebody to ask, we have them as a contact: both want to talk.
    if (host.book.peer(from).state !== 'connected') relations.welcome(from);
  } else if (host.policy === 'accept') await relations.accept(from);
  else if (asked === 'new') host.onRequest({ ...request, state: 'waiting' });
}

export async function ask(
  storage: Storage,
  requests: Requests,
  people: { standing(key: Bytes): Standing },
  asked: Omit<RequestRecord, 'state'>,
): Promise<Asked> {
  const standing = people.standing(fromHex(asked.key));
  const before = requests.get(asked.key);
  const isOld = before?.state === 'declined' || asked.time <= (before?.time ?? -1);
  if (standing === 'blocked' || isOld) return 'ignored';
  const state = standing === 'contact' ? 'past' : 'waiting';
  const request: RequestRecord = { ...asked, state };
  const writes: Write[] = [{ table: 'requests', key: request.key, value: request }];
  const oldest = before === undefined ? oldestBeyondLimit(requests) : null;
  if (oldest !== null) writes.push({ table: 'requests', key: oldest.key, remove: true });
  await storage.write(writes);
  if (oldest !== null) requests.delete(oldest.key);
  requests.set(request.key, request);
  if (standing === 'contact') return 'known';
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
