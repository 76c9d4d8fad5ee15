/**
 * The crypto contract on Web Crypto, on the portable path and on node:crypto, in Node.
 * @time-limit 90
 */

import { randomBytes, webcrypto } from 'node:crypto';
import { suite, test } from 'uvu';
import type { Bytes } from '../../sdk/base/bytes.js';
import { ephemeralOf, NodeSuite } from '../crypto/node-suite.js';
import {
  agreementContract,
  cryptoContract,
  everyBitOfAnEnvelope,
  type Implementation,
} from './crypto.js';
import { portable, webCrypto } from './crypto-implementations.js';
import { cryptoVectors } from './crypto-vectors.js';

const random = (length: number): Bytes => Uint8Array.from(randomBytes(length));

const implementations: Implementation[] = [
  webCrypto(webcrypto.subtle as unknown as SubtleCrypto),
  portable(random),
  {
    name: 'node:crypto',
    suite: new NodeSuite(),
    ephemeral: async (secret) => ephemeralOf(secret),
  },
];

for (const implementation of implementations) {
  const contract = suite(implementation.name);
  cryptoContract(contract, implementation, cryptoVectors);
  everyBitOfAnEnvelope(contract, implementation, cryptoVectors);
  contract.run();
}

agreementContract(test, implementations, cryptoVectors);
test.run();
