/** A WebSocket over a line that takes its time, both ways, and keeps the order (jitter.ts). */

import type { WebSocket } from 'ws';
import type { Bytes } from '../../sdk/base/bytes.js';
import type { SocketLike } from '../../sdk/base/platform.js';
import type { Later } from './jitter.js';

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

export class PacedSocket implements SocketLike {
  /** What the page knows so far. */
  readyState: number = CONNECTING;
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  onerror: SocketLike['onerror'] = null;
  readonly #socket: WebSocket;
  readonly #out: Later;
  #waitingBytes = 0;

  constructor(socket: WebSocket, lane: (way: 'in' | 'out') => Later) {
    this.#socket = socket;
    this.#out = lane('out');
    const come = lane('in');
    socket.onopen = (event) =>
      come(() => {
        if (this.readyState !== CONNECTING) return;
        this.readyState = OPEN;
        this.onopen?.(event as never);
      });
    socket.onmessage = ({ data }) =>
      come(() => {
        if (this.readyState === OPEN) this.onmessage?.({ data });
      });
    socket.onerror = (event) => come(() => this.onerror?.(event as never));
    socket.onclose = ({ code, reason }) =>
      come(() => {
        this.readyState = CLOSED;
        this.onclose?.({ code, reason });
      });
  }

  get binaryType(): string {
    return this.#socket.binaryType;
  }

  set binaryType(type: string) {
    this.#socket.binaryType = type as 'arraybuffer';
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount + this.#waitingBytes;
  }

  send(data: Bytes): void {
    if (this.readyState === CONNECTING) throw new DOMException('not open', 'InvalidStateError');
    const copy = data.slice();
    this.#waitingBytes += copy.length;
    this.#out(() => {
      this.#waitingBytes -= copy.length;
      if (this.#socket.readyState === OPEN) this.#socket.send(copy);
    });
  }

  close(code?: number, reason?: string): void {
    if (this.readyState >= CLOSING) return;
    this.readyState = CLOSING;
    this.#out(() => this.#socket.close(code, reason));
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
