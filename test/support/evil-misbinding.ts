/**
 * Identity misbinding (RFC 8844): a friend of two people who passes the connection of each off to
 * the other as their own. It takes no WebRTC: descriptions and candidates are signed and passed on.
 * The key must lie between those of the two: then one of them offers, and the other answers.
 */

import { type Bytes, compare, equal } from '../../sdk/base/bytes.js';
import { decodeAddress } from '../../sdk/protocol/address.js';
import { type SessionNames, sessionIdInput } from '../../sdk/protocol/confirm.js';
import type { Description } from '../../sdk/protocol/description.js';
import type { ReceivedSignal } from '../../sdk/protocol/signal.js';
import { EvilPeer, suite } from './evil-peer.js';
import { random } from './relay-client.js';

/** One of the two as M sees them. */
interface End {
  readonly key: Bytes;
  readonly device: Bytes;
  readonly session: Bytes;
  seq: number;
}

/** A friend whose key lies between the two; null where the two are too close for it to be found. */
export async function makeMisbinder(one: string, other: string): Promise<EvilPeer | null> {
  const [low, high] = inOrder(one, other);
  for (let tries = 0; tries < 2_000; tries++) {
    const made = await EvilPeer.make();
    if (compare(low, made.key) < 0 && compare(made.key, high) < 0) return made;
  }
  return null;
}

/**
 * Signs what each describes as M's own to the other, and goes on with their candidates.
 * @param lie what M signs to the lower one in the place of the higher one's description
 */
export async function misbind(
  mallory: EvilPeer,
  one: string,
  other: string,
  lie: (theirs: Description) => Description = (theirs) => theirs,
): Promise<void> {
  const [low, high] = inOrder(one, other);

  const mine = random(32);
  await mallory.say(high, { kind: 'knock', nonce: mine });
  const hello = await mallory.inbox.take(
    ({ signal: { body } }) => body.kind === 'hello' && equal(body.nonceLow, mine),
    'hello of the higher one',
  );
  const theirs = hello.signal.body.kind === 'hello' ? hello.signal.body.nonceHigh : mine;
  const upper = await endOf(mallory, hello, { low: mine, high: theirs });

  const bait = random(32);
  await mallory.say(low, { kind: 'knock', nonce: bait });
  const offer = await mallory.inbox.take(
    ({ signal: { body } }) => body.kind === 'offer' && equal(body.nonceHigh, bait),
    'offer of the lower one',
  );
  if (offer.signal.body.kind !== 'offer') throw new Error('no offer');
  const { nonceLow, description: lowest } = offer.signal.body;
  const lower = await endOf(mallory, offer, { low: nonceLow, high: bait });

  await say(mallory, upper, {
    kind: 'offer',
    nonceLow: mine,
    nonceHigh: theirs,
    description: { ...lowest, setup: 'actpass' },
  });
  const answer = await mallory.inbox.take(
    ({ signal }) => signal.body.kind === 'answer' && equal(signal.from, high),
    'answer of the higher one',
  );
  if (answer.signal.body.kind !== 'answer') throw new Error('no answer');
  const offerHash = await suite.sha256(offer.whole);
  const description = lie(answer.signal.body.description);
  await say(mallory, lower, { kind: 'answer', offerHash, description });
  void passCandidates(mallory, lower, upper);
  void passCandidates(mallory, upper, lower);
}

function inOrder(one: string, other: string): [low: Bytes, high: Bytes] {
  const keys = [decodeAddress(one), decodeAddress(other)].sort(compare);
  return keys as [Bytes, Bytes];
}

async function endOf(
  mallory: EvilPeer,
  { signal }: ReceivedSignal,
  nonces: { readonly low: Bytes; readonly high: Bytes },
): Promise<End> {
  const { from, fromDevice } = signal;
  const names: SessionNames =
    compare(mallory.key, from) < 0
      ? { low: mallory.key, high: from, deviceLow: mallory.device, deviceHigh: fromDevice }
      : { low: from, high: mallory.key, deviceLow: fromDevice, deviceHigh: mallory.device };
  const hash = await suite.sha256(sessionIdInput(names, nonces.low, nonces.high));
  return { key: from, device: fromDevice, session: hash.slice(0, 16) as Bytes, seq: 0 };
}

function say(mallory: EvilPeer, end: End, body: Parameters<EvilPeer['say']>[1]): Promise<Bytes> {
  const { session, device: toDevice } = end;
  return mallory.say(end.key, body, { session, toDevice, seq: end.seq++ });
}

async function passCandidates(mallory: EvilPeer, from: End, to: End): Promise<void> {
  for (;;) {
    const signal = await mallory.inbox
      .take(
        (each) =>
          each.signal.body.kind === 'candidates' && equal(each.signal.session, from.session),
        'candidates',
      )
      .catch(() => null);
    if (signal === null) return;
    await say(mallory, to, signal.signal.body);
  }
}
