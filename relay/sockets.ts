/**
 * The door to `ws`: the only file that imports it. Upgrades a request and gives the socket as a Wire.
 * Compression stays off: measured, it made forwarding 12 times slower and a connection 14 times
 * larger, and sealed bytes do not compress.
 */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type ServerOptions, WebSocket, WebSocketServer } from 'ws';
import type { RelayLimits } from './limits.js';
import type { Wire } from './wire.js';

/** What comes in. */
export interface WireEvents {
  message(frame: Buffer, isBinary: boolean): void;
  /** A WebSocket ping with its payload, or a pong: null. */
  alive(ping: Buffer | null): void;
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

/** A socket that knows who listens to it, so that ten thousand of them share one set of listeners. */
class AttachedSocket extends WebSocket {
  events: WireEvents | null = null;
  lingerMs = 0;

  dismiss(code: number, reason: string): void {
    this.close(code, reason);
    this.pause();
    setTimeout(() => this.terminate(), this.lingerMs).unref();
  }
}

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
    // Answered by the session, which counts them first.
    autoPong: false,
    handleProtocols: () => false,
    WebSocket: AttachedSocket,
  };
  const server = new WebSocketServer(options as ServerOptions<typeof AttachedSocket>);
  const listen = listeners(onFault);
  return (request, socket, head, attach) => {
    server.handleUpgrade(request, socket, head, (ws) => {
      ws.lingerMs = limits.dismissMs;
      ws.events = attach(ws);
      listen(ws);
    });
  };
}

/** What a client needs of its socket. */
export type Dialled = Pick<Wire, 'send' | 'terminate'>;

/**
 * A client's socket, for a relay that dials another one (relay/evil).
 * @throws what ws throws where it does not open
 */
export async function dial(url: string, events: WireEvents): Promise<Dialled> {
  const ws = new WebSocket(url, { perMessageDeflate: false });
  ws.on('message', (data, isBinary) => events.message(data as Buffer, isBinary));
  ws.on('close', () => events.closed()).on('error', () => undefined);
  await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject));
  return ws;
}

function listeners(onFault: (fault: unknown) => void): (ws: AttachedSocket) => void {
  const guard = (ws: WebSocket, run: (events: WireEvents) => void) => {
    if (!(ws instanceof AttachedSocket) || ws.events === null) return;
    try {
      run(ws.events);
    } catch (fault) {
      onFault(fault);
      ws.terminate();
    }
  };
  function message(this: WebSocket, data: RawData, isBinary: boolean): void {
    // With the default binaryType every message arrives as one Buffer.
    guard(this, (events) => events.message(data as Buffer, isBinary));
  }
  function ping(this: WebSocket, payload: Buffer): void {
    guard(this, (events) => events.alive(payload));
  }
  function pong(this: WebSocket): void {
    guard(this, (events) => events.alive(null));
  }
  function closed(this: WebSocket): void {
    guard(this, (events) => events.closed());
  }
  // What is wrong with the bytes of a client is its own affair: ws answers with the close code.
  const ignore = () => undefined;
  return (ws) => {
    ws.on('message', message).on('ping', ping).on('pong', pong);
    ws.on('close', closed).on('error', ignore);
  };
}
