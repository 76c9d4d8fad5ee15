/**
 * The door to `ws`: the only file that imports it. Upgrades a request and gives the socket as a Wire.
 * Compression stays off: measured, it made forwarding 12 times slower and a connection 14 times
 * larger, and sealed bytes do not compress.
 */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws';
import type { Bytes } from '../sdk/base/bytes.js';
import type { RelayLimits } from './limits.js';
import type { Wire } from './wire.js';

/** What comes in. */
export interface WireEvents {
  message(frame: Buffer, isBinary: boolean): void;
  /** A WebSocket ping or pong. */
  alive(): void;
  /** Once, after which nothing else comes. */
  closed(): void;
}

export type Upgrade = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  attach: (wire: Wire) => WireEvents,
) => void;

/** An option of ws that @types/ws does not list yet. */
type Options = ServerOptions & { closeTimeout: number };

/**
 * @param onFault receives what a handler of `attach` threw; its socket is terminated, the others
 * never notice
 */
export function createUpgrade(limits: RelayLimits, onFault: (fault: unknown) => void): Upgrade {
  const options: Options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.maxFrameBytes,
    maxFragments: limits.maxFragments,
    maxBufferedChunks: limits.maxBufferedChunks,
    closeTimeout: limits.closeTimeoutMs,
    handleProtocols: () => false,
  };
  const server = new WebSocketServer(options);
  return (request, socket, head, attach) => {
    server.handleUpgrade(request, socket, head, (ws) => connect(ws, attach, onFault));
  };
}

function connect(
  ws: WebSocket,
  attach: (wire: Wire) => WireEvents,
  onFault: (fault: unknown) => void,
): void {
  const events = attach(wireOf(ws));
  const guard = (run: () => void) => {
    try {
      run();
    } catch (fault) {
      onFault(fault);
      ws.terminate();
    }
  };
  // With the default binaryType every message arrives as one Buffer.
  ws.on('message', (data, isBinary) => guard(() => events.message(data as Buffer, isBinary)));
  ws.on('ping', () => guard(() => events.alive()));
  ws.on('pong', () => guard(() => events.alive()));
  ws.on('close', () => guard(() => events.closed()));
  // What is wrong with the bytes of a client is its own affair: ws answers with the close code.
  ws.on('error', () => undefined);
}

function wireOf(ws: WebSocket): Wire {
  const isOpen = () => ws.readyState === WebSocket.OPEN;
  return {
    get buffered() {
      return ws.bufferedAmount;
    },
    send: (frame: Bytes) => {
      if (isOpen()) ws.send(frame);
    },
    ping: () => {
      if (isOpen()) ws.ping();
    },
    close: (code, reason) => ws.close(code, reason),
    terminate: () => ws.terminate(),
  };
}
