/**
 * Every byte of what a relay carries, flipped, and every byte of a signal inside it: nothing that was
 * altered, misdirected, reflected or signed by somebody else is ever acted upon.
 * @time-limit 60
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, concat, toHex } from '../../sdk/base/bytes.js';
import type { Platform } from '../../sdk/base/platform.js';
import { makeIdentity } from '../../sdk/crypto/identity.js';
import { seal } from '../../sdk/crypto/seal.js';
import { SignalClock } from '../../sdk/peer/clock.js';
import { Signaling, type Standing, type Verified } from '../../sdk/peer/signaling.js';
import {
  NO_SESSION,
  NO_TOKEN,
  type SignalBody,
  type SignalKind,
} from '../../sdk/protocol/signal.js';
import type { RelayPool } from '../../sdk/transport/relay-pool.js';
import { type Change, EvilPeer, suite } from '../support/evil-peer.js';
import { outcome, printOutcomes } from '../support/evil-report.js';
import { Random } from '../support/fuzz.js';
import { randomCandidate, randomDescription } from '../support/random-values.js';
import { random } from '../support/relay-client.js';

test.after(() => printOutcomes('Envelopes and signals, byte by byte:'));

const dice = new Random(Math.floor(Math.random() * 2 ** 31));

const BODIES: Readonly<Record<SignalKind, SignalBody>> = {
  knock: { kind: 'knock', nonce: random(32) },
  hello: { kind: 'hello', nonceLow: random(32), nonceHigh: random(32) },
  offer: {
    kind: 'offer',
    nonceLow: random(32),
    nonceHigh: random(32),
    description: randomDescription(dice, 'actpass'),
  },
  answer: {
    kind: 'answer',
    offerHash: random(32),
    description: randomDescription(dice, 'active'),
  },
  candidates: { kind: 'candidates', candidates: [randomCandidate(dice), randomCandidate(dice)] },
  bye: { kind: 'bye', reason: 0 },
  invite: { kind: 'invite', token: NO_TOKEN, name: 'Mallory', text: 'let me in' },
  accept: { kind: 'accept' },
};
const KINDS = Object.keys(BODIES) as SignalKind[];
const SESSIONLESS: readonly SignalKind[] = ['knock', 'hello', 'invite', 'accept'];

/** Somebody who receives, without a network: what was acted upon, and what was found altered. */
async function receiver(standing: () => Standing = () => 'contact') {
  let ms = 0;
  // Every look at the clock is a second later, so that no budget is in the way.
  const platform = {
    monotonic: () => (ms += 60_000),
    now: Date.now,
    random,
  } as unknown as Platform;
  const identity = await makeIdentity(suite, platform, random(32));
  const taken: Verified[] = [];
  const altered: string[] = [];
  const faults: string[] = [];
  const signaling = new Signaling({
    identity,
    suite,
    platform,
    logger: (level, text) => level === 'error' && faults.push(text),
    clock: new SignalClock(platform, 0, async () => undefined),
    pool: { links: [] } as unknown as RelayPool,
    standing,
    onSignal: (signal) => taken.push(signal),
    onAltered: (_url, reason) => altered.push(reason.code),
  });
  const take = async (sealed: Bytes) => {
    await signaling.receive(sealed, 'wss://relay.example');
    assert.equal(faults, []);
  };
  return { identity, taken, altered, take };
}

const sessionOf = (kind: SignalKind): Change => ({
  session: SESSIONLESS.includes(kind) ? NO_SESSION : random(16),
});

const flipped = (bytes: Uint8Array, at: number): Bytes => {
  const copy = bytes.slice() as Bytes;
  copy[at] = (copy[at] as number) ^ (1 << (at % 8));
  return copy;
};

test('an honest signal of every kind is taken', async () => {
  const { identity, taken, take } = await receiver();
  const friend = await EvilPeer.make();
  for (const kind of KINDS) {
    const whole = await friend.sign(identity.keys.publicKey, BODIES[kind], sessionOf(kind));
    await take(await seal(suite, identity.keys.publicKey, whole));
    assert.is(taken.pop()?.signal.body.kind, kind);
  }
});

for (const kind of KINDS) {
  test(`no byte of a sealed ${kind.toUpperCase()} can be changed`, async () => {
    const { identity, taken, altered, take } = await receiver();
    const friend = await EvilPeer.make();
    const to = identity.keys.publicKey;
    const sealed = await seal(suite, to, await friend.sign(to, BODIES[kind], sessionOf(kind)));
    for (let at = 0; at < sealed.length; at += 32) {
      const indices = Array.from({ length: Math.min(32, sealed.length - at) }, (_, n) => at + n);
      await Promise.all(indices.map((index) => take(flipped(sealed, index))));
    }
    assert.equal(taken, []);
    assert.is(altered.length, sealed.length);
    for (const code of altered) assert.match(code, /^(?:seal\/failed|frame\/invalid)$/);
    outcome(`each of ${sealed.length} bytes of a sealed ${kind.toUpperCase()}`, 'not taken');
  });
}

for (const kind of KINDS) {
  test(`no byte of a signed ${kind.toUpperCase()} can be changed by who seals it`, async () => {
    const { identity, taken, take } = await receiver();
    const friend = await EvilPeer.make();
    const to = identity.keys.publicKey;
    const whole = await friend.sign(to, BODIES[kind], sessionOf(kind));
    for (let at = 0; at < whole.length; at += 16) {
      const indices = Array.from({ length: Math.min(16, whole.length - at) }, (_, n) => at + n);
      await Promise.all(
        indices.map(async (index) => take(await seal(suite, to, flipped(whole, index)))),
      );
    }
    assert.equal(taken, []);
    outcome(`each of ${whole.length} bytes of a signed ${kind.toUpperCase()}`, 'not taken');
  });
}

