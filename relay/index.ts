/** The relay as a library: `createRelay(options)`, and the types of what it takes and gives. */

export type { Clock } from './clock.js';
export type { NatsOptions } from './cluster/options.js';
export type { Envelope, Forwarded, Tamper } from './forward.js';
export type { Hostility } from './hostility.js';
export { DEFAULT_LIMITS, type RelayLimits } from './limits.js';
export {
  DEFAULT_PORT,
  type RelayLog,
  type RelayOptions,
  type RelaySeams,
  type TlsFiles,
} from './options.js';
export { createRelay } from './relay.js';
export type { Relay, RelayStats } from './relay-api.js';
export type { SiteFolders } from './site.js';
