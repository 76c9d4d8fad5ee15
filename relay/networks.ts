/**
 * What the relay remembers of the networks that reach it (see ip-group.ts): what each has open and
 * how fast it asks. A network that has nothing open and has rested is forgotten.
 */

import type { RelayLimits } from './limits.js';
import { TokenBucket } from './token-bucket.js';

/** Networks with something open that are passed over to find one to forget: bounds the work. */
const MAX_PASSED_OVER = 64;

/** How fast a network may ask: made when it asks, dropped when all of it has filled up again. */
class Rates {
  readonly connects: TokenBucket;
  readonly requests: TokenBucket;
  readonly upgrades: TokenBucket;
  readonly sends: TokenBucket;
  readonly bytes: TokenBucket;

  constructor(limits: RelayLimits, now: number) {
    this.connects = new TokenBucket(limits.connectsPerIpPerS, limits.connectBurstPerIp, now);
    this.requests = new TokenBucket(limits.requestsPerIpPerS, limits.requestBurstPerIp, now);
    this.upgrades = new TokenBucket(limits.upgradesPerIpPerS, limits.upgradeBurstPerIp, now);
    this.sends = new TokenBucket(limits.sendsPerIpPerS, limits.sendBurstPerIp, now);
    this.bytes = new TokenBucket(limits.sendBytesPerIpPerS, limits.sendBurstBytesPerIp, now);
  }

  isFull(now: number): boolean {
    const { bytes, connects, requests, sends, upgrades } = this;
    return [connects, requests, upgrades, sends, bytes].every((each) => each.isFull(now));
  }
}

export class Network {
  /** See ip-group.ts. */
  readonly name: string;
  /** TCP connections that are no WebSockets, WebSockets without a proved key, and with one. */
  http = 0;
  pending = 0;
  proved = 0;
  readonly #limits: RelayLimits;
  #rates: Rates | null = null;
  /** Milliseconds of the monotonic clock. */
  #banishedUntil = 0;

  constructor(name: string, limits: RelayLimits) {
    this.name = name;
    this.#limits = limits;
  }

  connect(now: number): boolean {
    return now >= this.#banishedUntil && this.#ratesAt(now).connects.take(1, now);
  }

  /** A wrong proof: counts as several upgrades, because it costs as much. */
  wrongProof(now: number): void {
    this.#ratesAt(now).upgrades.drain(this.#limits.upgradesPerWrongProof);
  }

  /** It does what no honest client does: new connections are reset for a while, unread. */
  banish(now: number): void {
    this.#banishedUntil = now + this.#limits.banishMs;
  }

  request(now: number): boolean {
    return this.#ratesAt(now).requests.take(1, now);
  }

  upgrade(now: number): boolean {
    return this.#ratesAt(now).upgrades.take(1, now);
  }

  send(bytes: number, now: number): boolean {
    const rates = this.#ratesAt(now);
    return rates.sends.take(1, now) && rates.bytes.take(bytes, now);
  }

  /** Forgets what has filled up. @returns whether nothing is left to remember */
  rest(now: number): boolean {
    if (this.#rates?.isFull(now)) this.#rates = null;
    return this.#rates === null && !this.isOpen && now >= this.#banishedUntil;
  }

  get isOpen(): boolean {
    return this.http + this.pending + this.proved > 0;
  }

  #ratesAt(now: number): Rates {
    this.#rates ??= new Rates(this.#limits, now);
    return this.#rates;
  }
}

export class Networks {
  readonly #limits: RelayLimits;
  readonly #networks = new Map<string, Network>();

  constructor(limits: RelayLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#networks.size;
  }

  of(name: string): Network {
    const known = this.#networks.get(name);
    if (known !== undefined) return known;
    if (this.#networks.size >= this.#limits.networks) this.#forgetOne();
    const network = new Network(name, this.#limits);
    this.#networks.set(name, network);
    return network;
  }

  /** Called now and then: forgets the networks that have rested. */
  rest(now: number): void {
    for (const [name, network] of this.#networks) {
      if (network.rest(now)) this.#networks.delete(name);
    }
  }

  /** The one known for longest that has nothing open; those before it begin anew at the end. */
  #forgetOne(): void {
    let passedOver = 0;
    for (const [name, network] of this.#networks) {
      this.#networks.delete(name);
      if (!network.isOpen) return;
      this.#networks.set(name, network);
      if (++passedOver === MAX_PASSED_OVER) return;
    }
  }
}
