/**
 * The path where the platform has no Ed25519 or X25519, or (on insecure pages) no Web Crypto at all:
 * node-forge, and X25519 of @noble/curves, which forge lacks. A chunk of its own, 40 KB that normal
 * browsers never load. The only door to both packages.
 *
 * Traps of forge 1.4.3 closed here: seeds of a wrong length are accepted there (checked here);
 * 64-byte private keys sign with an unchecked public half (always the seed here); `forge.random`
 * falls back to Math.random (never used: seeds come from the platform); strings lose code points
 * above 255 (bytes only here); `verify` throws on wrong lengths (caught here).
 */

import { x25519 } from '@noble/curves/ed25519.js';
import cipher from 'node-forge/lib/cipher.js';
import ed25519 from 'node-forge/lib/ed25519.js';
import hmac from 'node-forge/lib/hmac.js';
import sha256 from 'node-forge/lib/sha256.js';
import sha512 from 'node-forge/lib/sha512.js';
import forgeBytes from 'node-forge/lib/util.js';
import 'node-forge/lib/aes.js';
import { type Bytes, concat, equal } from '../base/bytes.js';
import { toMontgomery } from '../protocol/point.js';
import { signingBytes } from '../protocol/signing.js';
import { damaged, noAgreement } from './faults.js';
import type { Ephemeral, Expansion, Keys, StoredKeys, Suite } from './suite.js';
import { clamp } from './webcrypto.js';

export class PortableSuite implements Suite {
  readonly name = 'portable';
  readonly #random: (length: number) => Bytes;

  /** @param random cryptographically strong bytes, from the platform */
  constructor(random: (length: number) => Bytes) {
    this.#random = random;
  }

  async keysFromSeed(seed: Bytes): Promise<Keys> {
    if (seed.length !== 32) throw damaged('a seed has 32 bytes');
    const own = seed.slice() as Bytes;
    const pair = ed25519.generateKeyPair({ seed: own });
    const publicKey = Uint8Array.from(pair.publicKey);
    const agreement = clamp((await this.sha512(own)).subarray(0, 32));
    return {
      publicKey,
      agreementKey: toMontgomery(publicKey),
      stored: { kind: 'seed', seed: own },
      sign: async (label, body) =>
        Uint8Array.from(ed25519.sign({ message: signingBytes(label, body), privateKey: own })),
      agree: async (theirs) => agree(agreement, theirs),
    };
  }

  async keysFromStore(stored: StoredKeys, publicKey: Bytes): Promise<Keys> {
    if (stored.kind !== 'seed')
      throw damaged('this browser cannot use the keys another one stored');
    const keys = await this.keysFromSeed(stored.seed);
    if (!equal(keys.publicKey, publicKey)) throw damaged('its keys do not belong together');
    return keys;
  }

  async verifyUnchecked(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
    try {
      return ed25519.verify({ message, signature, publicKey }) === true;
    } catch {
      return false;
    }
  }

  async ephemeral(): Promise<Ephemeral> {
    const secret = clamp(this.#random(32));
    const publicKey = x25519.getPublicKey(secret) as Bytes;
    return { publicKey, agree: async (theirs) => agree(secret, theirs) };
  }

  async sha256(data: Bytes): Promise<Bytes> {
    return fromBinary(sha256.create().update(toBinary(data)).digest().getBytes());
  }

  async sha512(data: Bytes): Promise<Bytes> {
    return fromBinary(sha512.create().update(toBinary(data)).digest().getBytes());
  }

  async hmacSha256(key: Bytes, data: Bytes): Promise<Bytes> {
    const mac = hmac.create();
    mac.start('sha256', toBinary(key));
    mac.update(toBinary(data));
    return fromBinary(mac.digest().getBytes());
  }

  async hkdfSha256(salt: Bytes, ikm: Bytes, expansions: readonly Expansion[]): Promise<Bytes[]> {
    const prk = await this.hmacSha256(salt, ikm);
    const outputs = expansions.map(async ({ info, length }) => {
      const block = await this.hmacSha256(prk, concat(info, Uint8Array.of(1)));
      return block.slice(0, length) as Bytes;
    });
    return Promise.all(outputs);
  }

  async encrypt(key: Bytes, nonce: Bytes, aad: Bytes, plaintext: Bytes): Promise<Bytes> {
    const gcm = cipher.createCipher('AES-GCM', toBinary(key));
    gcm.start({ iv: toBinary(nonce), additionalData: toBinary(aad), tagLength: 128 });
    gcm.update(forgeBytes.createBuffer(toBinary(plaintext)));
    gcm.finish();
    return fromBinary(gcm.output.getBytes() + gcm.mode.tag.getBytes());
  }

  async decrypt(key: Bytes, nonce: Bytes, aad: Bytes, ciphertext: Bytes): Promise<Bytes | null> {
    if (ciphertext.length < 16) return null;
    const tag = forgeBytes.createBuffer(toBinary(ciphertext.subarray(-16)));
    const gcm = cipher.createDecipher('AES-GCM', toBinary(key));
    gcm.start({ iv: toBinary(nonce), additionalData: toBinary(aad), tagLength: 128, tag });
    gcm.update(forgeBytes.createBuffer(toBinary(ciphertext.subarray(0, -16))));
    return gcm.finish() ? fromBinary(gcm.output.getBytes()) : null;
  }
}

function agree(secret: Bytes, theirs: Bytes): Bytes {
  try {
    return x25519.getSharedSecret(secret, theirs) as Bytes;
  } catch (cause) {
    throw noAgreement(cause);
  }
}

/** forge's buffers are strings of one byte a character. */
function toBinary(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function fromBinary(text: string): Bytes {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
