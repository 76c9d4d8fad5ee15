/**
 * Who may still open a connection: counts of what is open, in all and per network. Decided before
 * the upgrade, when a refusal costs one small write.
 */

import type { RelayLimits } from './limits.js';

/** How many of something each name has; names with none take no memory. */
class Tally {
  readonly #counts = new Map<string, number>();

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  add(name: string, change: 1 | -1): void {
    const count = this.of(name) + change;
    if (count > 0) this.#counts.set(name, count);
    else this.#counts.delete(name);
  }
}

/** One admitted WebSocket's place in the counts. */
export interface Ticket {
  /** The socket has proved a key: it no longer counts as pending. */
  prove(): void;
  /** The socket is gone. */
  release(): void;
}

export type Admission = { readonly ticket: Ticket } | { readonly refused: 'full' | 'crowded' };

export class Gate {
  readonly #limits: RelayLimits;
  readonly #http = new Tally();
  readonly #sockets = new Tally();
  readonly #pending = new Tally();
  #total = 0;

  constructor(limits: RelayLimits) {
    this.#limits = limits;
  }

  /** WebSockets that are open, proved or not. */
  get sockets(): number {
    return this.#total;
  }

  /** Counts a new TCP connection; null where its network has too many. */
  connect(ip: string): Pick<Ticket, 'release'> | null {
    if (this.#http.of(ip) >= this.#limits.httpPerIp) return null;
    this.#http.add(ip, 1);
    return { release: once(() => this.#http.add(ip, -1)) };
  }

  /** Counts a new WebSocket. */
  admit(ip: string): Admission {
    const limits = this.#limits;
    if (this.#total >= limits.sockets) return { refused: 'full' };
    const isCrowded =
      this.#sockets.of(ip) >= limits.socketsPerIp || this.#pending.of(ip) >= limits.pendingPerIp;
    if (isCrowded) return { refused: 'crowded' };
    this.#total++;
    this.#sockets.add(ip, 1);
    this.#pending.add(ip, 1);
    const prove = once(() => this.#pending.add(ip, -1));
    const leave = once(() => {
      this.#total--;
      this.#sockets.add(ip, -1);
    });
    return {
      ticket: {
        prove,
        release: () => {
          prove();
          leave();
        },
      },
    };
  }
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}
