/**
 * What happened so far, as plain numbers: for `stats()` and for metrics. No name, key or address
 * ever becomes part of a counter.
 */

import type { RelayRefusal } from '../sdk/base/errors.js';
import type { RelayResult } from '../sdk/protocol/relay-frames.js';

const NAMES = [
  /** Whole messages and their bytes, from clients and to them. */
  'framesIn',
  'bytesIn',
  'framesOut',
  'bytesOut',
  /** Logins accepted; refused, in all and by reason. */
  'logins',
  'refusals',
  'refusedVersion',
  'refusedOrigin',
  'refusedProof',
  'refusedLate',
  /**
   * Connections and upgrades refused: relay full, its memory used up, ending; network crowded, or
   * asking too often; page not on the list.
   */
  'full',
  'overloaded',
  'draining',
  'crowded',
  'hurried',
  'foreignPages',
  /** Plain HTTP: requests in all, and those refused because their network asks too often. */
  'requests',
  'requestsLimited',
  /** SENDs forwarded to a connected key, to nobody, dropped by the recipient's rate. */
  'delivered',
  'nobody',
  'recipientLimited',
  /** SENDs answered by RES: over the rate of the socket, of its key, of its network; too large; malformed. */
  'rateLimited',
  'keyRateLimited',
  'ipRateLimited',
  'tooLarge',
  'malformed',
  /** RECVs not written because a reader was behind. */
  'dropped',
  /** Sockets ended by the relay: a slow reader, silence, too many controls, a wrong frame, a newer socket. */
  'slow',
  'silent',
  'flooding',
  'faulty',
  'replaced',
  /**
   * Envelopes for other relays: published; not, because the bus is away or behind, or over the
   * recipient's rate. From them: taken, and dropped because they are none.
   */
  'busPublished',
  'busAway',
  'busBehind',
  'busLimited',
  'busReceived',
  'busMalformed',
  /** TURN logins given at the login here, and later ones that took their place. */
  'turnGiven',
  'turnRenewed',
  /** Sockets ended because all together took too much memory. */
  'shed',
] as const;

export type CounterName = (typeof NAMES)[number];

export const RESULT_COUNTERS: Readonly<Record<RelayResult, CounterName>> = {
  'rate-limited': 'rateLimited',
  'too-large': 'tooLarge',
  malformed: 'malformed',
};

/** Where the reason of a refused login is counted. */
export const REFUSAL_COUNTERS: Partial<Readonly<Record<RelayRefusal, CounterName>>> = {
  version: 'refusedVersion',
  origin: 'refusedOrigin',
  proof: 'refusedProof',
  late: 'refusedLate',
};

const PLACES = Object.fromEntries(NAMES.map((name, at) => [name, at])) as Record<
  CounterName,
  number
>;

export class Counters {
  /** Bytes outgrow small integers, and a Map would make an object of each new number. */
  readonly #values = new Float64Array(NAMES.length);

  add(name: CounterName, by = 1): void {
    const at = PLACES[name];
    this.#values[at] = (this.#values[at] as number) + by;
  }

  snapshot(): Readonly<Record<CounterName, number>> {
    return Object.fromEntries(NAMES.map((name, at) => [name, this.#values[at]])) as Record<
      CounterName,
      number
    >;
  }
}
