/** What `createRelay` gives: a relay, to start, to watch and to end. */

import type { CounterName } from './counters.js';
import type { TlsFiles } from './options.js';

/** Counters since the start, what is open now, and `bus`: 1 while other relays are reached. */
export type RelayStats = Readonly<Record<CounterName | 'sockets' | 'keys' | 'bus', number>>;

export interface Relay {
  /**
   * Reads the files to serve and begins to listen; with `server`, begins to take upgrades of it.
   * @throws options/invalid where the port is taken or may not be used, or the host is not of this
   * machine; what node:fs throws where a file cannot be read
   */
  listen(): Promise<void>;
  /**
   * Tells every client to move, over `drainMs` where they are many, and ends, within `withinMs`
   * (default `drainMs` and 3 s). Never rejects.
   */
  close(options?: { withinMs?: number }): Promise<void>;
  /** It listens, and takes new clients: true between `listen` and `close`. */
  readonly isReady: boolean;
  /** The port it listens on. @throws RangeError before `listen` */
  readonly port: number;
  /** Of `metricsPort`; null without one, and before `listen`. */
  readonly metricsPort: number | null;
  /** `ws://…` of this machine, for clients on it. @throws RangeError before `listen` */
  readonly url: string;
  stats(): RelayStats;
  /** Figures in the text format of Prometheus, as `/metrics` gives them. */
  metrics(): Promise<string>;
  /** Another certificate, for connections from now on. @throws options/invalid */
  renewTls(tls: TlsFiles): void;
}
