/**
 * An identity's key as encrypted PKCS#8 (RFC 5958, RFC 8410 §7) in PEM, which `openssl pkey` reads:
 * PBES2 of RFC 8018 with PBKDF2-HMAC-SHA256 and AES-256-CBC. node-forge writes and reads the ASN.1;
 * the arithmetic is Web Crypto's, because 600,000 turns in a script would stop the page for seconds.
 */

import asn1 from 'node-forge/lib/asn1.js';
import pem from 'node-forge/lib/pem.js';
import { type Bytes, concat, equal, fromHex, utf8 } from '../base/bytes.js';
import type { Platform } from '../base/platform.js';
import {
  BACKUP_ITERATIONS,
  MAX_BACKUP_ITERATIONS,
  MIN_BACKUP_ITERATIONS,
} from '../protocol/limits.js';
import { unreadable, wrongPassphrase } from './faults.js';

type Node = ReturnType<typeof asn1.fromDer>;

const LABEL = 'ENCRYPTED PRIVATE KEY';
/** PrivateKeyInfo of RFC 8410 §7, version 1, up to the 32 bytes of the seed. */
const PKCS8 = fromHex('302e020100300506032b657004220420');
/** RFC 8018 appendix C, NIST CSOR. */
const NAME = {
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  hmacSha256: '1.2.840.113549.2.9',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
} as const;
/** A PEM of ours has 400; a longer one is none, and costs no parsing. */
const MAX_PEM_CHARS = 4_096;

const { OID, OCTETSTRING, INTEGER, NULL, SEQUENCE } = asn1.Type;
const leaf = (type: number, value: string) => asn1.create(asn1.Class.UNIVERSAL, type, false, value);
const sequence = (...parts: Node[]) => asn1.create(asn1.Class.UNIVERSAL, SEQUENCE, true, parts);
const oid = (name: string) => leaf(OID, asn1.oidToDer(name).getBytes());
const octets = (bytes: Uint8Array) => leaf(OCTETSTRING, String.fromCharCode(...bytes));
const integer = (value: number) => leaf(INTEGER, asn1.integerToDer(value).getBytes());

export async function pemOf(
  { subtle, random }: { readonly subtle: SubtleCrypto; readonly random: Platform['random'] },
  passphrase: string,
  seed: Bytes,
): Promise<string> {
  const [salt, iv] = [random(16), random(16)];
  const key = await derive(subtle, passphrase, salt, BACKUP_ITERATIONS, 'encrypt');
  const plain = concat(PKCS8, seed);
  const sealed = await subtle.encrypt({ name: 'AES-CBC', iv }, key, plain);
  plain.fill(0);
  const prf = sequence(oid(NAME.hmacSha256), leaf(NULL, ''));
  const kdf = sequence(oid(NAME.pbkdf2), sequence(octets(salt), integer(BACKUP_ITERATIONS), prf));
  const scheme = sequence(oid(NAME.aes256Cbc), octets(iv));
  const algorithm = sequence(oid(NAME.pbes2), sequence(kdf, scheme));
  const whole = sequence(algorithm, octets(new Uint8Array(sealed)));
  const body = asn1.toDer(whole).getBytes();
  return pem.encode({ type: LABEL, body }, { maxline: 64 }).replaceAll('\r\n', '\n');
}

/** @throws backup/invalid, backup/passphrase */
export async function seedOfPem(
  subtle: SubtleCrypto,
  passphrase: string,
  text: string,
): Promise<Bytes> {
  const { salt, iterations, iv, sealed } = parse(text);
  const key = await derive(subtle, passphrase, salt, iterations, 'decrypt');
  let plain: Bytes;
  try {
    plain = new Uint8Array(await subtle.decrypt({ name: 'AES-CBC', iv }, key, sealed));
  } catch (cause) {
    throw wrongPassphrase(cause);
  }
  // CBC says nothing about a wrong key: one in 256 leaves a padding that looks right.
  const isKey = plain.length === PKCS8.length + 32 && equal(plain.slice(0, PKCS8.length), PKCS8);
  if (!isKey) throw wrongPassphrase();
  return plain.slice(PKCS8.length) as Bytes;
}

function parse(text: string): { salt: Bytes; iterations: number; iv: Bytes; sealed: Bytes } {
  if (text.length > MAX_PEM_CHARS) throw unreadable('it is too long for a key');
  try {
    const [message] = pem.decode(text);
    if (message?.type !== LABEL) throw new TypeError(`it is no ${LABEL}`);
    const [algorithm, sealed] = parts(asn1.fromDer(message.body), 2);
    const [pbes2, parameters] = parts(algorithm, 2);
    const [kdf, scheme] = parts(parameters, 2);
    const [pbkdf2, turns] = parts(kdf, 2);
    const [salt, count, prf] = parts(turns, 3);
    const [cipher, iv] = parts(scheme, 2);
    const names = [pbes2, pbkdf2, parts(prf, 2)[0], cipher].map((node) =>
      asn1.derToOid(value(node, OID)),
    );
    const ours: readonly string[] = [NAME.pbes2, NAME.pbkdf2, NAME.hmacSha256, NAME.aes256Cbc];
    if (names.some((name, i) => name !== ours[i])) throw new TypeError('it is locked another way');
    const iterations = number(value(count, INTEGER));
    if (iterations < MIN_BACKUP_ITERATIONS || iterations > MAX_BACKUP_ITERATIONS) {
      throw new TypeError('an impossible count of iterations');
    }
    const bytes = [salt, iv, sealed].map((node) => binary(value(node, OCTETSTRING)));
    const [saltBytes, ivBytes, sealedBytes] = bytes as [Bytes, Bytes, Bytes];
    if (ivBytes.length !== 16 || saltBytes.length < 8) throw new TypeError('a length is wrong');
    return { iterations, salt: saltBytes, iv: ivBytes, sealed: sealedBytes };
  } catch (cause) {
    throw unreadable(cause instanceof TypeError ? cause.message : 'it cannot be parsed', cause);
  }
}

function parts(node: Node | undefined, count: number): Node[] {
  if (node?.type !== SEQUENCE || typeof node.value === 'string' || node.value.length !== count) {
    throw new TypeError('another structure');
  }
  return node.value;
}

function value(node: Node | undefined, type: number): string {
  if (node?.type !== type || typeof node.value !== 'string')
    throw new TypeError('another structure');
  return node.value;
}

/** A positive INTEGER of at most four bytes. */
function number(der: string): number {
  if (der.length > 4 || der.charCodeAt(0) > 127) throw new TypeError('a number is out of range');
  return [...der].reduce((sum, byte) => sum * 256 + byte.charCodeAt(0), 0);
}

function binary(text: string): Bytes {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

async function derive(
  subtle: SubtleCrypto,
  passphrase: string,
  salt: Bytes,
  iterations: number,
  use: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  const base = await subtle.importKey('raw', utf8(passphrase), 'PBKDF2', false, ['deriveKey']);
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  return subtle.deriveKey(algorithm, base, { name: 'AES-CBC', length: 256 }, false, [use]);
}
