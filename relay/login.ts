/**
 * Proof of a key: a challenge of this socket, signed for an origin of this relay. The AUTH frame does
 * not carry the origin; the relay tries its own ones. It never reads the Host header, which whoever
 * forwards a stranger's challenge would forge (docs/protocol.md §4).
 */

import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Bytes } from '../sdk/base/bytes.js';
import type { RelayRefusal } from '../sdk/base/errors.js';
import { isStrictSignature } from '../sdk/crypto/strict.js';
import { NONCE_BYTES } from '../sdk/protocol/limits.js';
import { loginBody } from '../sdk/protocol/relay-frames.js';
import { signingBytes } from '../sdk/protocol/signing.js';
import { readFrame } from './read-frame.js';

/** What one socket was asked to sign. Whoever holds it must use it once. */
export interface Challenge {
  readonly nonce: Bytes;
  /** Milliseconds of the monotonic clock. */
  readonly issuedAt: number;
}

/** The key that was proved, or why none was. */
export type Proof = { readonly publicKey: Bytes } | { readonly refused: RelayRefusal };

export class Login {
  readonly #origins: string[];
  readonly #lifeMs: number;
  readonly #random: (length: number) => Bytes;

  /** @param origins public origins of this relay in the spelling of `new URL(url).origin` */
  constructor(origins: readonly string[], lifeMs: number, random: (length: number) => Bytes) {
    this.#origins = [...origins];
    this.#lifeMs = lifeMs;
    this.#random = random;
  }

  challenge(now: number): Challenge {
    return { nonce: this.#random(NONCE_BYTES), issuedAt: now };
  }

  /**
   * Judges the one attempt a socket has. `origin` means: well-formed, but no proof for any origin of
   * this relay; a proof for another relay and a forged one cannot be told apart.
   */
  judge(challenge: Challenge, attempt: Uint8Array, now: number): Proof {
    const frame = readFrame(attempt);
    if (frame?.kind === 'foreign') return { refused: 'version' };
    if (frame?.kind !== 'auth') return { refused: 'proof' };
    if (now - challenge.issuedAt > this.#lifeMs) return { refused: 'late' };
    const { publicKey, device, nonce, signature } = frame;
    if (!isStrictSignature(publicKey, signature)) return { refused: 'proof' };
    const key = publicKeyOf(publicKey);
    const at = this.#origins.findIndex((origin) => {
      const body = loginBody(origin, challenge.nonce, nonce, publicKey, device);
      return verify(null, signingBytes('relay-auth', body), key, signature);
    });
    if (at < 0) return { refused: 'origin' };
    // Most clients dial the same one: it is tried first from now on.
    if (at > 0) this.#origins.unshift(...this.#origins.splice(at, 1));
    return { publicKey };
  }
}

/** A JWK (RFC 8037 §2): node:crypto reads it ten times faster than DER. */
function publicKeyOf(raw: Bytes): KeyObject {
  const x = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
