/**
 * The wiring page: server, upgrades, sessions, router. Nothing is decided here, and nothing is ever
 * written to disk.
 */

import type { AddressInfo } from 'node:net';
import { Gate } from './admission.js';
import { Cluster } from './cluster/cluster.js';
import { type RelayConfig, resolveConfig } from './config.js';
import { Counters } from './counters.js';
import { Doorway } from './doorway.js';
import { arriveAt, honestForward, hostileForward } from './forward.js';
import { attachedFront, type Front, ownFront } from './front.js';
import { sayGoodbye } from './goodbye.js';
import { LOOKS_PER_PING, startHeartbeat } from './heartbeat.js';
import { createHandler } from './http.js';
import { Login } from './login.js';
import { Memory } from './memory.js';
import { type GAUGES, Metrics } from './metrics.js';
import { type MetricsListener, startMetricsListener } from './metrics-listener.js';
import { OpenSet } from './open-set.js';
import type { RelayOptions, TlsFiles } from './options.js';
import { findPackageRoot } from './package-root.js';
import type { Relay, RelayStats } from './relay-api.js';
import { Router } from './router.js';
import { Session, type SessionServices } from './session.js';
import { readSite, type Site } from './site.js';
import { createUpgrade } from './sockets.js';
import { traceTo } from './trace.js';
import { TurnLogins } from './turn.js';

/** Milliseconds for the last goodbyes; longer than a close handshake may take (`closeTimeoutMs`). */
const CLOSE_WITHIN_MS = 3_000;

/** @throws options/unknown, options/invalid */
export function createRelay(options: RelayOptions = {}): Relay {
  return new PimRelay(resolveConfig(options));
}

class PimRelay implements Relay {
  readonly #config: RelayConfig;
  readonly #counters = new Counters();
  readonly #gate: Gate;
  readonly #memory: Memory;
  readonly #cluster: Cluster | null;
  readonly #router: Router;
  readonly #sessions = new OpenSet<Session>();
  readonly #doorway: Doorway;
  readonly #metrics: Metrics;
  readonly #front: Front;
  #site: Site = new Map();
  #login: Login | null = null;
  #stops: (() => void)[] = [];
  #address: AddressInfo | null = null;
  #metricsListener: MetricsListener | null = null;

