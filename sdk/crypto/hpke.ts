/**
 * HPKE, RFC 9180, base mode, one message: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-GCM.
 * Sections in the comments are RFC 9180's.
 */

import { type Bytes, concat, equal, utf8 } from '../base/bytes.js';
import type { Ephemeral, Expansion, Suite } from './suite.js';

/** §7.1: the KEM's identifier; §7.2: the KDF's. */
const KEM = 0x0020;
const KDF = 0x0001;
const EMPTY = new Uint8Array(0);
/** HMAC takes an empty key as zeros of the hash's size; Web Crypto refuses to import an empty one. */
const EMPTY_SALT = new Uint8Array(32);
const VERSION = utf8('HPKE-v1');

/** §7.3: identifier and key size. pim uses AES-256-GCM; the RFC's own vectors are for AES-128-GCM. */
export interface Aead {
  readonly id: number;
  readonly keyBytes: number;
}

export const AES_256_GCM: Aead = { id: 0x0002, keyBytes: 32 };

export interface Encapsulated {
  readonly encapsulated: Bytes;
  readonly ciphertext: Bytes;
}

/** The private side of a recipient. */
export interface Recipient {
  /** X25519, 32 bytes. */
  readonly agreementKey: Bytes;
  agree(theirs: Bytes): Promise<Bytes>;
}

/**
 * §6.1 SealBase.
 * @param to the recipient's X25519 key
 * @param ephemeral made by the suite; given only by tests against fixed values
 */
export async function hpkeSeal(
  suite: Suite,
  to: Bytes,
  context: { readonly info: Bytes; readonly aad: Bytes; readonly aead?: Aead },
  plaintext: Bytes,
  ephemeral?: Ephemeral,
): Promise<Encapsulated> {
  const own = ephemeral ?? (await suite.ephemeral());
  const shared = await sharedSecret(suite, await own.agree(to), own.publicKey, to);
  const { key, nonce } = await keySchedule(suite, shared, context.info, context.aead);
  const ciphertext = await suite.encrypt(key, nonce, context.aad, plaintext);
  return { encapsulated: own.publicKey, ciphertext };
}

/** §6.1 OpenBase. Null where the message was not sealed to this recipient, or was altered. */
export async function hpkeOpen(
  suite: Suite,
  recipient: Recipient,
  context: { readonly info: Bytes; readonly aad: Bytes; readonly aead?: Aead },
  message: Encapsulated,
): Promise<Bytes | null> {
  const agreed = await recipient.agree(message.encapsulated);
  const shared = await sharedSecret(suite, agreed, message.encapsulated, recipient.agreementKey);
  const { key, nonce } = await keySchedule(suite, shared, context.info, context.aead);
  return suite.decrypt(key, nonce, context.aad, message.ciphertext);
}

/** §4.1 ExtractAndExpand. */
async function sharedSecret(
  suite: Suite,
  agreed: Bytes,
  encapsulated: Bytes,
  recipient: Bytes,
): Promise<Bytes> {
  const id = concat(utf8('KEM'), u16(KEM));
  const info = expandInfo(id, 'shared_secret', concat(encapsulated, recipient), 32);
  const [secret] = await suite.hkdfSha256(EMPTY_SALT, labeled(id, 'eae_prk', agreed), [info]);
  return secret as Bytes;
}

/** §5.1 KeySchedule in base mode: no pre-shared key. */
async function keySchedule(
  suite: Suite,
  shared: Bytes,
  info: Bytes,
  aead: Aead = AES_256_GCM,
): Promise<{ key: Bytes; nonce: Bytes }> {
  const id = concat(utf8('HPKE'), u16(KEM), u16(KDF), u16(aead.id));
  const context = await scheduleContext(suite, id, info);
  const [key, nonce] = await suite.hkdfSha256(shared, labeled(id, 'secret', EMPTY), [
    expandInfo(id, 'key', context, aead.keyBytes),
    expandInfo(id, 'base_nonce', context, 12),
  ]);
  return { key: key as Bytes, nonce: nonce as Bytes };
}

/** The last one made: it depends on constants only, and pim has one set of them. */
let lastContext: { readonly id: Bytes; readonly info: Bytes; readonly context: Bytes } | null =
  null;

/** §5.1: mode ‖ psk_id_hash ‖ info_hash. */
async function scheduleContext(suite: Suite, id: Bytes, info: Bytes): Promise<Bytes> {
  if (lastContext !== null && equal(lastContext.id, id) && equal(lastContext.info, info)) {
    return lastContext.context;
  }
  const [pskIdHash, infoHash] = await Promise.all([
    suite.hmacSha256(EMPTY_SALT, labeled(id, 'psk_id_hash', EMPTY)),
    suite.hmacSha256(EMPTY_SALT, labeled(id, 'info_hash', info)),
  ]);
  const context = concat(Uint8Array.of(0), pskIdHash, infoHash);
  lastContext = { id, info, context };
  return context;
}

/** §4: what LabeledExtract extracts from. */
function labeled(id: Bytes, label: string, ikm: Bytes): Bytes {
  return concat(VERSION, id, utf8(label), ikm);
}

/** §4: what LabeledExpand expands with, and to how many bytes. */
function expandInfo(id: Bytes, label: string, info: Bytes, length: number): Expansion {
  return { info: concat(u16(length), VERSION, id, utf8(label), info), length };
}

function u16(value: number): Bytes {
  return Uint8Array.of(value >> 8, value & 255);
}
