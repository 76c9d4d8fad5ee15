/**
 * Who may still open a connection: counts of what is open, in all and per network. Decided before
 * the upgrade, when a refusal costs one small write.
 */

import { next, type Table } from '../sdk/base/state.js';
import type { RelayLimits } from './limits.js';

/** How many there are of each network, and in all. A network with none takes no memory. */
class Tally {
  readonly #counts = new Map<string, number>();
  total = 0;

  of(network: string): number {
    return this.#counts.get(network) ?? 0;
  }

  add(network: string, change: 1 | -1): void {
    this.total += change;
    const count = this.of(network) + change;
    if (count > 0) this.#counts.set(network, count);
    else this.#counts.delete(network);
  }
}

type PlaceState = 'http' | 'pending' | 'proved' | 'gone';
type PlaceEvent = 'upgrade' | 'prove' | 'leave';

export const PLACE_STATES: Table<PlaceState, PlaceEvent> = {
  http: { upgrade: 'pending', leave: 'gone' },
  pending: { prove: 'proved', leave: 'gone' },
  proved: { leave: 'gone' },
  gone: {},
};

/** What one TCP connection counts as. Only the gate changes it. */
export interface Place {
  /** See ip-group.ts. */
  readonly network: string;
  state: PlaceState;
}

export class Gate {
  readonly #limits: RelayLimits;
  readonly #open = { http: new Tally(), pending: new Tally(), proved: new Tally() };

  constructor(limits: RelayLimits) {
    this.#limits = limits;
  }

  /** WebSockets that are open, proved or not. */
  get sockets(): number {
    return this.#open.pending.total + this.#open.proved.total;
  }

  /** A place for a new TCP connection; null where its network has too many. */
  connect(network: string): Place | null {
    const { http } = this.#open;
    if (http.of(network) >= this.#limits.httpPerIp) return null;
    http.add(network, 1);
    return { network, state: 'http' };
  }

  /** Lets the connection become a WebSocket, or says why it may not. */
  upgrade(place: Place): 'full' | 'crowded' | null {
    const { pendingPerIp, sockets, socketsPerIp } = this.#limits;
    if (this.sockets >= sockets) return 'full';
    const pending = this.#open.pending.of(place.network);
    const proved = this.#open.proved.of(place.network);
    if (pending >= pendingPerIp || pending + proved >= socketsPerIp) return 'crowded';
    this.#move(place, 'upgrade');
    return null;
  }

  /** The WebSocket has proved a key: it no longer counts as pending. */
  prove(place: Place): void {
    this.#move(place, 'prove');
  }

  /** The connection is gone. */
  leave(place: Place): void {
    this.#move(place, 'leave');
  }

  #move(place: Place, event: PlaceEvent): void {
    const from = place.state;
    const to = next(PLACE_STATES, from, event);
    if (to === null || from === 'gone') return;
    place.state = to;
    this.#open[from].add(place.network, -1);
    if (to !== 'gone') this.#open[to].add(place.network, 1);
  }
}
