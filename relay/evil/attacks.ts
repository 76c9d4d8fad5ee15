/** From an order to the part of the seam that carries it out. */

import type { Bytes } from '../../sdk/base/bytes.js';
import { encodeRelayFrame, NOTE } from '../../sdk/protocol/relay-frames.js';
import { encodeTurn } from '../../sdk/protocol/turn.js';
import type { Tamper } from '../forward.js';
import type { Hostility } from '../hostility.js';
import type { AttackName } from './catalogue.js';
import {
  aimed,
  delay,
  drop,
  everyOther,
  flip,
  flipped,
  misdeliver,
  noise,
  reflect,
  repeat,
  replay,
  swapOrder,
} from './envelopes.js';
import { impersonate, sealedNoise, strangers } from './forgery.js';
import { type Act, atFrames, type Out, onceWelcome, silent } from './frames.js';
import { forwardChallenge, refuse, sameChallenge, skipAuth } from './logins.js';
import type { Order } from './orders.js';
import { crumbs, malformed, otherSubprotocol, redirect, slow } from './sockets.js';
import { below, type Tools } from './tools.js';

type Make = (order: Order, tools: Tools) => Hostility;

const OVERSIZE_BYTES = 10_000_000;
const TEN_YEARS_MS = 10 * 365.25 * 86_400_000;
/** CHAL: type (1) ‖ version (1) ‖ nonce (32) ‖ server_time (8). */
const VERSION_AT = 1;
const TIME_AT = 34;
/** Frames at once, and milliseconds between, where many are sent. */
const BURST = 100;
const BURST_EVERY_MS = 20;
/** Bursts in all: a minute. No attack goes on for ever. */
const BURSTS = 3_000;
/** Bytes waiting for the victim beyond which a flood holds its breath. */
const HIGH_WATER_BYTES = 1_048_576;
/** A size of an envelope, docs/protocol.md §5. */
const ENVELOPE_BYTES = 561;
/** A type that no frame has. */
const NO_TYPE = 0xee;

const OK = encodeRelayFrame({ kind: 'ok', framesPerSecond: 20, burst: 400 });

/** One thing to do to envelopes, and the same to frames of the login. */
const either =
  (
    envelopes: (order: Order, tools: Tools) => Tamper,
    frames: (...given: Parameters<Make>) => Act,
  ) =>
  (order: Order, tools: Tools): Hostility =>
    order.step === 'envelope'
      ? { tamper: aimed(envelopes(order, tools), order) }
      : atFrames(order, frames(order, tools));

const envelopes =
  (tamper: (tools: Tools, amount: number) => Tamper): Make =>
  (order, tools) => ({ tamper: aimed(tamper(tools, order.amount), order) });

const frames =
  (act: Act): Make =>
  (order) =>
    atFrames(order, act);

const always =
  (hostility: Hostility): Make =>
  () =>
    hostility;

