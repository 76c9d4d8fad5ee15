/**
 * The cryptography pim uses, as one interface with two paths: the platform's Web Crypto, and
 * node-forge where the platform lacks Ed25519 or X25519. One acceptance suite (test/contracts) holds
 * both to the same vectors.
 */

import type { Bytes } from '../base/bytes.js';
import type { SigningLabel } from '../protocol/signing.js';

/** The two private keys of an identity, as they may be stored. */
export type StoredKeys =
  /** Held by the platform, which gives the bytes to no script. */
  | { readonly kind: 'platform'; readonly sign: CryptoKey; readonly agree: CryptoKey }
  /** The 32-byte seed of RFC 8032 §5.1.5, where the platform holds no such keys. */
  | { readonly kind: 'seed'; readonly seed: Bytes };

export interface Keys {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Bytes;
  /** The same key for X25519, docs/protocol.md §5. */
  readonly agreementKey: Bytes;
  readonly stored: StoredKeys;
  /** Signs `"pim/1 " ‖ label ‖ 0x00 ‖ body`; there is no way to sign other bytes. */
  sign(label: SigningLabel, body: Uint8Array): Promise<Bytes>;
  /** X25519 with this identity's key. @throws crypto/failed on a key that yields zero */
  agree(theirs: Bytes): Promise<Bytes>;
}

export interface Ephemeral {
  readonly publicKey: Bytes;
  agree(theirs: Bytes): Promise<Bytes>;
}

/** One output of HKDF: at most 32 bytes of it are ever asked for. */
export interface Expansion {
  readonly info: Bytes;
  readonly length: number;
}

export interface Suite {
  readonly name: 'webcrypto' | 'portable';
  /** Keys of a 32-byte seed; a seed of another length is refused, never padded or cut. */
  keysFromSeed(seed: Bytes): Promise<Keys>;
  /** Keys as `Keys.stored` gave them. @throws identity/invalid where they are not of `publicKey` */
  keysFromStore(stored: StoredKeys, publicKey: Bytes): Promise<Keys>;
  /** The bare primitive; everything in pim goes through `verify` (verify.ts), never through this. */
  verifyUnchecked(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean>;
  ephemeral(): Promise<Ephemeral>;
  sha256(data: Bytes): Promise<Bytes>;
  sha512(data: Bytes): Promise<Bytes>;
  hmacSha256(key: Bytes, data: Bytes): Promise<Bytes>;
  /** RFC 5869: extracted once, then one output for each of `expansions`, of 1 to 32 bytes. */
  hkdfSha256(salt: Bytes, ikm: Bytes, expansions: readonly Expansion[]): Promise<Bytes[]>;
  /** AES-256-GCM (or 128, by the key's length), 12-byte nonce, 16-byte tag at the end. */
  encrypt(key: Bytes, nonce: Bytes, aad: Bytes, plaintext: Bytes): Promise<Bytes>;
  /** Null where the tag does not fit. */
  decrypt(key: Bytes, nonce: Bytes, aad: Bytes, ciphertext: Bytes): Promise<Bytes | null>;
}
