/**
 * The door to `ws`: the only file that imports it. Upgrades a request and gives the socket as a Wire.
 * Compression stays off: measured, it made forwarding 12 times slower and a connection 14 times
 * larger, and sealed bytes do not compress.
 */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws';
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

const ignore = () => undefined;

/** RFC 6455 §5.2: a whole binary message; lengths from 126 on follow in two bytes. */
const WHOLE_BINARY = 0x82;
const LONG = 126;

/**
 * A socket that knows who listens to it, without listeners of its own. Messages are written past
 * `ws`, which makes three objects and two writes of each: here it is one copy, and all of one turn of
 * the event loop leave together. Everything else stays with `ws`.
 */
class AttachedSocket extends WebSocket implements Wire {
  events: WireEvents | null = null;
  link: Duplex | null = null;
  lingerMs = 0;
  onFault: (fault: unknown) => void = ignore;
  /** Bytes written in this turn: they wait for its end, not for the reader. */
  #corked = 0;

  get waitingBytes(): number {
    return this.link === null ? 0 : this.link.writableLength - this.#corked;
  }

  write(frame: Uint8Array): void {
    const { link } = this;
    if (link === null || this.readyState !== WebSocket.OPEN) return;
    const { length } = frame;
    const head = length < LONG ? 2 : 4;
    // What may wait for long must not keep a slab alive that it shares with others.
    const isBehind = this.waitingBytes > 0;
    const bytes = isBehind
      ? Buffer.allocUnsafeSlow(head + length)
      : Buffer.allocUnsafe(head + length);
    bytes[0] = WHOLE_BINARY;
    bytes[1] = head === 2 ? length : LONG;
    if (head === 4) bytes.writeUInt16BE(length, 2);
    bytes.set(frame, head);
    if (this.#corked === 0) corkUntilTurnEnds(this, link);
    this.#corked += bytes.length;
    link.write(bytes);
  }

  /**
   * What `ws` tells goes straight to the session: listeners would be a table of their own for each
   * socket. An `error` is the client's affair: ws answers with the close code.
   */
  override emit(event: string | symbol, data?: unknown, isBinary?: unknown): boolean {
    const { events } = this;
    if (events === null) return false;
    try {
      if (event === 'message') events.message(data as Buffer, isBinary === true);
      else if (event === 'ping') events.alive(data as Buffer);
      else if (event === 'pong') events.alive(null);
      else if (event === 'close') events.closed();
    } catch (fault) {
      this.onFault(fault);
      this.terminate();
    }
    return true;
  }

  uncork(): void {
    this.#corked = 0;
    this.link?.uncork();
  }

  dismiss(code: number, reason: string): void {
    this.close(code, reason);
    this.pause();
    setTimeout(() => this.terminate(), this.lingerMs).unref();
  }
}

const corked: AttachedSocket[] = [];

function corkUntilTurnEnds(socket: AttachedSocket, link: Duplex): void {
  link.cork();
  if (corked.push(socket) === 1) process.nextTick(uncorkAll);
}

function uncorkAll(): void {
  for (const socket of corked.splice(0)) socket.uncork();
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
  return (request, socket, head, attach) => {
    // The answer to the upgrade and the challenge leave together.
    socket.cork();
    server.handleUpgrade(request, socket, head, (ws) => {
      ws.link = socket;
      ws.lingerMs = limits.dismissMs;
      ws.onFault = onFault;
      ws.events = attach(ws);
    });
    socket.uncork();
  };
}

/** What a client needs of its socket. */
export interface Dialled {
  send(frame: Uint8Array): void;
  terminate(): void;
}

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
