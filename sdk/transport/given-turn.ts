/**
 * The TURN servers one relay gave us, as long as their login lasts. Nothing is dialled here: they
 * become part of the ICE servers of connections that are made anyway.
 */

import type { Platform } from '../base/platform.js';
import { isLoopback } from '../protocol/relay-url.js';
import { type TurnOffer, turnHost } from '../protocol/turn.js';

export class GivenTurn {
  readonly #platform: Pick<Platform, 'monotonic'>;
  readonly #isLocal: boolean;
  #servers: readonly RTCIceServer[] = [];
  /** Monotonic milliseconds. */
  #until = 0;

  /** @param relayUrl whose servers these are: only a relay of this machine may name this machine */
  constructor(relayUrl: string, platform: Pick<Platform, 'monotonic'>) {
    this.#platform = platform;
    this.#isLocal = isLoopback(new URL(relayUrl).hostname);
  }

  /** Takes the place of what was given before. */
  take({ lifetimeS, password, urls, username }: TurnOffer): void {
    this.#until = this.#platform.monotonic() + lifetimeS * 1000;
    this.#servers = urls
      .filter((url) => this.#isLocal || !isLoopback(turnHost(url) ?? ''))
      .map((url) => ({ urls: url, username, credential: password }));
  }

  /** One server for each URL; none once the login has run out. */
  get servers(): readonly RTCIceServer[] {
    return this.#platform.monotonic() < this.#until ? this.#servers : [];
  }
}
