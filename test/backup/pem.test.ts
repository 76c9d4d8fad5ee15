/** The key as encrypted PKCS#8: read by OpenSSL, read from OpenSSL, and everything that is none. */

import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pemOf, seedOfPem } from '../../sdk/backup/pem.js';
import { type Bytes, toHex } from '../../sdk/base/bytes.js';
import { refusal } from '../contracts/storage.js';

const subtle = webcrypto.subtle as unknown as SubtleCrypto;
const host = { subtle, random: (length: number) => new Uint8Array(randomBytes(length)) as Bytes };
const seed = new Uint8Array(32).fill(9) as Bytes;
const made = await pemOf(host, 'correct', seed);

/** `openssl pkcs8 -topk8 -v2 aes256 -v2prf hmacWithSHA256 -iter 100000 -passout pass:correct`, 3.0. */
const BY_OPENSSL = `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGcMFgGCSqGSIb3DQEFDTBLMCoGCSqGSIb3DQEFDDAdBAiWaB/ZnFGG2wIDAYag
MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBD2sJN9jcQcb9puLQ5lScuTBECR
O4m/xgOLBBC5dLH19MmoOWes3RCX4I59bFg3sQ0D7w5HNG6fYVB6Yy/OSY2DJ4zy
Zl89j6uysN1+0VoUme8c
-----END ENCRYPTED PRIVATE KEY-----
`;

test('OpenSSL reads it with the passphrase, and finds the seed', () => {
  assert.match(made, /^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
  const key = createPrivateKey({ key: made, passphrase: 'correct' });
  assert.is(key.asymmetricKeyType, 'ed25519');
  const der = key.export({ format: 'der', type: 'pkcs8' });
  assert.is(der.subarray(-32).toString('hex'), toHex(seed));
  assert.throws(() => createPrivateKey({ key: made, passphrase: 'wrong' }));
});

test('reads what OpenSSL wrote, and its own', async () => {
  assert.equal(await seedOfPem(subtle, 'correct', BY_OPENSSL), seed);
  assert.equal(await seedOfPem(subtle, 'correct', made), seed);
  assert.equal(await seedOfPem(subtle, 'correct', `Bag Attributes\n${made}`), seed);
});

test('another passphrase opens nothing, whatever it leaves behind', async () => {
  // A wrong key leaves a padding that looks right once in 256 times.
  for (let i = 0; i < 40; i++) {
    await refusal(seedOfPem(subtle, `wrong ${i}`, BY_OPENSSL), 'backup/passphrase');
  }
});

test('what is no such key is refused before any passphrase is tried', async () => {
  const none = null as never;
  const body = made.split('\n').slice(1, -2).join('');
  const der = Buffer.from(body, 'base64');
  const pem = (bytes: Uint8Array, label = 'ENCRYPTED PRIVATE KEY') =>
    `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${label}-----\n`;
  const iterations = der.indexOf(Buffer.from('0203', 'hex'), 40);
  assert.ok(iterations > 0);
  const counted = (bytes: number[]) => {
    const copy = Buffer.from(der);
    copy.set(bytes, iterations + 2);
    return pem(copy);
  };
  const wrong: Record<string, string> = {
    nothing: '',
    words: 'abandon abandon',
    'another label': pem(der, 'PRIVATE KEY'),
    'cut short': pem(der.subarray(0, -1)),
    'trailing bytes': pem(Buffer.concat([der, Buffer.of(0)])),
    'no ASN.1': pem(Buffer.alloc(100, 0xff)),
    'one turn': counted([0, 0, 1]),
    'a negative count': counted([0xff, 0xff, 0xff]),
    'too long': `${made}${' '.repeat(5_000)}`,
    // PBKDF2 with HMAC-SHA512: the last byte of the PRF's name.
    'another hash': pem(
      Buffer.from(der.toString('hex').replace('2a864886f70d0209', '2a864886f70d020b'), 'hex'),
    ),
  };
  for (const [what, text] of Object.entries(wrong)) {
    const fault = await refusal(seedOfPem(none, 'x', text), 'backup/invalid');
    assert.ok(fault.detail.reason.length > 0, what);
  }
});

test('ASN.1 nested a thousand deep neither hangs nor overflows', async () => {
  const deep = Buffer.concat([Buffer.alloc(2_000, Buffer.of(0x30, 0x80)), Buffer.alloc(100)]);
  const text = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${deep.toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
  await refusal(seedOfPem(null as never, 'x', text), 'backup/invalid');
});

test.run();
