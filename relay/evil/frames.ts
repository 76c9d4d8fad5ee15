/**
 * What a hostile relay can do to the frames of one socket, which it can read: it stands between the
 * socket and an honest session, and bends what either says.
 */

import type { Bytes } from '../../sdk/base/bytes.js';
import { RELAY_FRAME } from '../../sdk/protocol/relay-frames.js';
import type { Hostility } from '../hostility.js';
import type { WireEvents } from '../sockets.js';
import type { Wire } from '../wire.js';
import type { Step } from './catalogue.js';
import type { Order } from './orders.js';

/** Where a frame would have gone, and how else the socket can be treated. */
export interface Out {
  /** Sends one frame on, now or later. */
  emit(frame: Bytes): void;
  /** What no relay sends: a text message, or one of any size. */
  raw(message: string | Bytes): void;
  /** Ends the socket without a word. */
  cut(): void;
  /** Reads no more of it. */
  pause(): void;
  ping(): void;
  /** Bytes that wait for a slow reader. */
  readonly bufferedAmount: number;
}

/** What becomes of a frame that was aimed at. */
export type Act = (frame: Bytes, out: Out) => void;

const TYPES: Readonly<Record<Step, number>> = {
  challenge: RELAY_FRAME.challenge,
  auth: RELAY_FRAME.auth,
  ok: RELAY_FRAME.ok,
  envelope: RELAY_FRAME.receive,
};
/** RECV: type (1) ‖ length (2) ‖ the envelope. */
const SEALED_AT = 3;

/** What ws offers beyond a Wire. */
interface Raw extends Wire {
  send(frame: Bytes | string): void;
  pause(): void;
}

type Aim = Pick<Order, 'step' | 'nth' | 'isMeant'>;

/** `act` instead of sending the frames of one step on; everything else is honest. */
export function atFrames(aim: Aim, act: Act): Hostility {
  return {
    attach: (wire, begin) => {
      const isMeant = aimOf(aim);
      if (aim.step !== 'auth') {
        const out = outOf(wire, (frame) => wire.write(frame));
        return begin(bent(wire, (frame) => (isMeant(frame) ? act(frame, out) : wire.write(frame))));
      }
      const events = begin(wire);
      const out = outOf(wire, (frame) => events.message(Buffer.from(frame), true));
      const message: WireEvents['message'] = (frame, isBinary) => {
        if (isBinary && isMeant(frame)) act(new Uint8Array(frame), out);
        else events.message(frame, isBinary);
      };
      return { message, alive: (ping) => events.alive(ping), closed: () => events.closed() };
    },
  };
}

/** The welcome goes out as it should, and then `act` has the socket. */
export function onceWelcome(act: (out: Out, key: Bytes) => void): Hostility {
  return {
    attach: (wire, begin) => {
      let key: Bytes = new Uint8Array(32);
      const out = outOf(wire, (frame) => wire.write(frame));
      const events = begin(
        bent(wire, (frame) => {
          wire.write(frame);
          if (frame[0] === RELAY_FRAME.ok) act(out, key);
        }),
      );
      const message: WireEvents['message'] = (frame, isBinary) => {
        // AUTH: type (1) ‖ version (1) ‖ key (32).
        if (frame[0] === RELAY_FRAME.auth) key = new Uint8Array(frame.subarray(2, 34));
        events.message(frame, isBinary);
      };
      // Pongs to its own flood are not what it would end a socket for.
      const alive: WireEvents['alive'] = (ping) => (ping === null ? undefined : events.alive(ping));
      return { message, alive, closed: () => events.closed() };
    },
  };
}

/** Challenge and welcome, and not another word. */
export const silent: Hostility = {
  attach: (wire, begin) =>
    begin({
      ...bent(wire, (frame) => {
        const isLogin = frame[0] === RELAY_FRAME.challenge || frame[0] === RELAY_FRAME.ok;
        if (isLogin) wire.write(frame);
      }),
      ping: () => undefined,
      pong: () => undefined,
    }),
};

function aimOf({ step, nth, isMeant }: Aim): (frame: Uint8Array) => boolean {
  let count = 0;
  return (frame) => {
    if (frame[0] !== TYPES[step]) return false;
    if (step !== 'envelope') return true;
    return isMeant(new Uint8Array(frame.subarray(SEALED_AT))) && (nth === null || ++count === nth);
  };
}

function bent(wire: Wire, send: (frame: Bytes) => void): Wire {
  return {
    get waitingBytes() {
      return wire.waitingBytes;
    },
    // Copied: an attack may keep it.
    write: (frame) => send(new Uint8Array(frame)),
    ping: () => wire.ping(),
    pong: (payload) => wire.pong(payload),
    hold: (ms) => wire.hold(ms),
    close: (code, reason) => wire.close(code, reason),
    dismiss: (code, reason) => wire.dismiss(code, reason),
    terminate: () => wire.terminate(),
  };
}

function outOf(wire: Wire, emit: (frame: Bytes) => void): Out {
  const raw = wire as Raw;
  return {
    emit,
    raw: (message) => raw.send(message),
    cut: () => wire.terminate(),
    pause: () => raw.pause(),
    ping: () => wire.ping(),
    get bufferedAmount() {
      return wire.waitingBytes;
    },
  };
}
