/**
 * Sockets dialled before anybody can log in on them: opening the store and dialling the relays take
 * place side by side, and the login finds its socket open.
 */

import type { Platform } from '../base/platform.js';
import { timeLimit } from '../base/time.js';
import { LOGIN_TIMEOUT_MS } from '../protocol/limits.js';
import { FrameSocket } from './frame-socket.js';

interface Early {
  readonly opening: Promise<FrameSocket>;
  readonly stop: AbortController;
}

export class EarlySockets {
  readonly #dialled = new Map<string, Early>();

  constructor(urls: readonly string[], platform: Platform) {
    for (const url of urls) {
      const stop = new AbortController();
      const limit = timeLimit(platform, LOGIN_TIMEOUT_MS, stop.signal);
      const opening = FrameSocket.open(url, platform, limit.signal).finally(() => limit.clear());
      // Whoever takes it hears of its fault; one that nobody takes has none to tell.
      opening.catch(() => undefined);
      this.#dialled.set(url, { opening, stop });
    }
  }

  /** The socket of a relay, once: the next try dials for itself. `signal` ends the dialling. */
  take(url: string, signal: AbortSignal): Promise<FrameSocket> | null {
    const early = this.#dialled.get(url);
    if (early === undefined) return null;
    this.#dialled.delete(url);
    signal.addEventListener('abort', () => early.stop.abort(), { once: true });
    return early.opening;
  }

  /** Closes those that nobody took. */
  close(): void {
    for (const { opening, stop } of this.#dialled.values()) {
      stop.abort();
      opening.then((socket) => socket.close()).catch(() => undefined);
    }
    this.#dialled.clear();
  }
}
