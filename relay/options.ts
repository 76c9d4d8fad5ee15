/** What a relay is created with: every option, its unit and its default. Checked in config.ts. */

import type { Bytes } from '../sdk/base/bytes.js';
import type { Clock } from './clock.js';
import type { Tamper } from './forward.js';
import type { RelayLimits } from './limits.js';
import type { SiteFolders } from './site.js';

export const DEFAULT_PORT = 8787;

/** A line of the relay's log. Fields carry no keys, addresses or IPs. */
export type RelayLog = (
  level: 'info' | 'warn' | 'error',
  event: string,
  fields?: Readonly<Record<string, string | number>>,
) => void;

/** What tests replace. None of it can be set from the command line. */
export interface RelaySeams {
  clock?: Clock;
  /** Strong random bytes, for challenges. */
  random?: (length: number) => Bytes;
  /** Makes this a hostile relay: decides what becomes of each envelope. */
  tamper?: Tamper;
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
   * it was made for one of them. Default: `localhost`, `127.0.0.1` and `[::1]` at the real port.
   */
  origins?: readonly string[];
  /**
   * Origins of pages that may open a socket. Default: all. It keeps other people's pages away, not
   * programs: those send no Origin header, or any.
   */
  allowOrigins?: readonly string[];
  limits?: Partial<RelayLimits>;
  /** Folders to serve, or false for none. Default: the widget and the demo of this package. */
  files?: Partial<SiteFolders> | false;
  log?: RelayLog;
  seams?: RelaySeams;
}
