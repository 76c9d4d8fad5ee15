/**
 * The confirmation of an open channel, docs/protocol.md §7, as a script: each end sends a random
 * number, then signs everything that led here. Only after it does anything else count.
 */

import { type Bytes, equal } from '../base/bytes.js';
import type { Platform } from '../base/platform.js';
import type { Keys, Suite } from '../crypto/suite.js';
import { verify } from '../crypto/verify.js';
import {
  type ConfirmFrame,
  confirmBody,
  decodeConfirm,
  encodeConfirm,
  type Role,
  type Transcript,
  transcriptInput,
} from '../protocol/confirm.js';
import type { Description } from '../protocol/description.js';
import { NONCE_BYTES } from '../protocol/limits.js';
import type { Channel } from './channel.js';
import { impostor } from './faults.js';
import type { SessionEnds } from './session-state.js';

export interface Facts extends Omit<Transcript, 'randomLow' | 'randomHigh'> {
  readonly role: Role;
  readonly theirKey: Bytes;
}

/** What both ends know of a session before it is confirmed. */
export function factsOf(
  ends: SessionEnds,
  own: Description,
  theirs: Description,
  offerHash: Bytes,
  answerHash: Bytes,
): Facts {
  const { role, names, id: session, theirKey } = ends;
  const [low, high] = role === 'low' ? [own, theirs] : [theirs, own];
  return {
    ...names,
    role,
    theirKey,
    session,
    offerHash,
    answerHash,
    fingerprintLow: low.fingerprint,
    fingerprintHigh: high.fingerprint,
  };
}

export interface Tools {
  readonly platform: Platform;
  readonly suite: Suite;
  readonly keys: Keys;
}

/**
 * Returns when the other end has proven, in this channel, now, to hold the key of its address.
 * @throws peer/impostor where it has not; channel/closed where it went away first
 */
export async function confirmChannel(
  channel: Channel,
  facts: Facts,
  tools: Tools,
  signal: AbortSignal,
): Promise<void> {
  const mine = tools.platform.random(NONCE_BYTES);

  channel.sendBytes(encodeConfirm({ kind: 'c1', random: mine }));
  const c1 = expect(await channel.next(signal), 'c1');
  if (equal(c1.random, mine)) throw impostor('our own number came back');

  const isLow = facts.role === 'low';
  const transcript = transcriptInput({
    ...facts,
    randomLow: isLow ? mine : c1.random,
    randomHigh: isLow ? c1.random : mine,
  });
  const hash = await tools.suite.sha256(transcript);

  const signature = await tools.keys.sign('confirm', confirmBody(facts.role, hash));
  channel.sendBytes(encodeConfirm({ kind: 'c2', signature }));
  const c2 = expect(await channel.next(signal), 'c2');

  const body = confirmBody(isLow ? 'high' : 'low', hash);
  if (!(await verify(tools.suite, facts.theirKey, 'confirm', body, c2.signature))) {
    throw impostor('a signature by another key');
  }
}

function expect<Kind extends ConfirmFrame['kind']>(
  bytes: Bytes,
  kind: Kind,
): Extract<ConfirmFrame, { kind: Kind }> {
  let frame: ConfirmFrame | null = null;
  try {
    frame = decodeConfirm(bytes);
  } catch {
    // Told below: whatever it is, it is not the proof.
  }
  if (frame?.kind !== kind) throw impostor(`something else than ${kind}`);
  return frame as Extract<ConfirmFrame, { kind: Kind }>;
}
