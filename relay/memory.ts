/**
 * The ceiling over all sockets together: what waits for slow readers, and the memory of the process.
 * Above it the newest give way: whoever has been here for longest is the least likely attacker.
 */

import type { RelayLimits } from './limits.js';

/** Somebody who can be asked to go. */
export interface Sheddable {
  /** Bytes that wait for it. */
  readonly waiting: number;
  /** Cuts it off: what waits for it is free at once. */
  cutOff(): void;
  /** Tells it to try elsewhere. */
  sendAway(): void;
}

/** The part of the sockets that goes at each look while the process is too large. */
const SHED_SHARE = 0.01;

/** The part of `waitingBytes` that is left, so that the next envelope is not again too much. */
const RELIEVED = 0.9;

export class Memory {
  readonly #limits: RelayLimits;
  readonly #rss: () => number;
  /** Bytes that wait for readers, as far as their sockets were looked at. */
  waiting = 0;
  /** The process is above its ceiling: nobody new is let in. */
  isFull = false;

  /** @param rss bytes of the process */
  constructor(limits: RelayLimits, rss: () => number) {
    this.#limits = limits;
    this.#rss = rss;
  }

  /** More waits than may: `relieve` is due. */
  get isCrowded(): boolean {
    return this.waiting > this.#limits.waitingBytes;
  }

  /** Cuts off the newest readers that are behind. @param sockets oldest first */
  relieve(sockets: Iterable<Sheddable>): void {
    for (const socket of [...sockets].reverse()) {
      if (this.waiting <= this.#limits.waitingBytes * RELIEVED) return;
      if (socket.waiting > 0) socket.cutOff();
    }
  }

  /** Looks at the process, and sends the newest away where it is too large. */
  look(sockets: Iterable<Sheddable>): void {
    this.isFull = this.#rss() > this.#limits.memoryBytes;
    if (!this.isFull) return;
    const all = [...sockets];
    for (const socket of all.slice(-Math.ceil(all.length * SHED_SHARE)).reverse()) {
      socket.sendAway();
    }
  }
}
