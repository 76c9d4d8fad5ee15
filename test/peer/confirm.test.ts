/** The proof in the channel: the good case, the vectors, and everything that must not pass for it. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, concat, fromHex, toHex } from '../../sdk/base/bytes.js';
import { isPimError } from '../../sdk/base/errors.js';
import type { Keys } from '../../sdk/crypto/suite.js';
import { confirmChannel, type Facts, factsOf } from '../../sdk/peer/confirm.js';
import { encodeChannelFrame } from '../../sdk/protocol/channel-frames.js';
import {
  confirmBody,
  decodeConfirm,
  encodeConfirm,
  type Role,
  transcriptInput,
} from '../../sdk/protocol/confirm.js';
import { refusal } from '../contracts/storage.js';
import { keyA, keyB, pim } from '../support/vectors.js';
import { HandPlatform, settle, suite } from '../transport/hand-platform.js';
import { channelOn, HandDataChannel, Line } from './hand-channel.js';

const never = new AbortController().signal;
const { session, confirm } = pim;
const keys: Record<Role, Keys> = {
  low: await suite.keysFromSeed(fromHex(pim.keys[0]!.seed)),
  high: await suite.keysFromSeed(fromHex(pim.keys[1]!.seed)),
};
const common = {
  low: keyA,
  high: keyB,
  deviceLow: fromHex(session.dev_low!),
  deviceHigh: fromHex(session.dev_high!),
  session: fromHex(session.sid!),
  fingerprintLow: fromHex(session.fp_low!),
  fingerprintHigh: fromHex(session.fp_high!),
  offerHash: await suite.sha256(fromHex(session.offer_from_low!)),
  answerHash: await suite.sha256(fromHex(session.answer_from_high!)),
};
const facts: Record<Role, Facts> = {
  low: { ...common, role: 'low', theirKey: keyB },
  high: { ...common, role: 'high', theirKey: keyA },
};

/** Low confirms against whatever the test sends; gives what low sent, and the outcome. */
function begin(role: Role = 'low', random?: Bytes) {
  const platform = new HandPlatform();
  if (random !== undefined) platform.random = () => random;
  const raw = new HandDataChannel();
  const channel = channelOn(raw, platform);
  raw.open();
  const tools = { platform, suite, keys: keys[role] };
  const outcome = confirmChannel(channel, facts[role], tools, never);
  outcome.catch(() => undefined);
  const c1 = () => decodeConfirm(raw.sent[0] as Bytes);
  return { raw, channel, outcome, c1, platform };
}

type Begun = ReturnType<typeof begin>;

function randomOf({ c1 }: Begun): Bytes {
  const frame = c1();
  if (frame.kind !== 'c1') throw new Error('the first frame is C1');
  return frame.random;
}

/** High's C2 over low's random and `theirs`, right but for what is said otherwise. */
async function c2(
  begun: Begun,
  theirs: Bytes,
  change: { facts?: Partial<Facts>; signer?: Role; key?: Keys } = {},
): Promise<Bytes> {
  const transcript = { ...common, ...change.facts, randomLow: randomOf(begun), randomHigh: theirs };
  const hash = await suite.sha256(transcriptInput(transcript));
  const { signer = 'high', key = keys.high } = change;
  return encodeConfirm({
    kind: 'c2',
    signature: await key.sign('confirm', confirmBody(signer, hash)),
  });
}

const theirRandom = new Uint8Array(32).fill(0x44);
const theirC1 = encodeConfirm({ kind: 'c1', random: theirRandom });

/** Delivers their C1, then `frame`; the confirmation must have failed as an impostor's. */
async function isImpostor(begun: Begun, frame: Bytes): Promise<string> {
  begun.raw.deliver(theirC1);
  await settle();
  begun.raw.deliver(frame);
  const fault = await refusal(begun.outcome, 'peer/impostor');
  return fault.detail.reason;
}

