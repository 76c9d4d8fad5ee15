/**
 * One relay, tried from the dial to a ping behind the login. A key made for the moment logs in, so
 * that no device of the person loses its place and the relay learns no name it did not know.
 */

import type { Bytes } from '../base/bytes.js';
import { isPimError } from '../base/errors.js';
import type { Platform, SocketLike } from '../base/platform.js';
import { timeLimit } from '../base/time.js';
import { makeIdentity } from '../crypto/identity.js';
import type { Suite } from '../crypto/suite.js';
import { NOTE } from '../protocol/relay-frames.js';
import { FrameSocket } from '../transport/frame-socket.js';
import type { TurnNote } from '../transport/given-turn.js';
import { judged, prove } from '../transport/relay-login.js';
import { type Finding, finding } from './finding.js';

/** Milliseconds for one relay, from the dial to the answer of a ping. */
const RELAY_LIMIT_MS = 8_000;

export interface RelayResult {
  readonly finding: Finding;
  /** How far this machine's clock is ahead of the relay's, milliseconds; null where it told no time. */
  readonly aheadMs: number | null;
  /** What it said of TURN servers, if anything. */
  readonly turn: TurnNote | null;
}

export async function checkRelay(
  url: string,
  platform: Platform,
  suite: Suite,
  parent?: AbortSignal,
): Promise<RelayResult> {
  const limit = timeLimit(platform, RELAY_LIMIT_MS, parent);
  const { signal } = limit;
  let line: SocketLike | null = null;
  const socket = new FrameSocket(url, {
    monotonic: () => platform.monotonic(),
    openSocket: (at) => {
      line = platform.openSocket(at);
      return line;
    },
  });
  let told: { readonly serverTime: number; readonly at: number } | null = null;
  /** The challenge tells the time; the login itself does not care. */
  const listening: Parameters<typeof prove>[0] = {
    send: (frame) => socket.send(frame),
    next: async (until) => {
      const frame = await socket.next(until);
      if (frame.kind === 'challenge') told = { serverTime: frame.serverTime, at: platform.now() };
      return frame;
    },
  };
  let turn: TurnNote | null = null;
  const aheadMs = () => (told === null ? null : told.at - told.serverTime);
  const seed = platform.random(32);
  try {
    const passing = await makeIdentity(suite, platform, seed);
    await prove(listening, url, passing, platform, signal);
    await judged(socket, url, signal);
    const latencyMs = await ping(socket, platform, signal, (body) => {
      turn = { body, at: platform.monotonic() };
    });
    const detail = { latencyMs, isEncrypted: url.startsWith('wss:') };
    const ahead = aheadMs();
    // The time it told travelled for half of the way there and back.
    const atOnce = ahead === null ? null : ahead - Math.round(latencyMs / 2);
    return { finding: finding('relay/good', detail, url), aheadMs: atOnce, turn };
  } catch (fault) {
    return { finding: failed(fault, url, isOpen(line)), aheadMs: aheadMs(), turn };
  } finally {
    seed.fill(0);
    limit.clear();
    socket.close();
  }
}

/** Milliseconds there and back. What it has to say of TURN stands directly behind its OK (§4.4). */
async function ping(
  socket: FrameSocket,
  platform: Platform,
  signal: AbortSignal,
  onTurn: (body: Bytes) => void,
): Promise<number> {
  const token: Bytes = platform.random(8);
  const sentAt = platform.monotonic();
  socket.send({ kind: 'ping', token });
  for (;;) {
    const frame = await socket.next(signal);
    if (frame.kind === 'note' && frame.type === NOTE.turn) onTurn(frame.body);
    if (frame.kind === 'pong') return Math.max(1, Math.round(platform.monotonic() - sentAt));
  }
}

/** Whether the connection itself stands: then it is the relay that says nothing. */
function isOpen(line: SocketLike | null): boolean {
  return line?.readyState === 1;
}

function failed(fault: unknown, url: string, isSilent: boolean): Finding {
  if (isPimError(fault, 'relay/refused')) {
    return finding('relay/refused', { reason: fault.detail.reason }, url);
  }
  if (isPimError(fault, 'relay/version')) {
    const { theirs, ours } = fault.detail;
    return finding('relay/version', { theirs, ours }, url);
  }
  if (isPimError(fault, 'relay/protocol')) return finding('relay/foreign', null, url);
  return finding(isSilent ? 'relay/silent' : 'relay/unreachable', null, url);
}
