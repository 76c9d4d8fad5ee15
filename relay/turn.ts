/**
 * Logins of a TURN server, made here and checked there: no word passes between the two but a secret
 * they share. The username is the time the login runs out, the password its HMAC
 * (draft-uberti-behave-turn-rest-00 §2.2, coturn's `use-auth-secret`). The name holds nothing of the
 * person: random bytes, so that coturn's quota for one user is a quota for one socket.
 */

import { createHmac } from 'node:crypto';
import { type Bytes, toHex } from '../sdk/base/bytes.js';
import type { TurnOffer } from '../sdk/protocol/turn.js';
import type { Clock } from './clock.js';

export interface TurnConfig {
  /** At most three; see isTurnUrl in sdk/protocol/turn.ts. */
  readonly urls: readonly string[];
  /** coturn's `static-auth-secret`. */
  readonly secret: string;
  /** How long a login is good for, in seconds. */
  readonly lifetimeS: number;
}

/** Bytes: two sockets never meet, and nothing can be counted from it. */
const OPAQUE_BYTES = 8;

export class TurnLogins {
  readonly #config: TurnConfig;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #random: (length: number) => Bytes;
  /** Milliseconds after which a socket is given a new login: the old one has half its life left. */
  readonly renewMs: number;

  constructor(config: TurnConfig, clock: Pick<Clock, 'now'>, random: (length: number) => Bytes) {
    this.#config = config;
    this.#clock = clock;
    this.#random = random;
    this.renewMs = (config.lifetimeS * 1000) / 2;
  }

  /** A new login, good from now on. */
  offer(): TurnOffer {
    const { lifetimeS, secret, urls } = this.#config;
    const expiresS = Math.floor(this.#clock.now() / 1000) + lifetimeS;
    const username = `${expiresS}:${toHex(this.#random(OPAQUE_BYTES))}`;
    const password = createHmac('sha1', secret).update(username).digest('base64');
    return { lifetimeS, username, password, urls };
  }
}
