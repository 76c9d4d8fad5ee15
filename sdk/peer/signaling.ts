/**
 * Signals out and in: signed, sealed anew for each relay, and on arrival opened, parsed, checked for
 * who may speak, and verified, in that order, cheapest first. Only `Verified` signals travel on.
 */

import { type Bytes, compare, concat, equal, toHex } from '../base/bytes.js';
import { isPimError, PimError } from '../base/errors.js';
import type { Logger, Platform } from '../base/platform.js';
import { sharedBudget } from '../base/time.js';
import type { Identity } from '../crypto/identity.js';
import { open, seal } from '../crypto/seal.js';
import type { Suite } from '../crypto/suite.js';
import { verify } from '../crypto/verify.js';
import { MAX_INVITES_PER_MINUTE, MAX_UNSEALS_PER_S } from '../protocol/limits.js';
import {
  decodeSignal,
  encodeSignal,
  NO_DEVICE,
  NO_SESSION,
  type ReceivedSignal,
  type Signal,
  type SignalBody,
} from '../protocol/signal.js';
import type { RelayPool } from '../transport/relay-pool.js';
import type { SignalClock } from './clock.js';

/** A signal whose signature was verified, from somebody who may send it. */
export type Verified = ReceivedSignal & { readonly brand: 'Verified' };

/** Whom a signal came from, before anything expensive is done for it. */
export type Standing = 'contact' | 'stranger' | 'blocked';

export interface SignalingHost {
  readonly identity: Identity;
  readonly suite: Suite;
  readonly platform: Platform;
  readonly logger: Logger;
  readonly clock: SignalClock;
  readonly pool: RelayPool;
  standing(key: Bytes): Standing;
  onSignal(signal: Verified): void;
  /** A frame of this relay was not what anybody had sent us. */
  onAltered(url: string, reason: PimError): void;
}

export interface Route {
  readonly to: Bytes;
  readonly toDevice?: Bytes;
  readonly session?: Bytes;
  readonly seq?: number;
}

export class Signaling {
  readonly #host: SignalingHost;
  /** By relay: one that floods leaves the others their share. */
  readonly #mayUnseal: (url: string) => boolean;
  readonly #mayInvite: (url: string) => boolean;

  constructor(host: SignalingHost) {
    this.#host = host;
    const { platform, pool } = host;
    const relays = () => pool.links.length;
    this.#mayUnseal = sharedBudget(platform, MAX_UNSEALS_PER_S, 1000, relays);
    this.#mayInvite = sharedBudget(platform, MAX_INVITES_PER_MINUTE, 60_000, relays);
  }

  /** Signs a signal without sending it: the whole signal, ready for `send`. */
  async sign(route: Route, body: SignalBody): Promise<Bytes> {
    const { identity, clock } = this.#host;
    const signal: Signal = {
      from: identity.keys.publicKey,
      to: route.to,
      fromDevice: identity.device,
      toDevice: route.toDevice ?? NO_DEVICE,
      session: route.session ?? NO_SESSION,
      seq: route.seq ?? 0,
      time: await clock.next(),
      body,
    };
    const signed = encodeSignal(signal);
    return concat(signed, await identity.keys.sign('signal', signed));
  }

  /**
   * Sends a whole signal over every relay that takes one.
   * @param had as `RelayPool.send` has it
   */
  async send(to: Bytes, whole: Bytes, had?: Set<string>): Promise<void> {
    const { pool, suite, logger } = this.#host;
    try {
      await pool.send(to, () => seal(suite, to, whole), had);
    } catch (fault) {
      logger('warn', `a signal could not be sealed: ${String(fault)}`);
    }
  }

  async signAndSend(route: Route, body: SignalBody): Promise<void> {
    return this.send(route.to, await this.sign(route, body));
  }

  /** Takes what a relay delivered; never throws, whatever it is. */
  async receive(sealed: Bytes, url: string): Promise<void> {
    if (!this.#mayUnseal(url)) return;
    try {
      const received = await this.#open(sealed, url);
      if (received === null) return;
      this.#host.logger('debug', `signal: ${received.signal.body.kind}`);
      this.#host.onSignal(received);
    } catch (fault) {
      if (isPimError(fault)) return this.#host.onAltered(url, fault);
      this.#host.logger('error', `a signal failed: ${String(fault)}`);
    }
  }

  /** Null for signals that are none of our business; throws on those that somebody has altered. */
  async #open(sealed: Bytes, url: string): Promise<Verified | null> {
    const { identity, suite } = this.#host;
    const me = identity.keys;
    const received = decodeSignal(await open(suite, me, sealed));
    const { signal } = received;
    if (!equal(signal.to, me.publicKey) || equal(signal.from, me.publicKey)) return null;
    if (!this.#isWelcome(signal, url)) return null;
    const isGenuine = await verify(
      suite,
      signal.from,
      'signal',
      received.signed,
      received.signature,
    );
    if (!isGenuine) {
      const reason = 'signature';
      throw new PimError('signal/forged', 'A message was not signed by its sender.', { reason });
    }
    const isMine = equal(signal.toDevice, NO_DEVICE) || equal(signal.toDevice, identity.device);
    return isMine ? (received as Verified) : null;
  }

  #isWelcome(signal: Signal, url: string): boolean {
    const standing = this.#host.standing(signal.from);
    if (standing === 'contact') return true;
    return standing === 'stranger' && signal.body.kind === 'invite' && this.#mayInvite(url);
  }
}

/** The key in byte order first is the lower one; it makes the offers. */
export function isLower(mine: Bytes, theirs: Bytes): boolean {
  return compare(mine, theirs) < 0;
}

/** A device for use as a map's key. */
export function deviceName(device: Bytes): string {
  return toHex(device);
}
