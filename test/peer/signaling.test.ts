/** Signals in and out: the order of checks, budgets, strangers, and what is told of altered ones. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, concat, fromHex, toHex } from '../../sdk/base/bytes.js';
import type { ErrorCode } from '../../sdk/base/errors.js';
import type { Identity } from '../../sdk/crypto/identity.js';
import { seal } from '../../sdk/crypto/seal.js';
import { SignalClock } from '../../sdk/peer/clock.js';
import { isLower, Signaling, type Standing, type Verified } from '../../sdk/peer/signaling.js';
import { MAX_INVITES_PER_MINUTE, MAX_UNSEALS_PER_S } from '../../sdk/protocol/limits.js';
import { encodeSignal, NO_TOKEN, type Signal, type SignalBody } from '../../sdk/protocol/signal.js';
import type { RelayPool } from '../../sdk/transport/relay-pool.js';
import { NodeSuite } from '../crypto/node-suite.js';
import { smallOrder } from '../support/vectors.js';
import { HandPlatform, settle, somebody } from '../transport/hand-platform.js';

const KNOCK: SignalBody = { kind: 'knock', nonce: new Uint8Array(32).fill(1) };
const INVITE: SignalBody = { kind: 'invite', token: NO_TOKEN, name: 'N', text: 'T' };
const RELAY = 'wss://relay.example';

/** Counts what the costly steps are asked to do. */
class CountingSuite extends NodeSuite {
  opened = 0;
  verified = 0;
  override async decrypt(...given: Parameters<NodeSuite['decrypt']>): Promise<Bytes | null> {
    this.opened++;
    return super.decrypt(...given);
  }
  override async verifyUnchecked(
    ...given: Parameters<NodeSuite['verifyUnchecked']>
  ): Promise<boolean> {
    this.verified++;
    return super.verifyUnchecked(...given);
  }
}

async function made({ standing = 'contact' as Standing, relays = 1 } = {}) {
  const platform = new HandPlatform();
  const suite = new CountingSuite();
  const [me, friend] = [await somebody(platform), await somebody(platform)];
  const taken: Verified[] = [];
  const altered: [string, ErrorCode][] = [];
  const logged: string[] = [];
  const sent: { to: Bytes; sealed: Bytes[] }[] = [];
  const clock = new SignalClock(platform, 0, async () => undefined);
  const all = { platform, suite, me, friend, taken, altered, logged, sent, clock, standing };
  const pool = {
    links: Array.from({ length: relays }, (_, i) => ({ url: `${RELAY}/${i}` })),
    send: async (to: Bytes, sealOne: () => Promise<Bytes>) => {
      const sealed = await Promise.all(Array.from({ length: relays }, sealOne));
      sent.push({ to, sealed });
      return relays;
    },
  } as unknown as RelayPool;
  const signaling = new Signaling({
    identity: me,
    suite,
    platform,
    logger: (level, text) => logged.push(`${level} ${text}`),
    clock,
    pool,
    standing: () => all.standing,
    onSignal: (signal) => void taken.push(signal),
    onAltered: (url, reason) => void altered.push([url, reason.code]),
  });
  return Object.assign(all, { signaling, pool });
}

type Made = Awaited<ReturnType<typeof made>>;

/** A whole signal of `from`, right but for what is changed. */
async function whole(
  from: Identity,
  to: Bytes,
  body: SignalBody,
  change: Partial<Signal> = {},
  signer: Identity = from,
): Promise<Bytes> {
  const session = new Uint8Array(16);
  const base = {
    from: from.keys.publicKey,
    to,
    fromDevice: from.device,
    toDevice: new Uint8Array(8),
  };
  const signed = encodeSignal({ ...base, session, seq: 0, time: 1, body, ...change });
  return concat(signed, await signer.keys.sign('signal', signed));
}

/** Seals `signal` to me and lets it arrive. */
async function deliver({ signaling, suite, me }: Made, signal: Bytes, url = RELAY): Promise<void> {
  await signaling.receive(await seal(suite, me.keys.publicKey, signal), url);
}

test('what one end sends, the other end takes', async () => {
  const [one, other] = [await made(), await made()];
  const to = other.me.keys.publicKey;
  await one.signaling.signAndSend({ to }, KNOCK);
  await other.signaling.receive(one.sent[0]?.sealed[0] as Bytes, RELAY);
  const { signal } = other.taken[0] as Verified;
  assert.equal(signal.body, KNOCK);
  assert.equal(signal.from, one.me.keys.publicKey);
  assert.equal(signal.fromDevice, one.me.device);
  assert.equal(signal.to, to);
  assert.equal([...signal.toDevice], Array(8).fill(0));
  assert.equal([...signal.session], Array(16).fill(0));
});

test('names device, session and number where it is told to', async () => {
  const [one, other] = [await made(), await made()];
  const to = other.me.keys.publicKey;
  const session = new Uint8Array(16).fill(4);
  const route = { to, toDevice: other.me.device, session, seq: 7 };
  await one.signaling.signAndSend(route, { kind: 'bye', reason: 0 });
  await other.signaling.receive(one.sent[0]?.sealed[0] as Bytes, RELAY);
  const { signal } = other.taken[0] as Verified;
  assert.equal([signal.seq, signal.session, signal.toDevice], [7, session, other.me.device]);
});

