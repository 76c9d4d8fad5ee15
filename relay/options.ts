/** What a relay is created with: every option, its unit and its default. Checked in config.ts. */

import type { Server } from 'node:http';
import type { Bytes } from '../sdk/base/bytes.js';
import type { Clock } from './clock.js';
import type { NatsOptions } from './cluster/options.js';
import type { Hostility } from './hostility.js';
import type { RelayLimits } from './limits.js';
import type { SiteFolders } from './site.js';

export const DEFAULT_PORT = 8787;

/**
 * A line of the relay's log. Fields carry no keys, addresses or IPs, unless `logIps` or
 * `logAddresses` ask for them. `debug` is one line for each login, refusal and end.
 */
export type RelayLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  event: string,
  fields?: Readonly<Record<string, string | number>>,
) => void;

/** What tests replace. None of it can be set from the command line. */
export interface RelaySeams {
  clock?: Clock;
  /** Strong random bytes, for challenges. */
  random?: (length: number) => Bytes;
  /** Makes this a hostile relay, in each part that is given. */
  hostility?: Hostility;
  /** Bytes of the process. Default: process.memoryUsage.rss. */
  rss?: () => number;
}

/** PEM texts. */
export interface TlsFiles {
  /** The certificate and those between it and its root. */
  cert: string;
  key: string;
}

export interface RelayOptions {
  /** TCP port; 0 takes a free one. Default 8787. */
  port?: number;
  /**
   * Name or IP address to listen at. Default: this machine alone without `origins`, since nobody
   * else could log in, and every interface with them.
   */
  host?: string;
  /**
   * Public origins of this relay, such as `wss://relay.example`, at most 8: a login counts only when
   * it was made for one of them. A function is asked once the port is known. Default: `localhost`,
   * `127.0.0.1` and `[::1]` at the real port.
   */
  origins?: readonly string[] | ((port: number) => readonly string[]);
  /**
   * Origins of pages that may open a socket. Default: all. It keeps other people's pages away, not
   * programs: those send no Origin header, or any.
   */
  allowOrigins?: readonly string[];
  /** Path of the WebSocket. Default `/`. */
  path?: string;
  /**
   * Somebody else's HTTP server to be a part of, at `path`; its other upgrades and all its requests
   * stay its own. Then there is no `port`, `host`, `tls`, `files` or `metrics`.
   */
  server?: Server;
  /** Ends TLS here instead of in front of the relay. */
  tls?: TlsFiles;
  /**
   * Reverse proxies whose X-Forwarded-For is believed: how many there are in a row, or their IPs and
   * CIDR ranges; `loopback` and `private` stand for the usual ones. Default: none.
   */
  trustProxy?: number | readonly string[];
  /**
   * Answers `/metrics` beside the pages, to everybody. Default: only where nobody but this machine
   * can reach the relay.
   */
  metrics?: boolean;
  /** A port of its own for `/metrics`, `/healthz` and `/readyz`, at `metricsHost`; 0 takes a free one. */
  metricsPort?: number;
  /** Default `127.0.0.1`. */
  metricsHost?: string;
  /** Makes all relays on the same NATS one relay: docs/scaling.md. */
  nats?: NatsOptions;
  /**
   * TURN servers that clients are offered, at most 3, such as `turn:turn.example`. They know the same
   * `turnSecret` (coturn's `static-auth-secret`), and each client gets a login of its own for
   * `turnLifetimeS` seconds (60 to 86,400; default 3,600), and a new one in time.
   */
  turnUrls?: readonly string[];
  turnSecret?: string;
  turnLifetimeS?: number;
  limits?: Partial<RelayLimits>;
  /** Folders to serve, or false for none. Default: the widget and the demo of this package. */
  files?: Partial<SiteFolders> | false;
  log?: RelayLog;
  /** Names networks in lines of level `debug`: IPv4 addresses, IPv6 /64. Default false. */
  logIps?: boolean;
  /** Names people's addresses in lines of level `debug`. Default false. */
  logAddresses?: boolean;
  seams?: RelaySeams;
}
