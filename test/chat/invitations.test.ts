/** Who comes in by an invitation, who does not and why, and that each person counts once. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, fromBase64url, toBase64url, toHex } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import { Queue } from '../../sdk/base/queue.js';
import {
  admit,
  type InvitationRecord,
  invitations,
  keep,
  keepNew,
  readInvitation,
} from '../../sdk/chat/invitations.js';
import { People } from '../../sdk/chat/people.js';
import type { RequestRecord } from '../../sdk/chat/records.js';
import { takeInvite } from '../../sdk/chat/strangers.js';
import { signToken } from '../../sdk/crypto/token.js';
import type { Verified } from '../../sdk/peer/signaling.js';
import { MAX_INVITATIONS } from '../../sdk/protocol/limits.js';
import { NO_DEVICE, NO_SESSION, NO_TOKEN } from '../../sdk/protocol/signal.js';
import { refusal } from '../contracts/storage.js';
import { HandPlatform, somebody, suite } from '../transport/hand-platform.js';
import { BrokenStorage } from './broken-storage.js';

const NOW = 1_750_000_000_000;
const me = await somebody(new HandPlatform(), 1);
const other = await somebody(new HandPlatform(), 2);
const stranger = (n: number): Bytes => Uint8Array.from({ length: 32 }, (_, i) => (i < 2 ? n : i));
let made = 0;

async function invitation(change: Partial<InvitationRecord> = {}, keys = me.keys) {
  made++;
  const id = Uint8Array.of(0, 0, 0, 0, 0, 0, made >> 8, made);
  const { expires = 0, uses = 0 } = change;
  const token = await signToken(keys, { id, expires, uses });
  const record: InvitationRecord = {
    id: toHex(id),
    token: toBase64url(token),
    label: 'my site',
    policy: 'ask',
    createdAt: NOW,
    expires,
    uses,
    state: 'open',
    used: 0,
    users: [],
    refused: 0,
    lastRefusal: null,
    ...change,
  };
  return { token, record };
}

/** An owner who takes INVITEs as the chat does, and what came of them. */
async function owner(policy: 'ask' | 'contacts' | 'accept' = 'ask', disk?: BrokenStorage) {
  const storage = disk ?? (await BrokenStorage.opened());
  const people = new People(storage, new Queue());
  const requests: RequestRecord[] = [];
  const accepted: string[] = [];
  const own = {
    policy,
    storage,
    suite,
    identity: me,
    onRequest: (r: RequestRecord) => void requests.push(r),
  };
  const host = { people, owner: own, book: { peer: () => ({ state: 'idle' }) }, now: () => NOW };
  const relations = {
    accept: async (key: Bytes) => void accepted.push(toHex(key)),
    welcome: () => undefined,
  };
  let time = 0;
  const invite = (from: Bytes, token: Bytes, name = 'N') => {
    const body = { kind: 'invite', token, name, text: 'hello' } as const;
    time++;
    const signal = {
      ...{ from, to: me.keys.publicKey, fromDevice: stranger(9).slice(0, 8), toDevice: NO_DEVICE },
      ...{ session: NO_SESSION, seq: 0, time, body },
    };
    return takeInvite(host, relations, { signal } as unknown as Verified);
  };
  return { storage, people, requests, accepted, invite };
}

async function reasonOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'let in';
  } catch (fault) {
    if (isPimError(fault, 'invitation/refused')) return fault.detail.reason;
    throw fault;
  }
}

test('who comes by an invitation asks with its label, and counts once, on the next page too', async () => {
  const { storage, invite, requests } = await owner();
  const { token, record } = await invitation();
  await keep(storage, record);
  await invite(stranger(1), token);
  await invite(stranger(1), token);
  await invite(stranger(2), token);
  assert.equal(
    requests.map((each) => [each.key, each.invite, each.invitation]),
    [1, 2].map((n) => [toHex(stranger(n)), 'my site', record.id]),
  );
  const again = await owner('ask', storage);
  await again.invite(stranger(2), token);
  assert.is((await invitations(storage))[0]?.used, 2);
});

test('a policy of its own decides, whatever the owner’s is', async () => {
  const closed = await owner('contacts');
  const welcoming = await invitation({ policy: 'accept' });
  const asking = await invitation({ policy: 'ask' });
  for (const { record } of [welcoming, asking]) await keep(closed.storage, record);
  await closed.invite(stranger(1), NO_TOKEN);
  assert.equal([closed.requests, closed.accepted], [[], []], 'without one: nobody');
  await closed.invite(stranger(2), welcoming.token);
  assert.equal(closed.accepted, [toHex(stranger(2))]);
  await closed.invite(stranger(3), asking.token);
  assert.equal(
    closed.requests.map(({ key }) => key),
    [toHex(stranger(3))],
  );
  const open = await owner('accept');
  const shut = await invitation({ policy: 'contacts' });
  await keep(open.storage, shut.record);
  assert.is(await reasonOf(open.invite(stranger(4), shut.token)), 'closed');
  await open.invite(stranger(5), NO_TOKEN);
  assert.equal(open.accepted, [toHex(stranger(5))]);
});

