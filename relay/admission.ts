/**
 * Who may still open a connection: counts of what is open, in all and per network, and how fast a
 * network comes. Decided before the upgrade, when a refusal costs one small write.
 */

import { next, type Table } from '../sdk/base/state.js';
import type { RelayLimits } from './limits.js';
import { type Network, Networks } from './networks.js';

type PlaceState = 'outside' | 'http' | 'pending' | 'proved' | 'gone';
type PlaceEvent = 'upgrade' | 'prove' | 'leave';

export const PLACE_STATES: Table<PlaceState, PlaceEvent> = {
  outside: { upgrade: 'pending', leave: 'gone' },
  http: { upgrade: 'pending', leave: 'gone' },
  pending: { prove: 'proved', leave: 'gone' },
  proved: { leave: 'gone' },
  gone: {},
};

/** What one TCP connection counts as. Only the gate changes it. */
export interface Place {
  /** Null: a proxy's connection, until a request of it says whose it is. */
  network: Network | null;
  state: PlaceState;
}

/** Why a connection may not be. `crowded`: its network has too many; `hurried`: comes too often. */
export type Refusal = 'full' | 'crowded' | 'hurried';

export class Gate {
  readonly #limits: RelayLimits;
  readonly networks: Networks;
  /** WebSockets that are open, in all. */
  #pending = 0;
  #proved = 0;

  constructor(limits: RelayLimits) {
    this.#limits = limits;
    this.networks = new Networks(limits);
  }

  /** WebSockets that are open, proved or not. */
  get sockets(): number {
    return this.#pending + this.#proved;
  }

  get pending(): number {
    return this.#pending;
  }

  /** A place for a new TCP connection of a network, or why there is none. */
  connect(name: string, now: number): Place | Refusal {
    const network = this.networks.of(name);
    if (network.http >= this.#limits.httpPerIp) return 'crowded';
    if (!network.connect(now)) return 'hurried';
    network.http++;
    return { network, state: 'http' };
  }

  /** A place that is not counted: the connection is a proxy's, or another server's. */
  outside(): Place {
    return { network: null, state: 'outside' };
  }

  /** Lets the connection become a WebSocket of the network `name`, or says why it may not. */
  upgrade(place: Place, name: string, now: number): Refusal | null {
    const { pendingPerIp, sockets, socketsPerIp } = this.#limits;
    if (this.sockets >= sockets) return 'full';
    const network = this.networks.of(name);
    if (network.pending >= pendingPerIp) return 'crowded';
    if (network.pending + network.proved >= socketsPerIp) return 'crowded';
    if (!network.upgrade(now)) return 'hurried';
    this.#move(place, 'upgrade', network);
    return null;
  }

  /** The WebSocket has proved a key: it no longer counts as pending. */
  prove(place: Place): void {
    this.#move(place, 'prove', place.network);
  }

  /** The connection is gone. */
  leave(place: Place): void {
    this.#move(place, 'leave', place.network);
  }

  #move(place: Place, event: PlaceEvent, network: Network | null): void {
    const to = next(PLACE_STATES, place.state, event);
    if (to === null) return;
    this.#count(place, -1);
    place.network = network;
    place.state = to;
    this.#count(place, 1);
  }

  #count({ network, state }: Place, change: 1 | -1): void {
    if (state === 'outside' || state === 'gone') return;
    if (network !== null) network[state] += change;
    if (state === 'pending') this.#pending += change;
    if (state === 'proved') this.#proved += change;
  }
}
