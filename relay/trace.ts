/**
 * What happens to single connections, for the log at level `debug`. IPs and addresses are written
 * only where the operator asked for them; without them a line says no more than that it happened.
 */

import { encodeAddress } from '../sdk/protocol/address.js';
import type { Place } from './admission.js';
import { keyOf } from './envelope.js';
import type { RelayLog } from './options.js';

/** @param key name of the key (see envelope.ts), or null */
export type Trace = (event: string, place: Place, key: string | null, reason?: string) => void;

export interface TraceOptions {
  readonly log: RelayLog;
  readonly logIps: boolean;
  readonly logAddresses: boolean;
}

export function traceTo({ log, logAddresses, logIps }: TraceOptions): Trace {
  return (event, { network }, key, reason) => {
    log('debug', event, {
      ...(reason === undefined ? {} : { reason }),
      ...(logIps && network !== null ? { network: network.name } : {}),
      ...(logAddresses && key !== null ? { address: encodeAddress(keyOf(key)) } : {}),
    });
  };
}