test('a signal for somebody else, sealed anew to me by its recipient, is not taken', async () => {
  const { identity, taken, take } = await receiver();
  const [friend, colluding] = await Promise.all([EvilPeer.make(), EvilPeer.make()]);
  for (const kind of KINDS) {
    const whole = await friend.sign(colluding.key, BODIES[kind], sessionOf(kind));
    await take(await seal(suite, identity.keys.publicKey, whole));
  }
  assert.equal(taken, []);
  outcome('a friend passes on a signal that was for them', 'not taken');
});

test('my own signal coming back to me is not taken', async () => {
  const { identity, taken, take } = await receiver();
  const me = identity.keys.publicKey;
  const friend = await EvilPeer.make();
  for (const to of [me, friend.key]) {
    const change = { from: me, signer: identity.keys };
    await take(await seal(suite, me, await friend.sign(to, BODIES.knock, change)));
  }
  assert.equal(taken, []);
  outcome('a relay reflects my own signal', 'not taken');
});

test('a signal in a friend’s name by another key is not taken', async () => {
  const { identity, taken, altered, take } = await receiver();
  const [friend, forger] = await Promise.all([EvilPeer.make(), EvilPeer.make()]);
  const to = identity.keys.publicKey;
  for (const kind of KINDS) {
    const change = { ...sessionOf(kind), signer: forger.keys };
    await take(await seal(suite, to, await friend.sign(to, BODIES[kind], change)));
  }
  assert.equal(taken, []);
  assert.equal(new Set(altered), new Set(['signal/forged']));
  outcome('somebody signs in a friend’s name with another key', 'not taken (signal/forged)');
});

test('a signature with S + L in the place of S is not taken', async () => {
  const { identity, taken, take } = await receiver();
  const friend = await EvilPeer.make();
  const to = identity.keys.publicKey;
  const whole = await friend.sign(to, BODIES.knock);
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const at = whole.length - 32;
  const scalar = whole.slice(at).reverse();
  const raised = (BigInt(`0x${toHex(scalar)}`) + order).toString(16).padStart(64, '0');
  const bytes = Uint8Array.from(raised.match(/../g) ?? [], (each) => Number.parseInt(each, 16));
  await take(await seal(suite, to, concat(whole.slice(0, at), bytes.reverse())));
  assert.equal(taken, []);
  outcome('a second signature computed from a first (S + L)', 'not taken');
});

test('a signal for another device of mine is left alone', async () => {
  const { identity, taken, altered, take } = await receiver();
  const friend = await EvilPeer.make();
  const to = identity.keys.publicKey;
  const other = await friend.sign(to, BODIES.knock, { toDevice: random(8) });
  await take(await seal(suite, to, other));
  assert.equal([taken.length, altered.length], [0, 0]);
  const mine = await friend.sign(to, BODIES.knock, { toDevice: identity.device });
  await take(await seal(suite, to, mine));
  assert.is(taken.length, 1);
});

test('of strangers only an INVITE is taken, of blocked people nothing', async () => {
  for (const [standing, expected] of [
    ['stranger', ['invite']],
    ['blocked', []],
  ] as const) {
    const { identity, taken, take } = await receiver(() => standing);
    const stranger = await EvilPeer.make();
    const to = identity.keys.publicKey;
    for (const kind of KINDS) {
      await take(await seal(suite, to, await stranger.sign(to, BODIES[kind], sessionOf(kind))));
    }
    assert.equal(
      taken.map((each) => each.signal.body.kind),
      [...expected],
    );
  }
  outcome('KNOCK, HELLO, OFFER, ANSWER, CAND, BYE, ACCEPT of a stranger', 'not taken');
});

test('envelopes of any other size or make-up are not taken', async () => {
  const { identity, taken, take } = await receiver();
  const to = identity.keys.publicKey;
  const friend = await EvilPeer.make();
  const sealed = await seal(suite, to, await friend.sign(to, BODIES.knock));
  const odd = [
    new Uint8Array(0),
    random(1),
    sealed.slice(1),
    sealed.slice(0, -1),
    concat(sealed, Uint8Array.of(0)),
    random(561),
    random(8_241),
    random(70_000),
    new Uint8Array(561),
    new Uint8Array(561).fill(255),
  ];
  for (const bytes of odd) await take(bytes as Bytes);
  // Sealed rightly, with nothing right inside.
  for (const length of [0, 1, 100, 173, 174, 400, 8_000]) {
    await take(await seal(suite, to, random(length)));
  }
  assert.equal(taken, []);
});

test('the verdict on a signal is a PimError or nothing, whatever is sealed', async () => {
  const { identity, taken, altered, take } = await receiver();
  const to = identity.keys.publicKey;
  const friend = await EvilPeer.make();
  for (let n = 0; n < 300; n++) {
    const kind = dice.pick(KINDS);
    const whole = await friend.sign(to, BODIES[kind], sessionOf(kind));
    const cut = dice.below(whole.length);
    const noise = random(dice.below(40));
    await take(await seal(suite, to, concat(whole.slice(0, cut), noise)));
  }
  assert.equal(taken, []);
  assert.ok(altered.every((code) => code.includes('/')));
});

test.run();
