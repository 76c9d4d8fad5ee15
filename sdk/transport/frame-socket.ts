/**
 * One WebSocket as a line of relay frames: dial it, await the next frame, send, close. Knows nothing
 * of logins (relay-login.ts) or of trying again (relay-link.ts).
 */

import type { Bytes } from '../base/bytes.js';
import type { PimError } from '../base/errors.js';
import type { Platform, SocketLike } from '../base/platform.js';
import { windowBudget } from '../base/time.js';
import { MAX_RELAY_FRAME_BYTES, MAX_RELAY_FRAMES_PER_S } from '../protocol/limits.js';
import {
  type ClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  type ServerFrame,
} from '../protocol/relay-frames.js';
import { foreign, unreachable } from './faults.js';

type Host = Pick<Platform, 'monotonic' | 'openSocket'>;

/** Bytes the browser may hold for a relay that does not read; beyond, frames are not sent. */
const MAX_BUFFERED_BYTES = 262_144;
/** `WebSocket.OPEN`. */
const OPEN = 1;

export class FrameSocket {
  /** Null where the platform would not even dial. */
  readonly #socket: SocketLike | null = null;
  readonly #platform: Host;
  readonly #url: string;
  readonly #arrived: ServerFrame[] = [];
  #waiting: { resolve(frame: ServerFrame): void; reject(reason: unknown): void } | null = null;
  #ended: PimError | null = null;
  readonly #isWithinBudget: () => boolean;
  /** Monotonic milliseconds of the last frame. */
  lastHeard: number;

  /** Dials; `next` tells where that fails. */
  constructor(url: string, platform: Host) {
    this.#platform = platform;
    this.#url = url;
    this.lastHeard = platform.monotonic();
    this.#isWithinBudget = windowBudget(platform, MAX_RELAY_FRAMES_PER_S, 1000);
    try {
      const socket = platform.openSocket(url);
      this.#socket = socket;
      socket.binaryType = 'arraybuffer';
      socket.onmessage = (event) => this.#receive(event.data);
      socket.onclose = () => this.#end(unreachable(url));
      socket.onerror = () => undefined;
    } catch (cause) {
      this.#end(unreachable(url, cause));
    }
  }

  /**
   * The next frame, in order. A relay speaks first: until it does, nobody needs to know whether the
   * socket is open.
   * @throws relay/unreachable once the socket is closed, relay/protocol where it sent no frame of ours
   */
  next(signal: AbortSignal): Promise<ServerFrame> {
    const frame = this.#arrived.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.#ended !== null) return Promise.reject(this.#ended);
    if (signal.aborted) return Promise.reject(unreachable(this.#url));
    return new Promise((resolve, reject) => {
      const aborted = () => this.#settle()?.reject(unreachable(this.#url));
      signal.addEventListener('abort', aborted, { once: true });
      const release = () => signal.removeEventListener('abort', aborted);
      this.#waiting = {
        resolve: (next) => {
          release();
          resolve(next);
        },
        reject: (reason) => {
          release();
          reject(reason);
        },
      };
    });
  }

  /** False where the socket is not open or the relay does not read. */
  send(frame: ClientFrame): boolean {
    const socket = this.#socket;
    if (this.#ended !== null || socket?.readyState !== OPEN) return false;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return false;
    socket.send(encodeClientFrame(frame));
    return true;
  }

  close(): void {
    this.#end(unreachable(this.#url));
    try {
      this.#socket?.close(1000);
    } catch {
      // Closing a socket that never opened: nothing to do.
    }
  }

  #receive(data: unknown): void {
    this.lastHeard = this.#platform.monotonic();
    const frame = this.#isWithinBudget() ? this.#parse(data) : null;
    if (frame === null) return;
    const waiting = this.#settle();
    if (waiting === null) this.#arrived.push(frame);
    else waiting.resolve(frame);
  }

  #parse(data: unknown): ServerFrame | null {
    try {
      if (!(data instanceof ArrayBuffer)) throw new TypeError('expected a binary frame');
      if (data.byteLength > MAX_RELAY_FRAME_BYTES) throw new RangeError('frame too large');
      return decodeServerFrame(new Uint8Array(data) as Bytes);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : 'unreadable';
      this.#end(foreign(this.#url, reason, cause));
      this.close();
      return null;
    }
  }

  #settle() {
    const waiting = this.#waiting;
    this.#waiting = null;
    return waiting;
  }

  #end(reason: PimError): void {
    this.#ended ??= reason;
    this.#settle()?.reject(this.#ended);
  }
}