  constructor(config: RelayConfig) {
    const { limits, nats, path, rss, server } = config;
    this.#config = config;
    this.#gate = new Gate(limits);
    this.#memory = new Memory(limits, rss);
    this.#cluster = nats === null ? null : new Cluster(nats.subject, limits, this.#counters);
    this.#router = new Router(limits, this.#cluster);
    const services = this.#services();
    this.#doorway = new Doorway({
      config,
      gate: this.#gate,
      counters: this.#counters,
      memory: this.#memory,
      upgrade: createUpgrade(limits, this.#onFault),
      begin: (wire, place) => new Session(wire, place, services),
    });
    this.#metrics = new Metrics(
      { counters: () => this.#counters.snapshot(), gauges: () => this.#gauges() },
      findPackageRoot()?.version ?? 'unknown',
    );
    this.#front =
      server === null
        ? ownFront(config, this.#doorway, this.#answers(config.metrics))
        : attachedFront(server, path, this.#doorway);
  }

  async listen(): Promise<void> {
    const { folders, hostility, log, metricsHost, metricsPort } = this.#config;
    const site = await readSite(folders);
    this.#site = (await hostility?.site?.(site)) ?? site;
    if (metricsPort !== null) {
      const answer = this.#answers(true, () => 'answer');
      this.#metricsListener = await startMetricsListener(
        this.#config,
        metricsPort,
        metricsHost,
        answer,
      );
    }
    try {
      this.#address = await this.#front.open();
    } catch (fault) {
      await this.#metricsListener?.close();
      throw fault;
    }
    await this.#joinOthers();
    this.#doorway.isOpen = true;
    this.#startClocks();
    const files = this.#site.size;
    log('info', 'listening', { ...(this.#address === null ? {} : { port: this.port }), files });
    if (folders.dist !== null && !this.#site.has('/pim-chat.js')) log('warn', 'widget-not-built');
  }

  async close({ withinMs }: { withinMs?: number } = {}): Promise<void> {
    if (!this.isReady) return;
    const { clock, hostility, limits, log } = this.#config;
    const boundMs = withinMs ?? limits.drainMs + CLOSE_WITHIN_MS;
    this.#doorway.isOpen = false;
    log('info', 'closing', { sockets: this.#gate.sockets });
    const timer = clock.setTimer(() => this.#cutAll(), boundMs);
    await sayGoodbye(this.#sessions, clock, Math.min(limits.drainMs, boundMs / 2));
    await Promise.all([this.#front.close(), this.#sessions.emptied(), hostility?.close?.()]);
    clock.clearTimer(timer);
    for (const stop of this.#stops) stop();
    await this.#cluster?.close();
    await this.#metricsListener?.close();
    log('info', 'closed');
  }

  get isReady(): boolean {
    return this.#doorway.isOpen;
  }

  get port(): number {
    const address = this.#address ?? this.#config.server?.address() ?? null;
    if (typeof address !== 'object' || address === null) {
      throw new RangeError('the relay does not listen yet');
    }
    return address.port;
  }

  get metricsPort(): number | null {
    return this.#metricsListener?.port ?? null;
  }

  get url(): string {
    const { port } = this;
    const { path, tls } = this.#config;
    const bound = this.#address?.address ?? '';
    const everywhere = bound === '::' || bound === '0.0.0.0' || bound === '';
    const host = everywhere ? '127.0.0.1' : bound.includes(':') ? `[${bound}]` : bound;
    return `${tls === null ? 'ws' : 'wss'}://${host}:${port}${path === '/' ? '' : path}`;
  }

  stats(): RelayStats {
    const open = { sockets: this.#gate.sockets, keys: this.#router.keys, bus: this.#busUp() };
    return { ...this.#counters.snapshot(), ...open };
  }

  async metrics(): Promise<string> {
    return (await this.#metrics.scrape()).text;
  }

  renewTls(tls: TlsFiles): void {
    this.#front.renewTls(tls);
    this.#config.log('info', 'tls-renewed');
  }

  readonly #onFault = (fault: unknown): void => {
    this.#config.log('error', 'fault', { what: String(fault) });
  };

  #services(): SessionServices {
    const { clock, hostility, limits, random, turn } = this.#config;
    const router = this.#router;
    const counters = this.#counters;
    const loginOf = () => {
      // Not earlier: the default origins hold the port, which a server may get late.
      this.#login ??= new Login(this.#config.origins(this.port), limits.authDeadlineMs, random);
      return hostility?.login?.(this.#login) ?? this.#login;
    };
    return {
      gate: this.#gate,
      sessions: this.#sessions,
      clock,
      limits,
      get login() {
        return loginOf();
      },
      router,
      forward:
        hostility?.tamper === undefined
          ? honestForward(router, counters, this.#cluster)
          : hostileForward(router, counters, hostility.tamper, clock.monotonic),
      counters,
      memory: this.#memory,
      turn: turn === null ? null : new TurnLogins(turn, clock, random),
      trace: traceTo(this.#config),
    };
  }

  #answers(withMetrics: boolean, judge?: () => 'answer') {
    return createHandler({
      site: () => this.#site,
      isReady: () => this.isReady,
      metrics: withMetrics ? () => this.#metrics.scrape() : null,
      judge: judge ?? ((request, waiting) => this.#doorway.request(request, waiting)),
      onFault: this.#onFault,
    });
  }

  #gauges(): Readonly<Record<keyof typeof GAUGES, number>> {
    return {
      pim_sockets: this.#gate.sockets,
      pim_sockets_pending: this.#gate.pending,
      pim_keys: this.#router.keys,
      pim_networks: this.#gate.networks.size,
      pim_waiting_bytes: this.#memory.waiting,
      pim_ready: this.isReady ? 1 : 0,
      pim_bus_up: this.#busUp(),
    };
  }

  #busUp(): 0 | 1 {
    return this.#cluster?.isUp ? 1 : 0;
  }

  /** Begins to look for the bus; a relay that does not find it serves those who are here. */
  async #joinOthers(): Promise<void> {
    if (this.#cluster === null) return;
    const { natsBus } = await import('./cluster/nats.js');
    const { monotonic } = this.#config.clock;
    this.#cluster.open(natsBus(this.#config), arriveAt(this.#router, this.#counters, monotonic));
  }

  #startClocks(): void {
    const { clock, limits } = this.#config;
    const networks = { beat: (now: number) => this.#gate.networks.rest(now) };
    const memory = { beat: () => this.#memory.look(this.#sessions) };
    this.#stops = [
      startHeartbeat(clock, limits.pingAfterMs / LOOKS_PER_PING, this.#sessions),
      startHeartbeat(clock, limits.pingAfterMs / LOOKS_PER_PING, [networks]),
      startHeartbeat(clock, limits.memoryCheckMs, [memory]),
    ];
  }

  /** Upgraded sockets are no longer the HTTP server's, so it cannot close them. */
  #cutAll(): void {
    for (const session of this.#sessions) session.terminate();
    this.#front.cut();
  }
}