test('gives every signal a later time, and keeps the bytes of one that is sent again', async () => {
  const one = await made();
  const to = one.friend.keys.publicKey;
  const [first, second] = [
    await one.signaling.sign({ to }, KNOCK),
    await one.signaling.sign({ to }, KNOCK),
  ];
  assert.not.equal(first, second);
  await one.signaling.send(to, first);
  await one.signaling.send(to, first);
  const [a, b] = one.sent.map(({ sealed }) => sealed[0]);
  assert.not.equal(a, b, 'sealed anew');
});

test('a signal that cannot be sealed is told in the log, not thrown', async () => {
  const one = await made();
  const to = fromHex(smallOrder[0] as string);
  await one.signaling.signAndSend({ to }, KNOCK);
  assert.is(one.logged.length, 1);
});

test('what is not an envelope costs no arithmetic, and is counted as altered', async () => {
  const all = await made();
  for (const length of [1, 48, 560, 562]) {
    await all.signaling.receive(new Uint8Array(length).fill(1), RELAY);
  }
  assert.equal([all.suite.opened, all.suite.verified], [0, 0]);
  assert.is(all.altered.length, 4);
  assert.ok(all.altered.every(([url, code]) => url === RELAY && code === 'frame/invalid'));
});

test('an envelope for somebody else, or altered, costs one opening and is counted', async () => {
  const all = await made();
  const signal = await whole(all.friend, all.me.keys.publicKey, KNOCK);
  const sealed = await seal(all.suite, all.me.keys.publicKey, signal);
  sealed[100] = (sealed[100] as number) ^ 1;
  await all.signaling.receive(sealed, RELAY);
  const elsewhere = await seal(all.suite, all.friend.keys.publicKey, signal);
  await all.signaling.receive(elsewhere, RELAY);
  assert.equal([all.suite.opened, all.suite.verified], [2, 0]);
  assert.equal(all.altered, [
    [RELAY, 'seal/failed'],
    [RELAY, 'seal/failed'],
  ]);
});

test('a signal to somebody else, or from ourselves, is none of our business', async () => {
  const all = await made();
  const stranger = await somebody(all.platform);
  await deliver(all, await whole(all.friend, stranger.keys.publicKey, KNOCK));
  await deliver(all, await whole(all.me, all.me.keys.publicKey, KNOCK));
  assert.equal([all.suite.verified, all.taken.length, all.altered.length], [0, 0, 0]);
});

test('no signature is checked for a stranger’s signal, but for the one kind they may send', async () => {
  const all = await made({ standing: 'stranger' });
  const to = all.me.keys.publicKey;
  const session = new Uint8Array(16).fill(1);
  const description = {
    setup: 'actpass' as const,
    ufrag: 'abcd',
    pwd: 'a'.repeat(22),
    fingerprint: new Uint8Array(32),
    sctpPort: 5000,
    maxMessageSize: 65_536,
  };
  const nonces = { nonceLow: new Uint8Array(32), nonceHigh: new Uint8Array(32) };
  const bodies: [SignalBody, Partial<Signal>][] = [
    [KNOCK, {}],
    [{ kind: 'hello', ...nonces }, {}],
    [{ kind: 'offer', ...nonces, description }, { session }],
    [
      {
        kind: 'answer',
        offerHash: new Uint8Array(32),
        description: { ...description, setup: 'active' },
      },
      { session },
    ],
    [{ kind: 'candidates', candidates: [] }, { session }],
    [{ kind: 'bye', reason: 0 }, { session }],
    [{ kind: 'accept' }, {}],
  ];
  for (const [body, change] of bodies)
    await deliver(all, await whole(all.friend, to, body, change));
  assert.equal([all.suite.verified, all.taken.length, all.sent.length], [0, 0, 0]);
  await deliver(all, await whole(all.friend, to, INVITE));
  assert.equal(
    all.taken.map(({ signal }) => signal.body.kind),
    ['invite'],
  );
  all.standing = 'contact';
  for (const [body, change] of bodies)
    await deliver(all, await whole(all.friend, to, body, change));
  assert.is(all.taken.length, 1 + bodies.length);
});

test('nothing of somebody who is blocked is looked at, requests included', async () => {
  const all = await made({ standing: 'blocked' });
  await deliver(all, await whole(all.friend, all.me.keys.publicKey, KNOCK));
  await deliver(all, await whole(all.friend, all.me.keys.publicKey, INVITE));
  assert.equal([all.suite.verified, all.taken.length, all.altered.length], [0, 0, 0]);
});

test('a signature by another key is forged, and counted', async () => {
  const all = await made();
  const mallory = await somebody(all.platform);
  await deliver(all, await whole(all.friend, all.me.keys.publicKey, KNOCK, {}, mallory));
  assert.equal(all.altered, [[RELAY, 'signal/forged']]);
  assert.equal(all.taken, []);
});