test('two honest ends confirm each other, with two frames each', async () => {
  const platforms = [new HandPlatform(), new HandPlatform()] as const;
  const line = new Line(platforms);
  const outcomes = (['low', 'high'] as const).map((role, i) => {
    const tools = { platform: platforms[i]!, suite, keys: keys[role] };
    return confirmChannel(line.ends[i]!, facts[role], tools, never);
  });
  await line.drain();
  await Promise.all(outcomes);
  for (const raw of line.raw) {
    assert.equal(
      raw.sent.map((bytes) => decodeConfirm(bytes).kind),
      ['c1', 'c2'],
    );
  }
});

test('sends and accepts the frames of the vectors, from either side', async () => {
  for (const [role, mine, theirs, own, other] of [
    ['low', confirm.r_low, confirm.r_high, confirm.c2_low, confirm.c2_high],
    ['high', confirm.r_high, confirm.r_low, confirm.c2_high, confirm.c2_low],
  ] as const) {
    const { raw, outcome } = begin(role, fromHex(mine!));
    raw.deliver(encodeConfirm({ kind: 'c1', random: fromHex(theirs!) }));
    await settle();
    if (role === 'low') assert.is(toHex(raw.sent[0] as Bytes), confirm.c1_low);
    assert.is(toHex(raw.sent[1] as Bytes), own);
    raw.deliver(fromHex(other!));
    await outcome;
  }
});

test('what comes right behind the proof waits for whoever reads', async () => {
  const begun = begin();
  begun.raw.deliver(theirC1);
  begun.raw.deliver(await c2(begun, theirRandom));
  const have = encodeChannelFrame({ kind: 'have', clock: 0, heads: [] });
  begun.raw.deliver(have);
  await begun.outcome;
  assert.equal(await begun.channel.next(never), have);
});

test('uses a number of its own each time', async () => {
  const numbers = new Set(Array.from({ length: 4 }, () => toHex(randomOf(begin()))));
  assert.is(numbers.size, 4);
});

test('refuses a proof by another key', async () => {
  const begun = begin();
  const mallory = await suite.keysFromSeed(new Uint8Array(32).fill(7));
  begun.raw.deliver(theirC1);
  await settle();
  begun.raw.deliver(await c2(begun, theirRandom, { key: mallory }));
  const fault = await refusal(begun.outcome, 'peer/impostor');
  assert.is(fault.retryable, false);
});

test('refuses a proof for the other role: nobody can reflect ours', async () => {
  const reflected = begin();
  reflected.raw.deliver(theirC1);
  await settle();
  const own = reflected.raw.sent[1] as Bytes;
  assert.is(decodeConfirm(own).kind, 'c2');
  reflected.raw.deliver(own);
  await refusal(reflected.outcome, 'peer/impostor');
  const begun = begin();
  await isImpostor(begun, await c2(begun, theirRandom, { signer: 'low' }));
});

test('refuses our own number as theirs', async () => {
  const begun = begin();
  begun.raw.deliver(encodeConfirm({ kind: 'c1', random: randomOf(begun) }));
  const fault = await refusal(begun.outcome, 'peer/impostor');
  assert.is(fault.detail.reason, 'our own number came back');
  assert.is(begun.raw.sent.length, 1, 'and signs nothing for it');
});

test('refuses a proof that was made for another session in any single fact', async () => {
  const changes: Partial<Facts>[] = [
    'session',
    'low',
    'high',
    'deviceLow',
    'deviceHigh',
    'fingerprintLow',
    'fingerprintHigh',
    'offerHash',
    'answerHash',
  ].map((name) => {
    const value = common[name as keyof typeof common].slice() as Bytes;
    value[0] = (value[0] as number) ^ 1;
    return { [name]: value };
  });
  for (const change of changes) {
    const begun = begin();
    await isImpostor(begun, await c2(begun, theirRandom, { facts: change }));
  }
});

test('refuses a proof over an older number of ours, or another one of theirs', async () => {
  const old = begin();
  const before = await c2(old, theirRandom);
  await isImpostor(begin(), before);
  const begun = begin();
  await isImpostor(begun, await c2(begun, new Uint8Array(32).fill(0x45)));
});

