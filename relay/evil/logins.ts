/** What a hostile relay can do with logins: take any, ask for the same one, or use them elsewhere. */

import type { Hostility, Judge } from '../hostility.js';
import { readFrame } from '../read-frame.js';
import { createRelay } from '../relay.js';
import type { Relay } from '../relay-api.js';
import { type Dialled, dial, type WireEvents } from '../sockets.js';
import type { Wire } from '../wire.js';
import { broadcast } from './envelopes.js';

/** Whoever says to have a key has it, and what is for one goes to all. */
export const skipAuth: Hostility = {
  tamper: broadcast(),
  login: (honest) => ({
    challenge: (now) => honest.challenge(now),
    judge: (challenge, attempt, now) => {
      const frame = readFrame(attempt);
      if (frame?.kind !== 'auth') return honest.judge(challenge, attempt, now);
      return { publicKey: frame.publicKey };
    },
  }),
};

/** Everybody is asked to sign the same nonce of zeros. */
export const sameChallenge: Hostility = {
  login: (honest) => ({
    challenge: (now) => ({ ...honest.challenge(now), nonce: new Uint8Array(32) }),
    judge: (...given) => honest.judge(...given),
  }),
};

export const refuse: Hostility = {
  login: (honest): Judge => ({
    challenge: (now) => honest.challenge(now),
    judge: () => ({ refused: 'proof' }),
  }),
};

/**
 * Passes the frames of an honest relay on to the victim and the victim's back, byte for byte. It
 * brings that relay along, on a port of its own: another origin, like any other relay's.
 */
export function forwardChallenge(): Hostility {
  let victim: Promise<Relay> | null = null;
  const start = async () => {
    const relay = createRelay({ port: 0, host: '127.0.0.1', files: false });
    await relay.listen();
    return relay;
  };
  return {
    attach: (wire) => {
      victim ??= start();
      return between(wire, victim);
    },
    close: async () => (await victim)?.close({ withinMs: 0 }),
  };
}

/** Frames of a client that may wait until the other relay has answered. */
const MAX_EARLY = 16;

function between(wire: Wire, honest: Promise<Relay>): WireEvents {
  let isOver = false;
  const early: Buffer[] = [];
  let upstream: Dialled | null = null;
  const over = () => {
    isOver = true;
    wire.terminate();
    upstream?.terminate();
  };
  honest
    .then(async ({ url }) => {
      const there = await dial(url, {
        message: (frame) => wire.write(frame),
        alive: () => undefined,
        closed: over,
      });
      if (isOver) return there.terminate();
      upstream = there;
      for (const frame of early.splice(0)) there.send(new Uint8Array(frame));
    }, over)
    .catch(over);
  return {
    message: (frame) => {
      if (upstream !== null) upstream.send(new Uint8Array(frame));
      else if (early.length < MAX_EARLY) early.push(frame);
    },
    alive: () => undefined,
    closed: over,
  };
}
