/**
 * A socket as far as a session uses one, and the care it takes with a slow reader: what waits for it
 * is bounded, and a reader that stays behind is told from one that was behind for a moment.
 */

import type { RelayLimits } from './limits.js';
import type { Memory } from './memory.js';

/** See sockets.ts. On a socket that is closed, its methods do nothing. */
export interface Wire {
  /** Bytes that have left `write` and that the network has not taken yet. */
  readonly waitingBytes: number;
  /**
   * Copies `frame` and sends it as one message.
   * @param mayWait some milliseconds, and leave with others; the order is kept
   */
  write(frame: Uint8Array, mayWait?: boolean): void;
  ping(): void;
  /** Answers a WebSocket ping. */
  pong(payload: Uint8Array): void;
  /** Reads nothing of it for `ms`, but what has arrived already: TCP keeps the other end waiting. */
  hold(ms: number): void;
  /** Ends with a close handshake, bounded in time. */
  close(code: number, reason: string): void;
  /** The same for a client that does wrong: if it goes on, nothing more is read and it is cut. */
  dismiss(code: number, reason: string): void;
  /** Ends at once. */
  terminate(): void;
}

/** `full`: more waits than any reader may cost. `dropped`: the frame was not written. */
export type Written = 'written' | 'dropped' | 'full';

export class Outbox {
  readonly #wire: Wire;
  readonly #limits: RelayLimits;
  readonly #memory: Memory;
  /** Bytes that waited at the last look; part of `memory.waiting`. */
  #waiting = 0;
  /** Milliseconds of the monotonic clock; 0 while the reader keeps up. */
  #behindSince = 0;

  constructor(wire: Wire, limits: RelayLimits, memory: Memory) {
    this.#wire = wire;
    this.#limits = limits;
    this.#memory = memory;
  }

  /** An envelope: the newest gives way where the reader is behind. */
  forward(frame: Uint8Array): Written {
    if (this.look() > this.#limits.bufferDropBytes) return this.#isFull() ? 'full' : 'dropped';
    return this.#write(frame, true);
  }

  /** The relay's own frames: few and small, so they are written to a reader that is behind, too. */
  say(frame: Uint8Array): Written {
    return this.#isFull() ? 'full' : this.#write(frame, false);
  }

  /** Looks at the reader now and then. @returns milliseconds it has been behind at every look */
  behindForMs(now: number): number {
    if (this.look() <= this.#limits.bufferDropBytes) this.#behindSince = 0;
    else if (this.#behindSince === 0) this.#behindSince = now;
    return this.#behindSince === 0 ? 0 : now - this.#behindSince;
  }

  /** @returns bytes that wait now */
  look(): number {
    const waiting = this.#wire.waitingBytes;
    if (waiting !== this.#waiting) this.#count(waiting);
    return waiting;
  }

  /** The socket is gone, and with it what waited. */
  empty(): void {
    this.#count(0);
  }

  #write(frame: Uint8Array, mayWait: boolean): Written {
    this.#wire.write(frame, mayWait);
    return 'written';
  }

  #count(waiting: number): void {
    this.#memory.waiting += waiting - this.#waiting;
    this.#waiting = waiting;
  }

  #isFull(): boolean {
    return this.#wire.waitingBytes > this.#limits.bufferTerminateBytes;
  }
}