test('forged, foreign, run out, paused, withdrawn and used up are refused, each by name', async () => {
  const { storage, invite, requests, people } = await owner();
  const good = await invitation();
  const cases: [string, Bytes, InvitationRecord | null][] = [];
  const known = async (reason: string, change: Partial<InvitationRecord>) => {
    const { token, record } = await invitation(change);
    cases.push([reason, token, record]);
  };
  await known('expired', { expires: NOW });
  await known('paused', { state: 'paused' });
  await known('withdrawn', { state: 'withdrawn', token: '' });
  await known('used-up', { uses: 1, used: 1, users: ['somebody'] });
  cases.push(['foreign', (await invitation({}, other.keys)).token, null]);
  for (const at of [0, 5, 13, 22, 23, 86]) {
    const bent = good.token.slice();
    bent[at] = (bent[at] as number) ^ 1;
    cases.push(['forged', bent, null]);
  }
  for (const { record } of [good]) await keep(storage, record);
  for (const [n, [reason, token, record]] of cases.entries()) {
    if (record !== null) await keep(storage, record);
    assert.is(await reasonOf(invite(stranger(20 + n), token)), reason);
  }
  assert.equal(requests, []);
  assert.equal(people.waiting, []);
  const counted = (await invitations(storage)).filter(({ refused }) => refused > 0);
  assert.equal(counted.map(({ lastRefusal, refused }) => [lastRefusal, refused]).sort(), [
    ['expired', 1],
    ['paused', 1],
    ['used-up', 1],
  ]);
});

test('a refusal is told and counted once for each stranger, however often they ask', async () => {
  const { storage, invite } = await owner();
  const { token, record } = await invitation({ state: 'paused' });
  await keep(storage, record);
  assert.is(await reasonOf(invite(stranger(1), token)), 'paused');
  for (let i = 0; i < 5; i++) assert.is(await reasonOf(invite(stranger(1), token)), 'let in');
  assert.is((await invitations(storage))[0]?.refused, 1);
});

test('stopping one source stops nobody who came by it before, and nobody else', async () => {
  const { storage, invite, people, requests } = await owner();
  const [one, two] = [await invitation(), await invitation()];
  await keep(storage, one.record);
  await keep(storage, two.record);
  await invite(stranger(1), one.token);
  const [before] = (await invitations(storage)).filter(({ id }) => id === one.record.id);
  await keep(storage, { ...(before as InvitationRecord), state: 'paused' });
  assert.is(await reasonOf(invite(stranger(2), one.token)), 'paused');
  await invite(stranger(3), two.token);
  await invite(stranger(4), NO_TOKEN);
  assert.equal(requests.length, 3);
  assert.equal(people.waiting.length, 3, 'who asked before still waits');
});

test('of many who come at once no more get in than it has uses', async () => {
  const { storage, invite, requests } = await owner();
  const { token, record } = await invitation({ uses: 3 });
  await keep(storage, record);
  const all = await Promise.all(
    Array.from({ length: 10 }, (_, n) => reasonOf(invite(stranger(n + 1), token))),
  );
  assert.is(all.filter((each) => each === 'let in').length, 3);
  assert.is(requests.length, 3);
  assert.is((await invitations(storage))[0]?.used, 3);
});

test('a use that could not be stored is none, and neither is its request', async () => {
  const { storage, invite, requests } = await owner();
  const { token, record } = await invitation({ uses: 1 });
  await keep(storage, record);
  storage.failAt(1, 'full');
  await refusal(invite(stranger(1), token), 'storage/full');
  storage.heal();
  assert.equal(requests, []);
  assert.is((await invitations(storage))[0]?.used, 0);
  await invite(stranger(2), token);
  assert.is(requests.length, 1);
});

test('who declined somebody gives them no use of an invitation', async () => {
  const { storage, invite, people } = await owner();
  const { token, record } = await invitation();
  await invite(stranger(1), NO_TOKEN);
  await people.decline(stranger(1));
  await keep(storage, record);
  await invite(stranger(1), token);
  assert.is((await invitations(storage))[0]?.used, 0);
  assert.equal(people.waiting, []);
});

test('one that is mine and not known here lets people ask, and never in by itself', async () => {
  const { storage, invite, requests, accepted } = await owner('accept');
  const { token } = await invitation({ policy: 'accept' });
  await invite(stranger(1), token);
  assert.equal([requests[0]?.invite, accepted], ['', []]);
  assert.equal(await invitations(storage), []);
});

test('a damaged record is as if it were not there', async () => {
  const { record } = await invitation();
  assert.equal(readInvitation(structuredClone(record)), record);
  for (const field of Object.keys(record)) {
    assert.is(readInvitation({ ...record, [field]: undefined }), null, field);
    assert.is(readInvitation({ ...record, [field]: { odd: 1 } }), null, field);
  }
  for (const odd of [null, 7, 'x', []]) assert.is(readInvitation(odd), null);
});

test('no more are kept than may be; withdrawn ones that have run out make room', async () => {
  const { storage } = await owner();
  const { record } = await invitation();
  const at = (n: number) => n.toString(16).padStart(16, '0');
  for (let n = 0; n < MAX_INVITATIONS; n++) await keep(storage, { ...record, id: at(n) });
  await refusal(keepNew(storage, { ...record, id: at(9_999) }, NOW), 'invitation/too-many');
  await keep(storage, { ...record, id: at(0), state: 'withdrawn' });
  await refusal(keepNew(storage, { ...record, id: at(9_999) }, NOW), 'invitation/too-many');
  await keep(storage, { ...record, id: at(0), state: 'withdrawn', expires: NOW });
  await keepNew(storage, { ...record, id: at(9_999) }, NOW);
  assert.is((await invitations(storage)).length, MAX_INVITATIONS);
});

test('what lets people in reads no more of a token than its bytes', async () => {
  const { storage } = await owner();
  const gate = { storage, suite, me: me.keys.publicKey, now: () => NOW };
  for (const odd of [new Uint8Array(87).fill(1), fromBase64url('AAAA')]) {
    assert.is(await reasonOf(admit(gate, stranger(1), odd, true)), 'forged');
  }
});

test.run();