test('a signature made for another purpose is forged', async () => {
  const all = await made();
  const good = await whole(all.friend, all.me.keys.publicKey, KNOCK);
  const signed = good.subarray(0, -64);
  for (const label of ['relay-auth', 'confirm'] as const) {
    await deliver(all, concat(signed, await all.friend.keys.sign(label, signed)));
  }
  assert.equal(all.taken, []);
  assert.is(all.altered.length, 2);
});

test('any bit flipped inside a signal is refused one way or another, and nothing is thrown', async () => {
  const all = await made();
  const good = await whole(all.friend, all.me.keys.publicKey, KNOCK);
  await deliver(all, good);
  assert.is(all.taken.length, 1);
  for (let bit = 0; bit < good.length * 8; bit += 5) {
    const altered = good.slice() as Bytes;
    altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7));
    await all.platform.pass(1_000);
    await deliver(all, altered);
  }
  assert.is(all.taken.length, 1);
  assert.equal(
    all.logged.filter((line) => line.startsWith('error')),
    [],
  );
});

test('a signal for another device of ours is verified and left to it', async () => {
  const all = await made();
  const to = all.me.keys.publicKey;
  await deliver(all, await whole(all.friend, to, KNOCK, { toDevice: new Uint8Array(8).fill(9) }));
  assert.equal([all.taken.length, all.altered.length], [0, 0]);
  await deliver(all, await whole(all.friend, to, KNOCK, { toDevice: all.me.device }));
  assert.is(all.taken.length, 1);
});

test('opens at most fifty envelopes a second, and again in the next one', async () => {
  const all = await made();
  const sealed = await seal(all.suite, all.friend.keys.publicKey, new Uint8Array(10));
  for (let i = 0; i < 3 * MAX_UNSEALS_PER_S; i++) await all.signaling.receive(sealed, RELAY);
  assert.is(all.suite.opened, MAX_UNSEALS_PER_S);
  await all.platform.pass(1_000);
  await deliver(all, await whole(all.friend, all.me.keys.publicKey, KNOCK));
  assert.is(all.taken.length, 1);
});

test('a relay that floods leaves the others their share', async () => {
  const all = await made({ relays: 2 });
  const sealed = await seal(all.suite, all.friend.keys.publicKey, new Uint8Array(10));
  for (let i = 0; i < 500; i++) await all.signaling.receive(sealed, `${RELAY}/0`);
  assert.is(all.suite.opened, MAX_UNSEALS_PER_S / 2);
  await deliver(all, await whole(all.friend, all.me.keys.publicKey, KNOCK), `${RELAY}/1`);
  assert.is(all.taken.length, 1);
});

test('takes at most sixty requests a minute, over all strangers', async () => {
  const all = await made({ standing: 'stranger' });
  const to = all.me.keys.publicKey;
  const flood = async () => {
    for (let i = 0; i < MAX_INVITES_PER_MINUTE + 20; i++) {
      if (i % 40 === 0) await all.platform.pass(1_000);
      await deliver(all, await whole(await somebody(all.platform), to, INVITE));
    }
  };
  await flood();
  assert.is(all.taken.length, MAX_INVITES_PER_MINUTE);
  assert.is(all.suite.verified, MAX_INVITES_PER_MINUTE);
  all.standing = 'contact';
  await deliver(all, await whole(all.friend, to, KNOCK));
  assert.is(all.taken.length, MAX_INVITES_PER_MINUTE + 1, 'contacts are not kept out by it');
  all.standing = 'stranger';
  await all.platform.pass(60_000);
  await flood();
  assert.is(all.taken.length, 2 * MAX_INVITES_PER_MINUTE + 1);
});

test('a fault of whoever takes the signal reaches no relay’s count and no caller', async () => {
  const all = await made();
  all.taken.push = () => {
    throw new Error('broken');
  };
  await deliver(all, await whole(all.friend, all.me.keys.publicKey, KNOCK));
  await settle();
  assert.equal(all.altered, []);
  assert.is(all.logged.filter((line) => line.startsWith('error')).length, 1);
});

test('no log line holds a key, a device or words', async () => {
  const all = await made({ standing: 'stranger' });
  const invite = { ...INVITE, name: 'Zaphod', text: 'Beeblebrox' } as SignalBody;
  await deliver(all, await whole(all.friend, all.me.keys.publicKey, invite));
  await deliver(all, new Uint8Array(300));
  const lines = all.logged.join('\n');
  for (const secret of ['Zaphod', 'Beeblebrox', toHex(all.friend.device), all.friend.address]) {
    assert.not.ok(lines.includes(secret));
  }
  assert.not.ok(lines.includes(toHex(all.friend.keys.publicKey)));
});

test('the lower key is the one that sorts first', () => {
  const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(1)];
  b[31] = 2;
  assert.ok(isLower(a, b));
  assert.not.ok(isLower(b, a));
  assert.not.ok(isLower(a, a));
});

test.run();
