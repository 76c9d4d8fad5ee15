/**
 * Who offers, and with which nonces: the set-up of a session between two devices as a pure state
 * machine, docs/protocol.md §6. The lower key always offers, so there is no glare; nonces say what
 * is fresh, not clocks. The model in docs/models/session.pml checks these rules over lost, doubled
 * and reordered signals; change both together.
 */

import { type Bytes, equal, toHex } from '../base/bytes.js';
import type { Role } from '../protocol/confirm.js';
import { NONCE_LIFE_MS } from '../protocol/limits.js';

export interface Nonces {
  readonly low: Bytes;
  readonly high: Bytes;
}

/** What the other device said, as far as the set-up looks at it. */
export type Incoming =
  | { readonly kind: 'knock'; readonly time: number; readonly nonce: Bytes }
  | { readonly kind: 'hello'; readonly time: number; readonly nonces: Nonces }
  | {
      readonly kind: 'offer';
      readonly time: number;
      readonly nonces: Nonces;
      readonly hash: Bytes;
    };

/** What is to be done about it. */
export type Step =
  /** High: answer with HELLO. */
  | { readonly do: 'hello'; readonly nonces: Nonces }
  /** Low: open a connection and send its OFFER. */
  | { readonly do: 'offer'; readonly nonces: Nonces }
  /** Low: the OFFER for these nonces is out already; send the same bytes again. */
  | { readonly do: 'repeat-offer' }
  /** High: take the OFFER and send an ANSWER. */
  | { readonly do: 'answer'; readonly nonces: Nonces }
  /** High: the ANSWER to this very OFFER is out already; send the same bytes again. */
  | { readonly do: 'repeat-answer' }
  | { readonly do: 'nothing'; readonly why: string };

/** What outlives a page: the newest knock taken from this device, so that none is taken twice. */
export interface Remembered {
  readonly seenTime: number;
}

export class Handshake {
  readonly role: Role;
  readonly #newNonce: () => Bytes;
  readonly #now: () => number;
  #nonce: Bytes | null = null;
  #nonceAt = 0;
  /** Times of the other device's signals that were taken. */
  #seenTime: number;
  /** Low: the nonces of the OFFER that is out. High: those of the OFFER that was taken. */
  #pair: Nonces | null = null;
  /** High: the OFFER that was taken. */
  #offerHash: Bytes | null = null;
  /** Low: whether the session of `#pair` has become a confirmed channel. */
  #isPairConnected = false;

  /**
   * @param newNonce 32 random bytes
   * @param now monotonic milliseconds
   */
  constructor(role: Role, remembered: Remembered, newNonce: () => Bytes, now: () => number) {
    this.role = role;
    this.#seenTime = remembered.seenTime;
    this.#newNonce = newNonce;
    this.#now = now;
  }

  get remembered(): Remembered {
    return { seenTime: this.#seenTime };
  }

  /**
   * A KNOCK is going out with `nonce`. Low forgets the OFFER that was out: each attempt of low's has
   * a nonce of its own. High keeps an unused one, which an OFFER under way may carry.
   */
  knocking(nonce: Bytes): void {
    if (this.role === 'low') this.#pair = null;
    this.#setNonce(nonce);
  }

  /** The session of `nonces` is a confirmed channel: they are spent. */
  connected(nonces: Nonces): void {
    if (this.#isAtHand(nonces)) this.#isPairConnected = true;
  }

  /**
   * The session of `nonces` came to nothing, or is not heard any longer; they are spent, so that its
   * OFFER cannot be played again. Where another session is at hand, or a nonce that nobody has used
   * yet, it stays.
   */
  failed(nonces: Nonces): void {
    if (!this.#isAtHand(nonces)) return;
    this.#nonce = null;
    this.#pair = null;
    this.#offerHash = null;
    this.#isPairConnected = false;
  }

  /** True where the nonce at hand belongs to a session, one that came to nothing included. */
  get isSpent(): boolean {
    return this.#pair !== null || this.#nonce === null;
  }

  take(incoming: Incoming): Step {
    if (this.role === 'low') return this.#takeAsLow(incoming);
    return this.#takeAsHigh(incoming);
  }

  #takeAsLow(incoming: Incoming): Step {
    switch (incoming.kind) {
      case 'knock': {
        const isLedHere =
          this.#isPairConnected && this.#pair !== null && equal(this.#pair.high, incoming.nonce);
        if (incoming.time <= this.#seenTime || isLedHere) return nothing('an old knock');
        this.#seenTime = incoming.time;
        if (this.#isPairConnected || this.#isStale()) this.#renew();
        return this.#offer(incoming.nonce);
      }
      case 'hello': {
        const isAnswer = this.#nonce !== null && equal(incoming.nonces.low, this.#nonce);
        if (!isAnswer || incoming.time < this.#seenTime) return nothing('an old hello');
        if (this.#isPairConnected) return nothing('a repeated hello');
        this.#seenTime = incoming.time;
        return this.#offer(incoming.nonces.high);
      }
      case 'offer':
        return nothing('an offer of the higher key');
    }
  }

  #offer(theirs: Bytes): Step {
    const mine = this.#nonce ?? this.#renew();
    const nonces = { low: mine, high: theirs };
    if (this.#isAtHand(nonces)) return { do: 'repeat-offer' };
    // Another nonce of theirs with the same nonce of ours is another session, docs/protocol.md §6.
    this.#pair = nonces;
    this.#isPairConnected = false;
    return { do: 'offer', nonces };
  }

  #takeAsHigh(incoming: Incoming): Step {
    switch (incoming.kind) {
      case 'knock': {
        const isLedHere = this.#pair !== null && equal(this.#pair.low, incoming.nonce);
        if (incoming.time <= this.#seenTime || isLedHere) return nothing('an old knock');
        this.#seenTime = incoming.time;
        if (this.#pair !== null || this.#isStale()) this.#renew();
        return { do: 'hello', nonces: { low: incoming.nonce, high: this.#nonce ?? this.#renew() } };
      }
      case 'offer':
        return this.#takeOffer(incoming.nonces, incoming.time, incoming.hash);
      case 'hello':
        return nothing('a hello of the lower key');
    }
  }

  #takeOffer(nonces: Nonces, time: number, hash: Bytes): Step {
    const isMine = this.#nonce !== null && equal(nonces.high, this.#nonce);
    if (!isMine || this.#isStale()) return nothing('an old offer');
    if (this.#pair !== null) {
      const isSame = this.#offerHash !== null && equal(this.#offerHash, hash);
      return isSame ? { do: 'repeat-answer' } : nothing('a second offer to one nonce');
    }
    this.#pair = nonces;
    this.#offerHash = hash;
    this.#seenTime = Math.max(this.#seenTime, time);
    return { do: 'answer', nonces };
  }

  #isAtHand({ low, high }: Nonces): boolean {
    return this.#pair !== null && equal(this.#pair.low, low) && equal(this.#pair.high, high);
  }

  /** A nonce nobody answered for a while is not answered to any longer. */
  #isStale(): boolean {
    return this.#nonce === null || this.#now() - this.#nonceAt > NONCE_LIFE_MS;
  }

  #renew(): Bytes {
    return this.#setNonce(this.#newNonce());
  }

  #setNonce(nonce: Bytes): Bytes {
    const isOther = this.#nonce === null || toHex(this.#nonce) !== toHex(nonce);
    if (isOther && this.role === 'high') {
      this.#pair = null;
      this.#offerHash = null;
    }
    this.#nonce = nonce;
    this.#nonceAt = this.#now();
    return nonce;
  }
}

function nothing(why: string): Step {
  return { do: 'nothing', why };
}
