/**
 * A socket as far as a session uses one, and the care it takes with a slow reader: what waits for it
 * is bounded, and a reader that stays behind is told from one that was behind for a moment.
 */

import type { Bytes } from '../sdk/base/bytes.js';
import type { RelayLimits } from './limits.js';

/** A subset of ws's WebSocket. On a socket that is closed, its methods do nothing. */
export interface Wire {
  /** Bytes given to `send` that the network has not taken yet. */
  readonly bufferedAmount: number;
  send(frame: Bytes): void;
  ping(): void;
  /** Ends with a close handshake, bounded in time. */
  close(code: number, reason: string): void;
  /** Ends at once. */
  terminate(): void;
}

/** `full`: more waits than any reader may cost. `dropped`: the frame was not written. */
export type Written = 'written' | 'dropped' | 'full';

export class Outbox {
  readonly #wire: Wire;
  readonly #limits: RelayLimits;
  /** Milliseconds of the monotonic clock. */
  #behindSince: number | null = null;

  constructor(wire: Wire, limits: RelayLimits) {
    this.#wire = wire;
    this.#limits = limits;
  }

  /** An envelope: the newest gives way where the reader is behind. */
  forward(frame: Bytes): Written {
    if (this.#wire.bufferedAmount <= this.#limits.bufferDropBytes) {
      this.#wire.send(frame);
      return 'written';
    }
    return this.#isFull() ? 'full' : 'dropped';
  }

  /** The relay's own frames: few and small, so they are written to a reader that is behind, too. */
  say(frame: Bytes): Written {
    if (this.#isFull()) return 'full';
    this.#wire.send(frame);
    return 'written';
  }

  /** Looks at the reader now and then. @returns milliseconds it has been behind at every look */
  behindForMs(now: number): number {
    if (this.#wire.bufferedAmount <= this.#limits.bufferDropBytes) this.#behindSince = null;
    else this.#behindSince ??= now;
    return this.#behindSince === null ? 0 : now - this.#behindSince;
  }

  #isFull(): boolean {
    return this.#wire.bufferedAmount > this.#limits.bufferTerminateBytes;
  }
}
