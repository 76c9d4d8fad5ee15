/**
 * The path of all normal browsers: Web Crypto with Ed25519 and X25519 (W3C Web Cryptography Level 2,
 * Secure Curves), private keys non-extractable.
 */

import { type Bytes, concat, equal, fromBase64url, fromHex } from '../base/bytes.js';
import { toMontgomery } from '../protocol/point.js';
import { signingBytes } from '../protocol/signing.js';
import { damaged, noAgreement } from './faults.js';
import type { Ephemeral, Expansion, Keys, StoredKeys, Suite } from './suite.js';

/** PKCS#8 of RFC 8410 §7, version 1, up to the 32 key bytes: the one form all engines import. */
const PKCS8_ED25519 = fromHex('302e020100300506032b657004220420');
const PKCS8_X25519 = fromHex('302e020100300506032b656e04220420');

export class WebCryptoSuite implements Suite {
  readonly name = 'webcrypto';
  readonly #subtle: SubtleCrypto;

  constructor(subtle: SubtleCrypto) {
    this.#subtle = subtle;
  }

  async keysFromSeed(seed: Bytes): Promise<Keys> {
    if (seed.length !== 32) throw damaged('a seed has 32 bytes');
    const signPkcs8 = concat(PKCS8_ED25519, seed);
    const hash = await this.sha512(seed);
    const agreePkcs8 = concat(PKCS8_X25519, clamp(hash.subarray(0, 32)));
    const [readable, sign, agree] = await Promise.all([
      this.#subtle.importKey('pkcs8', signPkcs8, 'Ed25519', true, ['sign']),
      this.#subtle.importKey('pkcs8', signPkcs8, 'Ed25519', false, ['sign']),
      this.#subtle.importKey('pkcs8', agreePkcs8, 'X25519', false, ['deriveBits']),
    ]);
    const { x } = await this.#subtle.exportKey('jwk', readable);
    for (const secret of [signPkcs8, agreePkcs8, hash]) secret.fill(0);
    if (x === undefined) throw damaged('the platform did not give the public key');
    return this.#keys({ kind: 'platform', sign, agree }, fromBase64url(x));
  }

  async keysFromStore(stored: StoredKeys, publicKey: Bytes): Promise<Keys> {
    const keys =
      stored.kind === 'seed' ? await this.keysFromSeed(stored.seed) : this.#keys(stored, publicKey);
    if (!(await this.#belong(keys, publicKey))) throw damaged('its keys do not belong together');
    return keys;
  }

  /** Whether both private keys are of `publicKey`. */
  async #belong(keys: Keys, publicKey: Bytes): Promise<boolean> {
    // A signature over no body at all is none that any part of the protocol accepts.
    const nothing = new Uint8Array(0);
    try {
      const [probe, other] = await Promise.all([keys.sign('signal', nothing), this.ephemeral()]);
      return (
        equal(keys.publicKey, publicKey) &&
        (await this.verifyUnchecked(publicKey, signingBytes('signal', nothing), probe)) &&
        equal(await keys.agree(other.publicKey), await other.agree(keys.agreementKey))
      );
    } catch {
      // A key of another kind or for another use: the platform refuses to work with it.
      return false;
    }
  }

  async verifyUnchecked(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
    try {
      const key = await this.#subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
      return (await this.#subtle.verify('Ed25519', key, signature, message)) === true;
    } catch {
      return false;
    }
  }

  async ephemeral(): Promise<Ephemeral> {
    const pair = (await this.#subtle.generateKey('X25519', false, ['deriveBits'])) as CryptoKeyPair;
    const publicKey = new Uint8Array(await this.#subtle.exportKey('raw', pair.publicKey));
    return { publicKey, agree: (theirs) => this.#agree(pair.privateKey, theirs) };
  }

  async sha256(data: Bytes): Promise<Bytes> {
    return new Uint8Array(await this.#subtle.digest('SHA-256', data));
  }

  async sha512(data: Bytes): Promise<Bytes> {
    return new Uint8Array(await this.#subtle.digest('SHA-512', data));
  }

  async hmacSha256(key: Bytes, data: Bytes): Promise<Bytes> {
    const hmac = { name: 'HMAC', hash: 'SHA-256' };
    const imported = await this.#subtle.importKey('raw', key, hmac, false, ['sign']);
    return new Uint8Array(await this.#subtle.sign('HMAC', imported, data));
  }

  async hkdfSha256(salt: Bytes, ikm: Bytes, expansions: readonly Expansion[]): Promise<Bytes[]> {
    const key = await this.#subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits']);
    const outputs = expansions.map(async ({ info, length }) => {
      const algorithm = { name: 'HKDF', hash: 'SHA-256', salt, info };
      return new Uint8Array(await this.#subtle.deriveBits(algorithm, key, length * 8));
    });
    return Promise.all(outputs);
  }

  async encrypt(key: Bytes, nonce: Bytes, aad: Bytes, plaintext: Bytes): Promise<Bytes> {
    const imported = await this.#subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
    const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: aad };
    return new Uint8Array(await this.#subtle.encrypt(algorithm, imported, plaintext));
  }

  async decrypt(key: Bytes, nonce: Bytes, aad: Bytes, ciphertext: Bytes): Promise<Bytes | null> {
    const imported = await this.#subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
    const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: aad };
    try {
      return new Uint8Array(await this.#subtle.decrypt(algorithm, imported, ciphertext));
    } catch {
      return null;
    }
  }

  #keys(stored: StoredKeys & { kind: 'platform' }, publicKey: Bytes): Keys {
    return {
      publicKey,
      agreementKey: toMontgomery(publicKey),
      stored,
      sign: async (label, body) =>
        new Uint8Array(await this.#subtle.sign('Ed25519', stored.sign, signingBytes(label, body))),
      agree: (theirs) => this.#agree(stored.agree, theirs),
    };
  }

  async #agree(mine: CryptoKey, theirs: Bytes): Promise<Bytes> {
    try {
      const key = await this.#subtle.importKey('raw', theirs, 'X25519', false, []);
      const algorithm = { name: 'X25519', public: key };
      return new Uint8Array(await this.#subtle.deriveBits(algorithm, mine, 256));
    } catch (cause) {
      throw noAgreement(cause);
    }
  }
}

/** RFC 7748 §5: the bits of an X25519 private key that are fixed. */
export function clamp(scalar: Uint8Array): Bytes {
  const out = scalar.slice() as Bytes;
  out[0] = (out[0] as number) & 248;
  out[31] = ((out[31] as number) & 127) | 64;
  return out;
}
