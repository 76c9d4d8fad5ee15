/**
 * The client's half of the relay login, docs/protocol.md §4: read the challenge, sign it together
 * with the origin that was dialled, and hear the verdict. The origin keeps a dishonest relay from
 * passing on the challenge of an honest one and logging in there as us.
 */

import { PimError, type RelayRefusal } from '../base/errors.js';
import type { Platform } from '../base/platform.js';
import type { Identity } from '../crypto/identity.js';
import { NONCE_BYTES, PROTOCOL_VERSION } from '../protocol/limits.js';
import { loginBody, type ServerFrame } from '../protocol/relay-frames.js';
import { foreign } from './faults.js';
import type { FrameSocket } from './frame-socket.js';

const REFUSALS: Record<RelayRefusal, string> = {
  version: 'The relay speaks another version of the protocol.',
  origin: 'The relay does not know itself by this URL.',
  proof: 'The relay did not accept the proof of our key.',
  late: 'The relay found our answer too late.',
  busy: 'The relay is full at the moment.',
  unknown: 'The relay turned us down.',
};

/**
 * Answers the challenge; other frames may follow at once.
 * @throws relay/version, relay/refused, relay/protocol, relay/unreachable
 */
export async function prove(
  socket: Pick<FrameSocket, 'next' | 'send'>,
  url: string,
  identity: Identity,
  platform: Platform,
  signal: AbortSignal,
): Promise<void> {
  const challenge = await socket.next(signal);
  if (challenge.kind !== 'challenge') throw unexpected(challenge, url);

  const { keys, device } = identity;
  const nonce = platform.random(NONCE_BYTES);
  const body = loginBody(new URL(url).origin, challenge.nonce, nonce, keys.publicKey, device);
  const signature = await keys.sign('relay-auth', body);
  socket.send({ kind: 'auth', publicKey: keys.publicKey, device, nonce, signature });
}

/**
 * Waits for the verdict on the answer.
 * @throws relay/version, relay/refused, relay/protocol, relay/unreachable
 */
export async function judged(socket: FrameSocket, url: string, signal: AbortSignal): Promise<void> {
  const verdict = await socket.next(signal);
  if (verdict.kind !== 'ok') throw unexpected(verdict, url);
}

function unexpected(frame: ServerFrame, url: string): PimError {
  if (frame.kind === 'foreign') {
    const detail = { url, theirs: frame.version, ours: PROTOCOL_VERSION };
    return new PimError('relay/version', REFUSALS.version, detail);
  }
  if (frame.kind === 'error') {
    return new PimError('relay/refused', REFUSALS[frame.reason], { url, reason: frame.reason });
  }
  return foreign(url, `unexpected ${frame.kind} during login`);
}
