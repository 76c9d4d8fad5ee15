/**
 * The wiring page: HTTP server, upgrades, sessions, router. Nothing is decided here, and nothing is
 * ever written to disk.
 */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Gate, type Ticket } from './admission.js';
import { type RelayConfig, type RelayOptions, resolveConfig } from './config.js';
import { type CounterName, Counters } from './counters.js';
import { honestForward, hostileForward } from './forward.js';
import { startHeartbeat } from './heartbeat.js';
import { createHandler } from './http.js';
import { ipGroup } from './ip-group.js';
import { listening } from './listening.js';
import { Login } from './login.js';
import { loopbackOrigins } from './origins.js';
import { Router } from './router.js';
import { Session, type SessionServices } from './session.js';
import { readSite, type Site } from './site.js';
import { createUpgrade, type Upgrade } from './sockets.js';
import { type RefusalStatus, refuseUpgrade } from './upgrade-refusal.js';

/** Counters since the start, and what is open now. */
export type RelayStats = Readonly<Record<CounterName | 'sockets' | 'keys', number>>;

export interface Relay {
  /**
   * Reads the files to serve and begins to listen.
   * @throws options/invalid where the port is taken or may not be used, or the host is not of this
   * machine; what node:fs throws where a file cannot be read
   */
  listen(): Promise<void>;
  /** Says goodbye to every client and ends, within `withinMs` (default 3000). Never rejects. */
  close(options?: { withinMs?: number }): Promise<void>;
  /** The port it listens on. @throws RangeError before `listen` */
  readonly port: number;
  /** `ws://…` of this machine, for clients on it. @throws RangeError before `listen` */
  readonly url: string;
  stats(): RelayStats;
}

/** Milliseconds for a goodbye; longer than a close handshake may take (`closeTimeoutMs`). */
const CLOSE_WITHIN_MS = 3_000;
/** TCP connections beside the WebSockets: pages being fetched. */
const SPARE_CONNECTIONS = 1_000;

type Admitted = { readonly services: SessionServices; readonly ticket: Ticket };
type Refused = { readonly status: RefusalStatus; readonly counter: CounterName | null };

/** @throws options/unknown, options/invalid */
export function createRelay(options: RelayOptions = {}): Relay {
  return new PimRelay(resolveConfig(options));
}

class PimRelay implements Relay {
  readonly #config: RelayConfig;
  readonly #counters = new Counters();
  readonly #gate: Gate;
  readonly #router: Router;
  readonly #sessions = new Set<Session>();
  readonly #upgrade: Upgrade;
  /** Every TCP connection, and how it gives up its place among its network's plain ones. */
  readonly #connections = new Map<Duplex, () => void>();
  readonly #server: Server;
  #site: Site = new Map();
  #services: SessionServices | null = null;
  #stopHeartbeat: () => void = () => undefined;
  #address: AddressInfo | null = null;

  constructor(config: RelayConfig) {
    const { limits, log } = config;
    const onFault = (fault: unknown) => log('error', 'fault', { what: String(fault) });
    this.#config = config;
    this.#gate = new Gate(limits);
    this.#router = new Router(limits);
    this.#upgrade = createUpgrade(limits, onFault);
    this.#server = createServer(
      {
        headersTimeout: limits.headersTimeoutMs,
        requestTimeout: limits.requestTimeoutMs,
        connectionsCheckingInterval: limits.requestCheckMs,
        maxHeaderSize: limits.maxHeaderBytes,
      },
      createHandler(() => this.#site, onFault),
    );
    this.#server.maxHeadersCount = limits.maxHeaders;
    this.#server.maxConnections = limits.sockets + SPARE_CONNECTIONS;
    this.#server.timeout = limits.responseIdleMs;
    this.#server.on('connection', (socket) => this.#connected(socket));
    this.#server.on('upgrade', (request, socket, head) => this.#upgraded(request, socket, head));
  }

