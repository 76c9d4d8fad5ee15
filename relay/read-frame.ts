/** Frames from outside: what cannot be read is null here, because a client's mistake is no fault. */

import { isPimError } from '../sdk/base/errors.js';
import { decodeRelayFrame, type RelayFrame } from '../sdk/protocol/relay-frames.js';

export function readFrame(bytes: Uint8Array): RelayFrame | null {
  try {
    return decodeRelayFrame(bytes);
  } catch (fault) {
    if (isPimError(fault, 'frame/invalid')) return null;
    throw fault;
  }
}