const MAKE: Readonly<Record<AttackName, Make>> = {
  drop: either(
    () => drop,
    () => () => undefined,
  ),
  silent: always(silent),
  halve: envelopes(everyOther),
  delay: either(
    ({ amount }, { setTimer }) => delay(amount, setTimer),
    ({ amount }, { setTimer }) =>
      (frame, { emit }) =>
        void setTimer(() => emit(frame), amount),
  ),
  duplicate: either(
    ({ amount }) => repeat(amount),
    ({ amount }) =>
      (frame, { emit }) => {
        for (let n = 0; n < amount; n++) emit(frame);
      },
  ),
  reorder: envelopes(({ setTimer }) => swapOrder(setTimer)),
  replay: envelopes(replay),
  tamper: either(
    (_order, { random }) => flip(() => below(ENVELOPE_BYTES, random)),
    // The middle of a challenge is its nonce, of a proof its number; of OK only the type means much.
    ({ step }) =>
      (frame, { emit }) =>
        emit(flipped(frame, step === 'ok' ? 0 : frame.length >> 1)),
  ),
  garbage: either(
    (_order, { random }) => noise(random),
    (_order, { random }) =>
      (frame, { emit }) => {
        const made = random(frame.length);
        made[0] = NO_TYPE;
        emit(made);
      },
  ),
  'swap-recipient': envelopes(misdeliver),
  reflect: envelopes(() => reflect),
  impersonate: envelopes(impersonate),
  strangers: envelopes((tools, amount) => strangers(amount, tools)),
  'skip-auth': always(skipAuth),
  'forward-challenge': forwardChallenge,
  'same-challenge': always(sameChallenge),
  'ok-before-auth': frames((_frame, { emit }) => emit(OK)),
  refuse: always(refuse),
  version: frames((frame, { emit }) =>
    emit(changed(frame, (bytes) => bytes.setUint8(VERSION_AT, 2))),
  ),
  'wrong-clock': frames((frame, { emit }) => {
    const later = BigInt(Math.round(Date.now() + TEN_YEARS_MS));
    emit(changed(frame, (bytes) => bytes.setBigUint64(TIME_AT, later)));
  }),
  text: frames((_frame, { raw }) => raw('{"type":"challenge"}')),
  oversize: frames((frame, { raw }) => raw(new Uint8Array(OVERSIZE_BYTES).fill(frame[0] ?? 0))),
  fragments: (_order, tools) => crumbs(tools),
  malformed: (_order, tools) => malformed(tools),
  subprotocol: (_order, tools) => otherSubprotocol(tools),
  redirect: always(redirect),
  'close-at-once': frames((_frame, { cut }) => cut()),
  slow: ({ amount }, tools) => slow(amount, tools),
  deaf: () => onceWelcome(({ pause }) => pause()),
  flood: (_order, tools) => onceWelcome((out, key) => flood(out, key, tools)),
  pings: ({ amount }, tools) => onceWelcome((out) => ping(out, amount, tools)),
  'bad-turn': (_order, { random }) => onceWelcome(({ emit }) => offerTurn(emit, random)),
  answers: (_order, { random }) => onceWelcome(({ emit }) => answer(emit, random)),
};

export function carryOut(order: Order, tools: Tools): Hostility {
  return MAKE[order.attack](order, tools);
}

function changed(frame: Bytes, change: (bytes: DataView) => void): Bytes {
  const copy = frame.slice() as Bytes;
  change(new DataView(copy.buffer));
  return copy;
}

/** Noise, and every fourth one an envelope that opens. */
function flood(out: Out, key: Bytes, { random, setTimer }: Tools): void {
  let opening: Bytes = random(ENVELOPE_BYTES);
  sealedNoise(key, random).then(
    (sealed) => {
      opening = sealed;
    },
    () => undefined,
  );
  const burst = (left: number) => {
    for (let n = 0; n < BURST && out.bufferedAmount < HIGH_WATER_BYTES; n++) {
      const sealed = n % 4 === 0 ? opening : random(ENVELOPE_BYTES);
      out.emit(encodeRelayFrame({ kind: 'receive', sealed }));
    }
    if (left > 1) setTimer(() => burst(left - 1), BURST_EVERY_MS);
  };
  burst(BURSTS);
}

function ping(out: Out, count: number, { setTimer }: Tools): void {
  const burst = (left: number) => {
    const now = Math.min(left, BURST, out.bufferedAmount < HIGH_WATER_BYTES ? BURST : 0);
    for (let n = 0; n < now; n++) out.ping();
    if (left > now) setTimer(() => burst(left - Math.max(now, 1)), BURST_EVERY_MS);
  };
  burst(count);
}

/** Notes no browser could use, then one that it can, of a server that is not there (RFC 6761 §6.4). */
function offerTurn(emit: (frame: Bytes) => void, random: Tools['random']): void {
  const note = (body: Bytes) => emit(encodeRelayFrame({ kind: 'note', type: NOTE.turn, body }));
  const offer = { lifetimeS: 86_400, username: 'evil', password: 'evil' };
  note(random(64));
  note(new Uint8Array(0));
  for (const url of ['turn:a b', 'turn:a:25', 'http://a', 'turn:[::g]', 'turn:a?transport=sctp']) {
    note(encodeTurn({ ...offer, urls: [url] }));
  }
  note(encodeTurn({ ...offer, urls: ['turn:evil.invalid', 'turns:evil.invalid:5349'] }));
}

/** Results of frames nobody sent, with codes that are and that are not; PONG; PING. */
function answer(emit: (frame: Bytes) => void, random: Tools['random']): void {
  for (const code of [1, 2, 3, 0, 255]) {
    const frame = encodeRelayFrame({ kind: 'result', id: 7, result: 'malformed' });
    frame[frame.length - 1] = code;
    emit(frame);
    emit(frame);
  }
  emit(encodeRelayFrame({ kind: 'pong', token: random(8) }));
  emit(encodeRelayFrame({ kind: 'ping', token: random(8) }));
}
