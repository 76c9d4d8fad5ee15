/**
 * The Suite of sdk/crypto once more, on node:crypto: a third opinion for the acceptance suite, and
 * the cryptography of tests that count every step, because nothing in it waits for a thread.
 */

import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { type Bytes, concat, equal, fromHex } from '../../sdk/base/bytes.js';
import { PimError } from '../../sdk/base/errors.js';
import type { Ephemeral, Expansion, Keys, StoredKeys, Suite } from '../../sdk/crypto/suite.js';
import { signingBytes } from '../../sdk/protocol/signing.js';

/** RFC 8410 §7 and §4: all of a key but its 32 bytes. */
const PRIVATE = {
  Ed25519: '302e020100300506032b657004220420',
  X25519: '302e020100300506032b656e04220420',
};
const PUBLIC = { Ed25519: '302a300506032b6570032100', X25519: '302a300506032b656e032100' };
type Curve = keyof typeof PUBLIC;

const TAG_BYTES = 16;

export class NodeSuite implements Suite {
  readonly name = 'portable';

  async keysFromSeed(seed: Bytes): Promise<Keys> {
    if (seed.length !== 32) throw invalid('a seed has 32 bytes');
    const own = seed.slice() as Bytes;
    const signing = privateKey('Ed25519', own);
    const agreement = ephemeralOf((await this.sha512(own)).slice(0, 32) as Bytes);
    return {
      publicKey: rawPublic(signing),
      agreementKey: agreement.publicKey,
      stored: { kind: 'seed', seed: own },
      sign: async (label, body) => plain(sign(null, signingBytes(label, body), signing)),
      agree: agreement.agree,
    };
  }

  async keysFromStore(stored: StoredKeys, publicKey: Bytes): Promise<Keys> {
    if (stored.kind !== 'seed') throw invalid('keys of a browser');
    const keys = await this.keysFromSeed(stored.seed);
    if (!equal(keys.publicKey, publicKey)) throw invalid('its keys do not belong together');
    return keys;
  }

  async verifyUnchecked(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
    try {
      return verify(null, message, publicKey('Ed25519', key), signature);
    } catch {
      return false;
    }
  }

  async ephemeral(): Promise<Ephemeral> {
    return ephemeralOf(plain(randomBytes(32)));
  }

  async sha256(data: Bytes): Promise<Bytes> {
    return plain(createHash('sha256').update(data).digest());
  }

  async sha512(data: Bytes): Promise<Bytes> {
    return plain(createHash('sha512').update(data).digest());
  }

  async hmacSha256(key: Bytes, data: Bytes): Promise<Bytes> {
    return plain(createHmac('sha256', key).update(data).digest());
  }

  async hkdfSha256(salt: Bytes, ikm: Bytes, expansions: readonly Expansion[]): Promise<Bytes[]> {
    return expansions.map(
      ({ info, length }) => new Uint8Array(hkdfSync('sha256', ikm, salt, info, length)),
    );
  }

  async encrypt(key: Bytes, nonce: Bytes, aad: Bytes, plaintext: Bytes): Promise<Bytes> {
    const cipher = createCipheriv(key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce);
    cipher.setAAD(aad);
    return concat(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
  }

  async decrypt(key: Bytes, nonce: Bytes, aad: Bytes, ciphertext: Bytes): Promise<Bytes | null> {
    if (ciphertext.length < TAG_BYTES) return null;
    const cipher = createDecipheriv(key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce);
    cipher.setAAD(aad);
    cipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
    try {
      return concat(cipher.update(ciphertext.subarray(0, -TAG_BYTES)), cipher.final());
    } catch {
      return null;
    }
  }
}

/** The X25519 key of a known secret, which need not be clamped. */
export function ephemeralOf(secret: Bytes): Ephemeral {
  const mine = privateKey('X25519', secret);
  return {
    publicKey: rawPublic(mine),
    agree: async (theirs) => {
      try {
        const options = { privateKey: mine, publicKey: publicKey('X25519', theirs) };
        return plain(diffieHellman(options));
      } catch (cause) {
        throw new PimError(
          'crypto/failed',
          'A key agreement failed.',
          { operation: 'agree' },
          cause,
        );
      }
    },
  };
}

function privateKey(curve: Curve, bytes: Bytes): KeyObject {
  const key = Buffer.from(concat(fromHex(PRIVATE[curve]), bytes));
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

function publicKey(curve: Curve, bytes: Bytes): KeyObject {
  if (bytes.length !== 32) throw new RangeError('a key has 32 bytes');
  const key = Buffer.from(concat(fromHex(PUBLIC[curve]), bytes));
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

function rawPublic(key: KeyObject): Bytes {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return plain(spki.subarray(-32));
}

/** Out of node's shared pool, as browsers give bytes. */
function plain(bytes: Uint8Array): Bytes {
  return Uint8Array.from(bytes) as Bytes;
}

function invalid(reason: string): PimError<'identity/invalid'> {
  return new PimError('identity/invalid', `The stored identity is damaged: ${reason}.`, { reason });
}
