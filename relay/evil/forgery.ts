/**
 * What a hostile relay can write itself: it knows addresses, so it can seal to them, and it has keys,
 * though nobody's it would need.
 */

import { type Bytes, concat, utf8 } from '../../sdk/base/bytes.js';
import { seal } from '../../sdk/crypto/seal.js';
import type { Keys } from '../../sdk/crypto/suite.js';
import {
  encodeSignal,
  NO_DEVICE,
  NO_SESSION,
  NO_TOKEN,
  type SignalBody,
} from '../../sdk/protocol/signal.js';
import { keyName } from '../envelope.js';
import type { Tamper } from '../forward.js';
import { suite, type Tools } from './tools.js';

/** Milliseconds ahead of everybody's clock, so that nothing of it is taken as old. */
const AHEAD_MS = 60_000;
/** Milliseconds between two requests of made-up people. */
const REQUEST_EVERY_MS = 50;
const MAX_HAUNTED = 64;

interface Forgery {
  readonly signer: Keys;
  /** Whom it claims to come from. */
  readonly from: Bytes;
  readonly to: Bytes;
  readonly body: SignalBody;
  readonly session: Bytes;
}

/** A signal as well made as can be by somebody who holds `signer` and not the key of `from`. */
async function forge({ signer, body, ...names }: Forgery, random: Tools['random']): Promise<Bytes> {
  const signed = encodeSignal({
    ...names,
    fromDevice: random(8),
    toDevice: NO_DEVICE,
    seq: 0,
    time: Date.now() + AHEAD_MS,
    body,
  });
  return concat(signed, await signer.sign('signal', signed));
}

/** Every step of a set-up in turn: knock, offer to connect to me instead, answer, accept. */
function bodies(random: Tools['random']): readonly SignalBody[] {
  const description = {
    setup: 'actpass',
    ufrag: 'evil',
    pwd: 'evilevilevilevilevilevil',
    fingerprint: random(32),
    sctpPort: 5_000,
    maxMessageSize: 65_536,
  } as const;
  const [nonceLow, nonceHigh, nonce] = [random(32), random(32), random(32)];
  return [
    { kind: 'knock', nonce },
    { kind: 'hello', nonceLow, nonceHigh },
    { kind: 'offer', nonceLow, nonceHigh, description },
    { kind: 'answer', offerHash: random(32), description: { ...description, setup: 'active' } },
    { kind: 'accept' },
  ];
}

const SESSIONLESS: ReadonlySet<SignalBody['kind']> = new Set([
  'knock',
  'hello',
  'accept',
  'invite',
]);

/** In the place of each envelope, a signal of the relay's own in the name of its sender. */
export function impersonate({ random }: Tools): Tamper {
  const signer = suite.keysFromSeed(random(32));
  let count = 0;
  return ({ from, to }, deliver) => {
    const all = bodies(random);
    const body = all[count++ % all.length] as SignalBody;
    const session = SESSIONLESS.has(body.kind) ? NO_SESSION : random(16);
    const make = async () => {
      const whole = await forge({ signer: await signer, from, to, body, session }, random);
      deliver({ to, sealed: await seal(suite, to, whole) });
    };
    // A key that cannot be sealed to gets nothing.
    make().catch(() => undefined);
    return [];
  };
}

/** Whoever sends something is asked to talk by `count` people nobody has heard of, one by one. */
export function strangers(count: number, { random, setTimer }: Tools): Tamper {
  const haunted = new Set<string>();
  return (envelope, deliver) => {
    const to = envelope.from;
    const name = keyName(to);
    if (haunted.has(name) || haunted.size >= MAX_HAUNTED) return [envelope];
    haunted.add(name);
    const ask = async (left: number): Promise<void> => {
      deliver({ to, sealed: await request(to, random) });
      if (left > 1) setTimer(() => void ask(left - 1).catch(() => undefined), REQUEST_EVERY_MS);
    };
    ask(count).catch(() => undefined);
    return [envelope];
  };
}

async function request(to: Bytes, random: Tools['random']): Promise<Bytes> {
  const signer = await suite.keysFromSeed(random(32));
  const body = { kind: 'invite', token: NO_TOKEN, name: 'Somebody', text: 'Hello?' } as const;
  const names = { signer, from: signer.publicKey, to, session: NO_SESSION };
  return seal(suite, to, await forge({ ...names, body }, random));
}

/** An envelope that opens, and holds nothing that was ever said. */
export function sealedNoise(to: Bytes, random: Tools['random']): Promise<Bytes> {
  return seal(suite, to, concat(utf8('nobody said this'), random(200)));
}
