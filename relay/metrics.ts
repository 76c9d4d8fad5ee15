/**
 * Figures for Prometheus: the door to prom-client, which is loaded when a relay is to tell them.
 * Labels are words of this file: no key, address or IP becomes one.
 */

import type { Registry } from 'prom-client';
import type { CounterName } from './counters.js';

/** What is read at each scrape. */
export interface Figures {
  counters(): Readonly<Record<CounterName, number>>;
  /** What is open now. */
  gauges(): Readonly<Record<keyof typeof GAUGES, number>>;
}

interface CounterRow {
  readonly help: string;
  /** Name of the one label, and its value → counter. */
  readonly label: string;
  readonly values: Readonly<Record<string, CounterName>>;
}

/** Every counter is in exactly one row; a test holds it. */
export const COUNTER_ROWS = {
  pim_frames_total: {
    help: 'WebSocket messages, from clients and to them.',
    label: 'direction',
    values: { in: 'framesIn', out: 'framesOut' },
  },
  pim_bytes_total: {
    help: 'Bytes of these messages.',
    label: 'direction',
    values: { in: 'bytesIn', out: 'bytesOut' },
  },
  pim_logins_total: {
    help: 'Logins, accepted and refused by reason.',
    label: 'result',
    values: {
      ok: 'logins',
      version: 'refusedVersion',
      origin: 'refusedOrigin',
      proof: 'refusedProof',
      late: 'refusedLate',
    },
  },
  pim_connections_refused_total: {
    help: 'Connections and upgrades refused, by reason.',
    label: 'reason',
    values: {
      full: 'full',
      overloaded: 'overloaded',
      draining: 'draining',
      crowded: 'crowded',
      hurried: 'hurried',
      foreign_page: 'foreignPages',
    },
  },
  pim_http_requests_total: {
    help: 'Plain HTTP requests that came, and those of them refused for their rate.',
    label: 'what',
    values: { all: 'requests', refused: 'requestsLimited' },
  },
  pim_sends_total: {
    help: 'Envelopes, by what became of them.',
    label: 'outcome',
    values: {
      delivered: 'delivered',
      nobody: 'nobody',
      recipient_limited: 'recipientLimited',
      rate_limited: 'rateLimited',
      key_rate_limited: 'keyRateLimited',
      ip_rate_limited: 'ipRateLimited',
      too_large: 'tooLarge',
      malformed: 'malformed',
    },
  },
  pim_dropped_total: {
    help: 'Envelopes not written because the reader was behind.',
    label: 'reason',
    values: { reader_behind: 'dropped' },
  },
  pim_bus_total: {
    help: 'Envelopes to other relays and from them, by what became of them.',
    label: 'outcome',
    values: {
      published: 'busPublished',
      away: 'busAway',
      behind: 'busBehind',
      limited: 'busLimited',
      received: 'busReceived',
      malformed: 'busMalformed',
    },
  },
  pim_turn_logins_total: {
    help: 'TURN logins given to clients.',
    label: 'when',
    values: { login: 'turnGiven', renewal: 'turnRenewed' },
  },
  pim_sockets_ended_total: {
    help: 'WebSockets the relay ended, by reason.',
    label: 'reason',
    values: {
      slow: 'slow',
      silent: 'silent',
      flooding: 'flooding',
      faulty: 'faulty',
      replaced: 'replaced',
      shed: 'shed',
    },
  },
} as const satisfies Readonly<Record<string, CounterRow>>;

export const GAUGES = {
  pim_sockets: 'WebSockets open now.',
  pim_sockets_pending: 'WebSockets open now that have not proved a key.',
  pim_keys: 'Keys connected now.',
  pim_networks: 'Networks whose rates are remembered now.',
  pim_waiting_bytes: 'Bytes that wait for slow readers now.',
  pim_ready: '1 while new clients are taken.',
  pim_bus_up: '1 while other relays are reached over NATS.',
} as const;

export class Metrics {
  readonly #figures: Figures;
  readonly #version: string;
  #registry: Promise<Registry> | null = null;

  constructor(figures: Figures, version: string) {
    this.#figures = figures;
    this.#version = version;
  }

  /** Everything as text, with the process's own figures. */
  async scrape(): Promise<{ readonly type: string; readonly text: string }> {
    this.#registry ??= this.#register();
    const registry = await this.#registry;
    return { type: registry.contentType, text: await registry.metrics() };
  }

  async #register(): Promise<Registry> {
    const client = await import('prom-client');
    const registry = new client.Registry();
    client.collectDefaultMetrics({ register: registry });
    const figures = this.#figures;
    for (const [name, row] of Object.entries<CounterRow>(COUNTER_ROWS)) {
      new client.Counter({
        name,
        help: row.help,
        labelNames: [row.label],
        registers: [registry],
        collect() {
          this.reset();
          const counters = figures.counters();
          for (const [value, counter] of Object.entries(row.values)) {
            this.inc({ [row.label]: value }, counters[counter]);
          }
        },
      });
    }
    for (const [name, help] of Object.entries(GAUGES) as [keyof typeof GAUGES, string][]) {
      new client.Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(figures.gauges()[name]);
        },
      });
    }
    const info = { name: 'pim_info', help: 'The version.', labelNames: ['version'] };
    new client.Gauge({ ...info, registers: [registry] }).set({ version: this.#version }, 1);
    return registry;
  }
}
