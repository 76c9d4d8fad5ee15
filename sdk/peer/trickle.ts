/**
 * ICE candidates of one session, both ways: ours are gathered into as few signals as they come in,
 * theirs wait until the browser can take them (RFC 8838).
 */

import type { Logger, Platform } from '../base/platform.js';
import type { Candidate } from '../protocol/description.js';
import { MAX_CANDIDATES_PER_SESSION, MAX_CANDIDATES_PER_SIGNAL } from '../protocol/limits.js';
import { readOwnCandidate, writeCandidate } from './sdp.js';

export interface TrickleHost {
  readonly platform: Platform;
  readonly logger: Logger;
  /** Signs and sends one signal with these candidates. */
  send(candidates: readonly Candidate[]): Promise<void>;
}

export class Trickle {
  readonly #host: TrickleHost;
  #outgoing: Candidate[] = [];
  #isFlowing = false;
  #isFlushing = false;
  #incoming: Candidate[] = [];
  #incomingCount = 0;
  /** Signals taken, by their number: each comes once by every relay, and as often as one likes. */
  readonly #taken = new Set<number>();
  #connection: RTCPeerConnection | null = null;

  constructor(host: TrickleHost) {
    this.#host = host;
  }

  /** One of the browser's own candidates. */
  gathered(candidate: RTCIceCandidate | null): void {
    if (candidate === null || candidate.candidate === '') return;
    const own = readOwnCandidate(candidate.candidate);
    if (own === null) return;
    this.#outgoing.push(own);
    this.#flush();
  }

  /** Our description went out: candidates may follow. */
  flow(): void {
    this.#isFlowing = true;
    this.#flush();
  }

  /**
   * Candidates of the other side; beyond the limit of a session they are left out.
   * @param seq the number of the signal they came in
   */
  take(seq: number, candidates: readonly Candidate[]): void {
    if (this.#taken.has(seq) || this.#taken.size >= MAX_CANDIDATES_PER_SESSION) return;
    this.#taken.add(seq);
    this.#incomingCount += candidates.length;
    if (this.#incomingCount > MAX_CANDIDATES_PER_SESSION) return;
    this.#incoming.push(...candidates);
    this.#add();
  }

  /** The browser knows the other side's description: it can take their candidates now. */
  connect(connection: RTCPeerConnection): void {
    this.#connection = connection;
    this.#add();
  }

  stop(): void {
    this.#isFlowing = false;
    this.#outgoing = [];
    this.#connection = null;
  }

  #flush(): void {
    if (!this.#isFlowing || this.#isFlushing || this.#outgoing.length === 0) return;
    this.#isFlushing = true;
    this.#host.platform.setTimer(() => void this.#send(), 0);
  }

  async #send(): Promise<void> {
    try {
      const candidates = this.#outgoing.splice(0, MAX_CANDIDATES_PER_SIGNAL);
      if (this.#isFlowing) await this.#host.send(candidates);
    } catch (fault) {
      this.#host.logger('warn', `candidates could not be sent: ${String(fault)}`);
    } finally {
      this.#isFlushing = false;
      this.#flush();
    }
  }

  #add(): void {
    const connection = this.#connection;
    if (connection === null) return;
    for (const candidate of this.#incoming.splice(0)) {
      connection.addIceCandidate(writeCandidate(candidate)).catch((fault: unknown) => {
        this.#host.logger('debug', `a candidate was not taken: ${String(fault)}`);
      });
    }
  }
}
