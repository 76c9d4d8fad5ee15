/** Servers that only look like relays, written by hand: what relay/evil does not do. */

import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Bytes } from '../../sdk/base/bytes.js';
import { encodeRelayFrame } from '../../sdk/protocol/relay-frames.js';
import { random } from './relay-client.js';

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