test('refuses a proof before their number, a second number, and a second proof’s place', async () => {
  const early = begin();
  early.raw.deliver(await c2(early, theirRandom));
  const fault = await refusal(early.outcome, 'peer/impostor');
  assert.is(fault.detail.reason, 'something else than c1');
  const twice = begin();
  assert.is(await isImpostor(twice, theirC1), 'something else than c2');
});

test('refuses words before the proof, and shows none of them', async () => {
  const entry = encodeChannelFrame({ kind: 'entry', bytes: Uint8Array.of(1, 2, 3) });
  const first = begin();
  first.raw.deliver(entry);
  await refusal(first.outcome, 'peer/impostor');
  assert.is(await isImpostor(begin(), entry), 'something else than c2');
});

test('refuses every malformed frame in the place of either', async () => {
  const other = theirC1.slice() as Bytes;
  other[1] = 2;
  const frames = [
    new Uint8Array(0),
    Uint8Array.of(1),
    Uint8Array.of(0),
    other,
    theirC1.slice(0, 33),
    concat(theirC1, Uint8Array.of(0)),
  ];
  for (const frame of frames as Bytes[]) {
    const begun = begin();
    begun.raw.deliver(frame);
    await refusal(begun.outcome, 'peer/impostor');
  }
  const begun = begin();
  const good = await c2(begun, theirRandom);
  await isImpostor(begun, good.slice(0, 64) as Bytes);
  const longer = begin();
  await isImpostor(longer, concat(await c2(longer, theirRandom), Uint8Array.of(0)));
});

test('refuses a good proof with any one bit of it flipped', async () => {
  for (let bit = 8; bit < 65 * 8; bit += 37) {
    const begun = begin();
    const frame = await c2(begun, theirRandom);
    frame[bit >> 3] = (frame[bit >> 3] as number) ^ (1 << (bit & 7));
    await isImpostor(begun, frame);
  }
});

test('ends with its time, and with a channel that closes, as that and not as a proof', async () => {
  const platform = new HandPlatform();
  const raw = new HandDataChannel();
  const channel = channelOn(raw, platform);
  raw.open();
  const limit = new AbortController();
  const tools = { platform, suite, keys: keys.low };
  const late = confirmChannel(channel, facts.low, tools, limit.signal);
  raw.deliver(theirC1);
  await settle();
  limit.abort();
  await refusal(late, 'channel/closed');
  const begun = begin();
  begun.raw.drop();
  await refusal(begun.outcome, 'channel/closed');
});

test('no fault of a proof holds a byte of a key or a number', async () => {
  const begun = begin();
  begun.raw.deliver(theirC1);
  await settle();
  begun.raw.deliver(begun.raw.sent[1] as Bytes);
  const fault = await begun.outcome.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(isPimError(fault, 'peer/impostor'));
  const told = `${fault.message} ${JSON.stringify(fault.detail)}`;
  for (const bytes of [keyA, keyB, randomOf(begun), theirRandom]) {
    assert.not.ok(told.includes(toHex(bytes).slice(0, 12)));
  }
});

test('the facts put each side’s certificate where its key belongs', () => {
  const description = (fingerprint: Bytes) =>
    ({ setup: 'active', ufrag: '', pwd: '', fingerprint, sctpPort: 1, maxMessageSize: 1 }) as const;
  const { low, high, deviceLow, deviceHigh, fingerprintLow, fingerprintHigh } = common;
  const names = { low, high, deviceLow, deviceHigh };
  for (const role of ['low', 'high'] as const) {
    const isLow = role === 'low';
    const ends = {
      role,
      names,
      id: common.session,
      nonces: { low, high },
      theirKey: isLow ? keyB : keyA,
      theirDevice: isLow ? deviceHigh : deviceLow,
    };
    const [own, theirs] = isLow
      ? [fingerprintLow, fingerprintHigh]
      : [fingerprintHigh, fingerprintLow];
    const made = factsOf(
      ends,
      description(own),
      description(theirs),
      common.offerHash,
      common.answerHash,
    );
    assert.equal(made, facts[role]);
  }
});

test.run();
