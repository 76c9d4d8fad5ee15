/**
 * What a session is made of and which states it goes through.
 */

import type { Bytes } from '../base/bytes.js';
import type { PimError } from '../base/errors.js';
import type { Logger, Platform } from '../base/platform.js';
import type { Table } from '../base/state.js';
import type { Identity } from '../crypto/identity.js';
import type { Suite } from '../crypto/suite.js';
import type { Role, SessionNames } from '../protocol/confirm.js';
import type { Channel } from './channel.js';
import type { Nonces } from './handshake.js';
import type { Signaling } from './signaling.js';

export type SessionState = 'new' | 'describing' | 'connecting' | 'confirming' | 'secure' | 'closed';
export type SessionEvent = 'begin' | 'described' | 'opened' | 'confirmed' | 'end';

/** The states of a session; ARCHITECTURE.md draws this table. */
export const SESSION: Table<SessionState, SessionEvent> = {
  new: { begin: 'describing', end: 'closed' },
  describing: { described: 'connecting', end: 'closed' },
  connecting: { opened: 'confirming', end: 'closed' },
  confirming: { confirmed: 'secure', end: 'closed' },
  secure: { end: 'closed' },
  closed: {},
};

export interface SessionHost {
  readonly identity: Identity;
  readonly suite: Suite;
  readonly platform: Platform;
  readonly logger: Logger;
  readonly signaling: Signaling;
  /** ICE servers and policy of the connection to be made. */
  rtcConfig(): Promise<RTCConfiguration>;
}

export interface SessionEnds {
  readonly role: Role;
  readonly names: SessionNames;
  /** The session id both sides computed. */
  readonly id: Bytes;
  readonly nonces: Nonces;
  readonly theirKey: Bytes;
  readonly theirDevice: Bytes;
}

export interface SessionEvents {
  /** The channel is confirmed: from here on the other end is the owner of its address. */
  onSecure(channel: Channel): void;
  onState(state: SessionState): void;
  /** Once. `wasGoodbye` where the other end left on purpose. */
  onEnd(reason: PimError, wasGoodbye: boolean): void;
}
