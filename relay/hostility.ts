/**
 * The one seam by which a relay becomes hostile, for tests and the demo: relay/evil fills it in. An
 * honest relay has none, loads none of it, and asks once a socket whether there is any.
 */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Tamper } from './forward.js';
import type { Login } from './login.js';
import type { Site } from './site.js';
import type { WireEvents } from './sockets.js';
import type { Wire } from './wire.js';

/** What a session asks of a login. */
export type Judge = Pick<Login, 'challenge' | 'judge'>;

/** Each part stands in for one of the relay's own; what is left out is honest. */
export interface Hostility {
  /** Decides what becomes of each envelope. */
  readonly tamper?: Tamper | undefined;
  /** Judges proofs of keys. */
  readonly login?: ((honest: Judge) => Judge) | undefined;
  /** Whether an upgrade at this path is taken, beside `/`. */
  readonly isPath?: ((path: string) => boolean) | undefined;
  /** Takes an upgrade request that was let in. Calling `admit` goes on as an honest relay does. */
  readonly upgrade?:
    | ((request: IncomingMessage, socket: Duplex, admit: () => void) => void)
    | undefined;
  /** Stands between a socket and its session. Not calling `begin` leaves the socket without one. */
  readonly attach?: ((wire: Wire, begin: (wire: Wire) => WireEvents) => WireEvents) | undefined;
  /** What is served, made from what would be. */
  readonly site?: ((site: Site) => Site | Promise<Site>) | undefined;
  /** Ends what it has begun; called when the relay closes. */
  readonly close?: (() => Promise<void>) | undefined;
}
