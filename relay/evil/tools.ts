/** What attacks need of their machine; tests bring a clock that can be hurried. */

import { randomBytes } from 'node:crypto';
import type { Bytes } from '../../sdk/base/bytes.js';
import { WebCryptoSuite } from '../../sdk/crypto/webcrypto.js';

export interface Tools {
  readonly setTimer: (run: () => void, ms: number) => unknown;
  readonly random: (length: number) => Bytes;
}

/** Its timers keep no process alive. */
export const systemTools: Tools = {
  setTimer: (run, ms) => setTimeout(run, ms).unref(),
  random: (length) => new Uint8Array(randomBytes(length)),
};

/** For what a hostile relay seals and signs itself. */
export const suite = new WebCryptoSuite(crypto.subtle);

/** A number below `limit`, not quite evenly: good enough to aim with. */
export function below(limit: number, random: Tools['random']): number {
  const [a = 0, b = 0, c = 0] = random(3);
  return ((a << 16) | (b << 8) | c) % limit;
}
