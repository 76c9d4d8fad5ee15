/**
 * The TURN servers one relay gave us, as long as their login lasts. Nothing is dialled here: they
 * become part of the ICE servers of connections that are made anyway.
 */

import type { Platform } from '../base/platform.js';
import type { TurnOffer } from '../protocol/turn.js';

export class GivenTurn {
  readonly #platform: Pick<Platform, 'monotonic'>;
  #servers: readonly RTCIceServer[] = [];
  /** Monotonic milliseconds. */
  #until = 0;

  constructor(platform: Pick<Platform, 'monotonic'>) {
    this.#platform = platform;
  }

  /** Takes the place of what was given before. */
  take({ lifetimeS, password, urls, username }: TurnOffer): void {
    this.#until = this.#platform.monotonic() + lifetimeS * 1000;
    this.#servers = urls.map((url) => ({ urls: url, username, credential: password }));
  }

  /** One server for each URL; none once the login has run out. */
  get servers(): readonly RTCIceServer[] {
    return this.#platform.monotonic() < this.#until ? this.#servers : [];
  }
}
