/** The two implementations that ship, made ready for the contract; the same in Node and in pages. */

import { type Bytes, concat, fromBase64url, fromHex } from '../../sdk/base/bytes.js';
import { PortableSuite } from '../../sdk/crypto/portable.js';
import { WebCryptoSuite } from '../../sdk/crypto/webcrypto.js';
import type { Implementation } from './crypto.js';

/** RFC 8410 §7: a PKCS#8 of X25519 up to its 32 bytes. */
const PKCS8_X25519 = fromHex('302e020100300506032b656e04220420');

export function webCrypto(subtle: SubtleCrypto): Implementation {
  const suite = new WebCryptoSuite(subtle);
  return {
    name: 'webcrypto',
    suite,
    ephemeral: async (secret) => {
      const pkcs8 = concat(PKCS8_X25519, secret);
      const mine = await subtle.importKey('pkcs8', pkcs8, 'X25519', true, ['deriveBits']);
      const { x = '' } = await subtle.exportKey('jwk', mine);
      const publicKey = fromBase64url(x);
      const fixed = Object.assign(Object.create(subtle), {
        generateKey: async () => ({ privateKey: mine, publicKey: mine }),
        exportKey: async () => publicKey.buffer,
        importKey: subtle.importKey.bind(subtle),
        deriveBits: subtle.deriveBits.bind(subtle),
      });
      return new WebCryptoSuite(fixed).ephemeral();
    },
  };
}

export function portable(random: (length: number) => Bytes): Implementation {
  return {
    name: 'portable',
    suite: new PortableSuite(random),
    ephemeral: (secret) => new PortableSuite(() => secret).ephemeral(),
  };
}
