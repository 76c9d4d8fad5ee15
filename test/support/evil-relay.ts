/**
 * Relays that are not honest: recipes for the `tamper` seam of the real one, and servers written by
 * hand for what no seam allows.
 */

import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Envelope, Tamper } from '../../relay/index.js';
import { type Bytes, equal } from '../../sdk/base/bytes.js';
import { encodeRelayFrame } from '../../sdk/protocol/relay-frames.js';
import { random } from './relay-client.js';

/** Envelopes with one byte changed, at `at` (negative: from the end), where `chosen` says so. */
export function flip(at: number, chosen: (envelope: Envelope) => boolean = () => true): Tamper {
  return (envelope) => {
    if (!chosen(envelope)) return [envelope];
    const sealed = envelope.sealed.slice() as Bytes;
    const index = at < 0 ? sealed.length + at : at;
    sealed[index] = (sealed[index] as number) ^ 1;
    return [{ to: envelope.to, sealed }];
  };
}

export const drop: Tamper = () => [];

export function repeat(times: number): Tamper {
  return (envelope) => Array.from({ length: times }, () => envelope);
}

/** Envelopes change places in pairs: each is held until the next one has gone out. */
export function swapOrder(): Tamper {
  let held: Envelope | null = null;
  return (envelope) => {
    if (held === null) {
      held = envelope;
      return [];
    }
    const both = [envelope, held];
    held = null;
    return both;
  };
}

/** Every other envelope is lost. */
export function everyOther(): Tamper {
  let count = 0;
  return (envelope) => (count++ % 2 === 0 ? [envelope] : []);
}

export function delay(ms: number, setTimer: (run: () => void, ms: number) => unknown): Tamper {
  return (envelope, deliver) => {
    setTimer(() => deliver(envelope), ms);
    return [];
  };
}

/** What is sent goes back to its sender, and to nobody else. */
export const reflect: Tamper = (envelope) => [{ to: envelope.from, sealed: envelope.sealed }];

/** What is for one of two people goes to the other. */
export function swapRecipients(one: Bytes, other: Bytes): Tamper {
  return (envelope) => {
    const to = equal(envelope.to, one) ? other : equal(envelope.to, other) ? one : envelope.to;
    return [{ to, sealed: envelope.sealed }];
  };
}

/** Everything that passed, for later. */
export function record(into: Envelope[], then: Tamper = (envelope) => [envelope]): Tamper {
  return (envelope, deliver) => {
    into.push({ ...envelope, sealed: envelope.sealed.slice() as Bytes });
    return then(envelope, deliver);
  };
}

export interface EvilServer {
  readonly url: string;
  /** Sockets that were opened so far. */
  readonly sockets: readonly WebSocket[];
  close(): Promise<void>;
}

/** A WebSocket server that does with each socket what `greet` says. */
export async function evilServer(
  greet: (socket: WebSocket, messages: Buffer[]) => void,
): Promise<EvilServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  const sockets: WebSocket[] = [];
  server.on('connection', (socket) => {
    sockets.push(socket);
    const messages: Buffer[] = [];
    socket.on('error', () => undefined);
    socket.on('message', (data) => messages.push(data as Buffer));
    greet(socket, messages);
  });
  await new Promise<void>((resolve) => server.on('listening', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.terminate();
        server.close(() => resolve());
      }),
  };
}

export function challenge(nonce: Bytes = random(32)): Bytes {
  return encodeRelayFrame({
    kind: 'challenge',
    nonce,
    serverTime: Date.now(),
    maxFrame: 8_704,
  });
}

export const OK = encodeRelayFrame({ kind: 'ok', framesPerSecond: 20, burst: 400 });

/** Accepts every login unseen, then does what `then` says. */
export function welcoming(then: (socket: WebSocket) => void): (socket: WebSocket) => void {
  return (socket) => {
    socket.send(challenge());
    socket.once('message', () => {
      socket.send(OK);
      then(socket);
    });
  };
}