  async listen(): Promise<void> {
    const { clock, folders, host, limits, log, port, random, tamper } = this.#config;
    this.#site = await readSite(folders);
    this.#address = await listening(this.#server, port, host);
    const origins =
      this.#config.origins.length > 0 ? this.#config.origins : loopbackOrigins(this.port);
    const router = this.#router;
    const counters = this.#counters;
    this.#services = {
      clock,
      limits,
      login: new Login(origins, limits.authDeadlineMs, random),
      router,
      forward:
        tamper === null
          ? honestForward(router, counters)
          : hostileForward(router, counters, tamper, clock.monotonic),
      counters,
    };
    this.#stopHeartbeat = startHeartbeat(clock, limits.pingAfterMs, this.#sessions);
    log('info', 'listening', { port: this.port, origins: origins.length, files: this.#site.size });
    if (folders.dist !== null && !this.#site.has('/pim-chat.js')) log('warn', 'widget-not-built');
  }

  async close({ withinMs = CLOSE_WITHIN_MS }: { withinMs?: number } = {}): Promise<void> {
    if (this.#services === null) return;
    this.#services = null;
    this.#stopHeartbeat();
    const { clock, log } = this.#config;
    log('info', 'closing', { sockets: this.#gate.sockets });
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const session of this.#sessions) session.restarting();
    this.#server.closeIdleConnections();
    const timer = clock.setTimer(() => this.#cutAll(), withinMs);
    await closed;
    clock.clearTimer(timer);
    log('info', 'closed');
  }

  /** Upgraded sockets are no longer the HTTP server's, so it cannot close them. */
  #cutAll(): void {
    for (const socket of this.#connections.keys()) socket.destroy();
  }

  get port(): number {
    if (this.#address === null) throw new RangeError('the relay does not listen yet');
    return this.#address.port;
  }

  get url(): string {
    const { port } = this;
    const bound = this.#address?.address ?? '';
    const everywhere = bound === '::' || bound === '0.0.0.0' || bound === '';
    const host = everywhere ? '127.0.0.1' : bound.includes(':') ? `[${bound}]` : bound;
    return `ws://${host}:${port}`;
  }

  stats(): RelayStats {
    const open = { sockets: this.#gate.sockets, keys: this.#router.keys };
    return { ...this.#counters.snapshot(), ...open };
  }

  #connected(socket: Socket): void {
    const place = this.#gate.connect(ipGroup(socket.remoteAddress));
    if (place === null) {
      this.#counters.add('crowded');
      socket.destroy();
      return;
    }
    this.#connections.set(socket, place.release);
    socket.once('close', () => {
      this.#connections.delete(socket);
      place.release();
    });
  }

  #upgraded(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const admitted = this.#admit(request);
    if ('status' in admitted) {
      if (admitted.counter !== null) this.#counters.add(admitted.counter);
      refuseUpgrade(socket, admitted.status);
      return;
    }
    const { services, ticket } = admitted;
    // Covers what happens before there is a WebSocket: a malformed upgrade, a client that has gone.
    socket.once('close', ticket.release);
    this.#connections.get(socket)?.();
    this.#upgrade(request, socket, head, (wire) => {
      const session = new Session(wire, ticket, services);
      this.#sessions.add(session);
      return {
        message: (frame, isBinary) => session.message(frame, isBinary),
        alive: () => session.alive(),
        closed: () => {
          session.closed();
          this.#sessions.delete(session);
        },
      };
    });
  }

  #admit(request: IncomingMessage): Admitted | Refused {
    const services = this.#services;
    if (services === null) return { status: 503, counter: null };
    if (request.url !== '/') return { status: 404, counter: null };
    if (!this.#isAllowedPage(request.headers.origin)) {
      return { status: 403, counter: 'foreignPages' };
    }
    const admission = this.#gate.admit(ipGroup(request.socket.remoteAddress));
    if ('ticket' in admission) return { services, ticket: admission.ticket };
    return { status: admission.refused === 'full' ? 503 : 429, counter: admission.refused };
  }

  #isAllowedPage(origin: string | undefined): boolean {
    const { allowOrigins } = this.#config;
    return allowOrigins === null || origin === undefined || allowOrigins.has(origin);
  }
}
