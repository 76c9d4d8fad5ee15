/** The vectors the crypto contract runs on, gathered in Node so that they can be sent into a page. */

import { readFileSync } from 'node:fs';
import { pim, rfc8032, smallOrder, speccheck } from '../support/vectors.js';
import type { CryptoVectors } from './crypto.js';

function read<Shape>(name: string): Shape {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));
}

export const cryptoVectors: CryptoVectors = {
  pim,
  rfc8032,
  smallOrder,
  speccheck,
  rfc9180: read('rfc9180'),
  lowOrderShares: read<{ points: string[] }>('x25519-low-order').points,
};
