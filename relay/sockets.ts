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

/** Frames of one socket that are taken before the others have their turn. */
const FRAMES_A_TURN = 32;
/** Milliseconds an envelope may wait for others, at most 1 more. */
const MAX_DELAY_MS = 3;
/** Bytes that may wait so on one socket. */
const MAX_CORKED_BYTES = 65_536;

/**
 * A socket that knows who listens to it, without listeners of its own. Messages are written past
 * `ws`, which makes three objects and two writes of each: here it is one copy, and what
 * is written to one socket at about the same time leaves together. Everything else stays with `ws`.
 */
class AttachedSocket extends WebSocket implements Wire {
  events: WireEvents | null = null;
  link: Duplex | null = null;
  /** Milliseconds from the moment it is not read any more to its end; 0 once that has begun. */
  lingerMs = 0;
  onFault: (fault: unknown) => void = ignore;
  /** It was told to go; whatever it sends but its own close ends it. */
  #isDismissed = false;
  /** Frames since the turn last ended for this socket. */
  #heard = 0;
  /**
   * Of `ws` (pinned, and held by a test): whether the next frame is told at once or in the next turn
   * of the event loop. `ws` lets this be chosen for a server only: at once, ten thousand pings in one
   * read keep everybody else waiting; each in a turn of its own, forwarding takes twice the work.
   */
  declare readonly _receiver: { _allowSynchronousEvents: boolean };
  /** Bytes that wait to leave together, not for the reader. */
  #corked = 0;

  get waitingBytes(): number {
    return this.link === null ? 0 : this.link.writableLength - this.#corked;
  }

  write(frame: Uint8Array, mayWait = false): void {
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
    if (this.#corked === 0) link.cork();
    this.#corked += bytes.length;
    link.write(bytes);
    if (mayWait && this.#corked <= MAX_CORKED_BYTES) LATER.add(this);
    else SOON.add(this);
  }

  /**
   * What `ws` tells goes straight to the session: listeners would be a table of their own for each
   * socket. An `error` is the client's affair: ws has answered with the close code.
   */
  override emit(event: string | symbol, data?: unknown, isBinary?: unknown): boolean {
    const { events } = this;
    if (events === null) return false;
    this.#heard = (this.#heard + 1) % FRAMES_A_TURN;
    this._receiver._allowSynchronousEvents = this.#heard > 0;
    if (this.#isDismissed && event !== 'close') {
      if (this.lingerMs > 0) this.#readNoMore();
      this.lingerMs = 0;
      return true;
    }
    try {
      if (event === 'message') events.message(data as Buffer, isBinary === true);
      else if (event === 'ping') events.alive(data as Buffer);
      else if (event === 'pong') events.alive(null);
      else if (event === 'close') events.closed();
      else if (event === 'error') this.#readNoMore();
    } catch (fault) {
      this.onFault(fault);
      this.terminate();
    }
    return true;
  }

  uncork(): void {
    if (this.#corked === 0) return;
    this.#corked = 0;
    this.link?.uncork();
  }

  hold(ms: number): void {
    if (this.isPaused) return;
    this.pause();
    setTimeout(() => this.resume(), ms).unref();
  }

  dismiss(code: number, reason: string): void {
    this.close(code, reason);
    this.#isDismissed = true;
  }

  /** It has been told why, and goes on. ws would read and drop what comes until the close is overdue. */
  #readNoMore(): void {
    // After the tick in which ws resumes a socket whose bytes were wrong.
    process.nextTick(() => process.nextTick(() => this.link?.pause()));
    setTimeout(() => this.terminate(), this.lingerMs).unref();
  }
}

/** Sockets whose corked bytes leave together, at a moment of the group. */
class Departure {
  readonly #waiting: AttachedSocket[] = [];
  readonly #schedule: (run: () => void) => void;

  constructor(schedule: (run: () => void) => void) {
    this.#schedule = schedule;
  }

  add(socket: AttachedSocket): void {
    if (this.#waiting.push(socket) > 1) return;
    this.#schedule(() => {
      for (const each of this.#waiting.splice(0)) each.uncork();
    });
  }
}

/** The relay's own frames: at the end of this turn of the event loop. */
const SOON = new Departure((run) => process.nextTick(run));
/**
 * Envelopes: some milliseconds later, by chance. Writing to somebody takes time that writing to
 * nobody does not; done at once, it would show in how fast the sender's next frame is answered, and
 * so tell who is there.
 */
const LATER = new Departure((run) => {
  setTimeout(run, 1 + Math.random() * MAX_DELAY_MS).unref();
});

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
