/**
 * How long a lost relay is left alone before it is dialled again: ever longer, and anew from the
 * first wait once a link has held.
 */

import { backoff } from '../base/backoff.js';
import type { Platform } from '../base/platform.js';

/** Milliseconds. A relay that held a link is restarted within seconds; any other is asked twice a minute. */
const SOON = { firstMs: 500, maxMs: 4_000 };
const RETRY = { firstMs: 500, maxMs: 30_000 };
/** Milliseconds for which a relay that was there is expected back any moment. */
const RECENT_MS = 120_000;
/** Milliseconds a link must have held for its relay to be one that was there. */
const THERE_AFTER_MS = 3_000;
/** Milliseconds a link must have held for the waits to begin anew. */
const STEADY_AFTER_MS = 30_000;
/** Milliseconds. A relay that turned us down changes its mind only when somebody reconfigures it. */
const REFUSED_RETRY = { firstMs: 120_000, maxMs: 600_000 };

export class Redial {
  readonly #platform: Pick<Platform, 'monotonic' | 'random'>;
  #attempt = 0;
  /** Monotonic milliseconds at which the relay was last there. */
  #thereAt = Number.NEGATIVE_INFINITY;

  constructor(platform: Pick<Platform, 'monotonic' | 'random'>) {
    this.#platform = platform;
  }

  /**
   * Milliseconds until the next dial.
   * @param onlineAt when the link that is lost came online; infinity where it never did
   */
  waitMs(onlineAt: number, isRefused: boolean): number {
    const now = this.#platform.monotonic();
    if (now - onlineAt >= THERE_AFTER_MS) this.#thereAt = now;
    if (now - onlineAt >= STEADY_AFTER_MS) this.#attempt = 0;
    const policy = now - this.#thereAt < RECENT_MS ? SOON : RETRY;
    const random = (this.#platform.random(1)[0] as number) / 256;
    return backoff(isRefused ? REFUSED_RETRY : policy, this.#attempt++, random);
  }
}
