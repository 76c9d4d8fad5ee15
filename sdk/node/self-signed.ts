/**
 * A certificate for trying things out in one's own network: browsers warn about it once, and give
 * the page a secure context then. The second door to node-forge, for its X.509: what browsers load
 * (sdk/crypto/portable.ts) must not grow by it. Loaded only where it is asked for.
 */

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import pki from 'node-forge/lib/pki.js';
import sha256 from 'node-forge/lib/sha256.js';

/** Days. Longer than a trial, shorter than the 398 that browsers allow. */
const LIFE_DAYS = 30;
/** RSA, because forge makes no certificates for other keys; forge's own prime search takes seconds. */
const KEY_BITS = 2_048;
/** RFC 5280 §4.2.1.6: GeneralName dNSName and iPAddress. */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

export interface SelfSigned {
  readonly cert: string;
  readonly key: string;
}

/** @param names host names and IP addresses it is for */
export function selfSigned(names: readonly string[], now: Date): SelfSigned {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: KEY_BITS });
  const key = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const signer = pki.privateKeyFromPem(key);
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.setRsaPublicKey(signer.n, signer.e);
  // RFC 5280 §4.1.2.2: positive, so the first bit is 0; at most 20 octets.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date(now.getTime() - 3_600_000);
  certificate.validity.notAfter = new Date(now.getTime() + LIFE_DAYS * 86_400_000);
  const subject = [{ name: 'commonName', value: 'pim relay, self-signed' }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: names.map(altName) },
  ]);
  certificate.sign(signer, sha256.create());
  return { cert: pki.certificateToPem(certificate), key };
}

function altName(name: string): { type: number; value?: string; ip?: string } {
  return isIP(name) === 0 ? { type: DNS_NAME, value: name } : { type: IP_ADDRESS, ip: name };
}
