/**
 * From a TCP connection to a WebSocket: whom a connection is counted with, and whether it may be.
 * Nothing is read from a connection that is refused here.
 */

import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Gate, Place, Refusal } from './admission.js';
import type { RelayConfig } from './config.js';
import type { Counters } from './counters.js';
import { ipGroup } from './ip-group.js';
import type { Memory } from './memory.js';
import { clientOf, isProxy } from './proxies.js';
import type { Upgrade, WireEvents } from './sockets.js';
import { refuseUpgrade } from './upgrade-refusal.js';
import type { Wire } from './wire.js';

/** Why an upgrade is refused → HTTP status. */
const REFUSALS = {
  elsewhere: 404,
  foreignPages: 403,
  crowded: 429,
  hurried: 429,
  full: 503,
  overloaded: 503,
  draining: 503,
} as const satisfies Record<
  Refusal | 'elsewhere' | 'foreignPages' | 'overloaded' | 'draining',
  number
>;

/** What a connection counts as, on the connection itself: no table of all of them is needed. */
const PLACE = Symbol('place');

type Placed = Duplex & { [PLACE]?: Place; readonly remoteAddress?: string | undefined };

export interface DoorwayServices {
  readonly config: RelayConfig;
  readonly gate: Gate;
  readonly counters: Counters;
  readonly memory: Memory;
  readonly upgrade: Upgrade;
  /** A WebSocket is open. */
  begin(wire: Wire, place: Place): WireEvents;
}

export class Doorway {
  readonly #services: DoorwayServices;
  readonly #left: (this: Placed) => void;
  /** Places of TCP connections whose TLS handshake is under way, by their other end. */
  readonly #handshakes = new Map<string, Place>();
  /** Closed: no new WebSockets. */
  isOpen = false;

  constructor(services: DoorwayServices) {
    const { gate } = services;
    this.#services = services;
    this.#left = function left() {
      if (this[PLACE] !== undefined) gate.leave(this[PLACE]);
    };
  }

  /** A TCP connection to a server of the relay's own. @returns false where it is ended */
  connected(socket: Socket): boolean {
    const place = this.#placeOf(socket);
    if (place === null) return false;
    this.#seat(socket, place);
    if (!this.#services.config.tls) return true;
    const end = otherEnd(socket);
    this.#handshakes.set(end, place);
    socket.once('close', () => this.#handshakes.delete(end));
    return true;
  }

  /** Its TLS handshake is done: what follows comes through another object. */
  secured(socket: Socket): void {
    const end = otherEnd(socket);
    const place = this.#handshakes.get(end);
    this.#handshakes.delete(end);
    if (place === undefined) socket.destroy();
    else (socket as Placed)[PLACE] = place;
  }

  /** Whether a plain HTTP request is answered. @param waiting requests of it not answered yet */
  request(request: IncomingMessage, waiting: number): 'answer' | 'refuse' | 'cut' {
    const { config, counters, gate } = this.#services;
    counters.add('requests');
    const now = config.clock.monotonic();
    const network = gate.networks.of(this.#networkOf(request));
    const isPouring = waiting > config.limits.requestsAtOnce;
    if (!isPouring && network.request(now)) return 'answer';
    network.banish(now);
    counters.add('requestsLimited');
    return isPouring ? 'cut' : 'refuse';
  }

  /** A request to become a WebSocket. */
  upgraded(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { config, counters, begin, upgrade } = this.#services;
    const place = (socket as Placed)[PLACE] ?? this.#seat(socket, this.#services.gate.outside());
    const refusal = this.#admit(request, place);
    if (refusal === null) {
      const { hostility } = config;
      const session = (wire: Wire) => begin(wire, place);
      const bent = hostility?.attach;
      const attach = bent === undefined ? session : (wire: Wire) => bent(wire, session);
      const admit = () => upgrade(request, socket, head, attach);
      if (hostility?.upgrade === undefined) admit();
      else {
        // Node listens no longer, ws not yet or never: a reset would end the process.
        socket.on('error', () => socket.destroy());
        hostility.upgrade(request, socket, admit);
      }
      return;
    }
    if (refusal !== 'elsewhere') counters.add(refusal);
    refuseUpgrade(socket, REFUSALS[refusal]);
  }

  /** Where the connection is not counted or has no place; null ends it. */
  #placeOf(socket: Socket): Place | null {
    const { config, counters, gate } = this.#services;
    if (isProxy(socket.remoteAddress, config.trust)) return gate.outside();
    const place = gate.connect(ipGroup(socket.remoteAddress), config.clock.monotonic());
    if (typeof place !== 'string') return place;
    counters.add(place);
    socket.destroy();
    return null;
  }

  #seat(socket: Placed, place: Place): Place {
    socket[PLACE] = place;
    socket.on('close', this.#left);
    return place;
  }

  #admit(request: IncomingMessage, place: Place): keyof typeof REFUSALS | null {
    const { config, gate, memory } = this.#services;
    const { url = '' } = request;
    if (url !== config.path && !config.hostility?.isPath?.(url)) return 'elsewhere';
    if (!this.isOpen) return 'draining';
    if (!this.#isAllowedPage(request.headers.origin)) return 'foreignPages';
    if (memory.isFull) return 'overloaded';
    return gate.upgrade(place, this.#networkOf(request), config.clock.monotonic());
  }

  #networkOf({ headers, socket }: IncomingMessage): string {
    // Node joins repeated headers of this name by commas, in their order.
    const forwardedFor = headers['x-forwarded-for'] as string | undefined;
    return ipGroup(clientOf(socket.remoteAddress, forwardedFor, this.#services.config.trust));
  }

  #isAllowedPage(origin: string | undefined): boolean {
    const { allowOrigins } = this.#services.config;
    return allowOrigins === null || origin === undefined || allowOrigins.has(origin);
  }
}

function otherEnd({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
