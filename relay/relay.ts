/**
 * The wiring page: HTTP server, upgrades, sessions, router. Nothing is decided here, and nothing is
 * ever written to disk.
 */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Gate, type Place } from './admission.js';
import { type RelayConfig, resolveConfig } from './config.js';
import { type CounterName, Counters } from './counters.js';
import { honestForward, hostileForward } from './forward.js';
import { startHeartbeat } from './heartbeat.js';
import { createHandler } from './http.js';
import { ipGroup } from './ip-group.js';
import { listening } from './listening.js';
import { Login } from './login.js';
import type { RelayOptions } from './options.js';
import { loopbackOrigins } from './origins.js';
import { Router } from './router.js';
import { Session, type SessionServices } from './session.js';
import { readSite, type Site } from './site.js';
import { createUpgrade, type Upgrade } from './sockets.js';
import { refuseUpgrade } from './upgrade-refusal.js';

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

/** Why an upgrade is refused → HTTP status. */
const REFUSALS = { elsewhere: 404, foreignPages: 403, crowded: 429, full: 503 } as const;

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
  /** Every TCP connection, WebSockets included. */
  readonly #connections = new Map<Duplex, Place>();
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
      gate: this.#gate,
      sessions: this.#sessions,
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
    this.#connections.set(socket, place);
    socket.on('close', () => {
      this.#connections.delete(socket);
      this.#gate.leave(place);
    });
  }

  #upgraded(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const place = this.#connections.get(socket);
    const services = this.#services;
    if (place === undefined || services === null) {
      refuseUpgrade(socket, 503);
      return;
    }
    const refusal = this.#admit(request, place);
    if (refusal === null) {
      this.#upgrade(request, socket, head, (wire) => new Session(wire, place, services));
      return;
    }
    if (refusal !== 'elsewhere') this.#counters.add(refusal);
    refuseUpgrade(socket, REFUSALS[refusal]);
  }

  #admit(request: IncomingMessage, place: Place): keyof typeof REFUSALS | null {
    if (request.url !== '/') return 'elsewhere';
    if (!this.#isAllowedPage(request.headers.origin)) return 'foreignPages';
    return this.#gate.upgrade(place);
  }

  #isAllowedPage(origin: string | undefined): boolean {
    const { allowOrigins } = this.#config;
    return allowOrigins === null || origin === undefined || allowOrigins.has(origin);
  }
}
