/**
 * What happened so far, as plain numbers: for tests now, for metrics later. No name, key or address
 * ever becomes part of a counter.
 */

import type { RelayResult } from '../sdk/protocol/relay-frames.js';

const NAMES = [
  /** Logins accepted, refused. */
  'logins',
  'refusals',
  /** Upgrades refused: relay full, network crowded, page not on the list. */
  'full',
  'crowded',
  'foreignPages',
  /** SENDs forwarded to a connected key, to nobody, dropped by the recipient's rate. */
  'delivered',
  'nobody',
  'recipientLimited',
  /** SENDs answered by RES. */
  'rateLimited',
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
] as const;

export type CounterName = (typeof NAMES)[number];

export const RESULT_COUNTERS: Readonly<Record<RelayResult, CounterName>> = {
  'rate-limited': 'rateLimited',
  'too-large': 'tooLarge',
  malformed: 'malformed',
};

export class Counters {
  readonly #values = new Map<CounterName, number>(NAMES.map((name) => [name, 0]));

  add(name: CounterName): void {
    this.#values.set(name, (this.#values.get(name) ?? 0) + 1);
  }

  snapshot(): Readonly<Record<CounterName, number>> {
    return Object.fromEntries(this.#values) as Record<CounterName, number>;
  }
}
