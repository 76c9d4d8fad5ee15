/**
 * The acceptance suite of sdk/crypto/suite.ts: what every implementation must compute and refuse.
 * Run on Web Crypto, on the portable path and on node:crypto in Node, and on the first two inside
 * real Chromium and Firefox. `agreementContract` then holds all of one place against each other.
 */

import * as assert from 'uvu/assert';
import { type Bytes, concat, fromHex, toHex, utf8 } from '../../sdk/base/bytes.js';
import { hpkeOpen, hpkeSeal } from '../../sdk/crypto/hpke.js';
import { safetyNumber } from '../../sdk/crypto/safety-number.js';
import { open, seal } from '../../sdk/crypto/seal.js';
import { isStrictSignature } from '../../sdk/crypto/strict.js';
import type { Ephemeral, Keys, Suite } from '../../sdk/crypto/suite.js';
import { verify } from '../../sdk/crypto/verify.js';
import { unpadSignal } from '../../sdk/protocol/envelope.js';
import type { Test } from '../support/suite.js';
import type * as files from '../support/vectors.js';
import { entryTagTests } from './entry-tags.js';
import { refusal } from './storage.js';

export interface CryptoVectors {
  readonly pim: files.PimVectors;
  readonly rfc8032: typeof files.rfc8032;
  readonly smallOrder: readonly string[];
  readonly speccheck: typeof files.speccheck;
  readonly rfc9180: Readonly<
    Record<'info' | 'skEm' | 'enc' | 'skRm' | 'pkRm' | 'aad' | 'pt' | 'ct', string>
  > & { readonly aead: { readonly id: number; readonly keyBytes: number } };
  readonly lowOrderShares: readonly string[];
}

/** One way to do the cryptography. */
export interface Implementation {
  readonly name: string;
  readonly suite: Suite;
  /** The X25519 key of a known secret: what `suite.ephemeral` makes of fresh ones. */
  ephemeral(secret: Bytes): Promise<Ephemeral>;
}

/** The order of the base point, RFC 8032 §5.1. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const WRONG_SEED_LENGTHS = [0, 31, 33, 40, 64];
/** What pim-strict and a cofactorless verifier say of ed25519-speccheck: V accepts, x refuses. */
const SPECCHECK_VERDICTS = 'xxxVxxxxxxxx';

const flipped = (bytes: Bytes, bit: number): Bytes => {
  const out = bytes.slice() as Bytes;
  out[bit >> 3] = (out[bit >> 3] as number) ^ (1 << (bit & 7));
  return out;
};

/** One bit of every byte, another one in each. */
const oneBitEach = (length: number): number[] =>
  Array.from({ length }, (_, at) => at * 8 + ((at * 5) % 8));

/** `signature` with L added to its S: the same point, a second spelling. */
function unreduced(signature: Bytes): Bytes {
  const s = BigInt(`0x${toHex(signature.slice(32).reverse())}`) + L;
  const spelt = fromHex(s.toString(16).padStart(64, '0')).reverse();
  return concat(signature.subarray(0, 32), spelt);
}

export function cryptoContract(test: Test, it: Implementation, vectors: CryptoVectors): void {
  const [a, b] = vectors.pim.keys as [files.PimVectors['keys'][0], files.PimVectors['keys'][0]];
  const keysOf = (person: { seed: string }): Promise<Keys> =>
    it.suite.keysFromSeed(fromHex(person.seed));

  hashTests(test, it);
  keyTests(test, it, vectors, keysOf);
  signatureTests(test, it, vectors, keysOf);
  agreementTests(test, it, vectors, keysOf);
  sealTests(test, it, vectors, () => keysOf(b));
  entryTagTests(test, it, vectors, keysOf);

  test('computes the safety number of the vectors', async () => {
    const [low, high] = [fromHex(a.ed25519_pk), fromHex(b.ed25519_pk)];
    assert.is(await safetyNumber(it.suite, low, high), vectors.pim.safety_number);
  });
}

export type KeysOf = (person: { seed: string }) => Promise<Keys>;

function hashTests(test: Test, { suite }: Implementation): void {
  test('hashes as FIPS 180-4 and authenticates as RFC 4231 say', async () => {
    const abc = utf8('abc');
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    const sha512 =
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
      '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f';
    const hmac = 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7';
    assert.is(toHex(await suite.sha256(abc)), sha256);
    assert.is(toHex(await suite.sha512(abc)), sha512);
    const key = new Uint8Array(20).fill(0x0b);
    assert.is(toHex(await suite.hmacSha256(key, utf8('Hi There'))), hmac);
  });

  test('derives as RFC 5869 A.1 and A.3 say, of each output the bytes asked for', async () => {
    const ikm = new Uint8Array(22).fill(0x0b);
    const salt = fromHex('000102030405060708090a0b0c');
    const info = fromHex('f0f1f2f3f4f5f6f7f8f9');
    const first = '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf';
    const third = '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d';
    const empty = new Uint8Array(0);
    const derived = await suite.hkdfSha256(salt, ikm, [
      { info, length: 32 },
      { info, length: 12 },
    ]);
    assert.equal(derived.map(toHex), [first, first.slice(0, 24)]);
    const bare = await suite.hkdfSha256(empty, ikm, [{ info: empty, length: 32 }]);
    assert.equal(bare.map(toHex), [third]);
  });

  test('hashes a view into a larger buffer as the bytes it shows', async () => {
    const view = utf8('xxabcxx').subarray(2, 5);
    assert.equal(await suite.sha256(view), await suite.sha256(utf8('abc')));
    assert.equal(await suite.sha512(view), await suite.sha512(utf8('abc')));
  });

  test('decrypts nothing that is shorter than a tag, or altered in any part', async () => {
    const [key, nonce] = [new Uint8Array(32).fill(7), new Uint8Array(12).fill(9)];
    const aad = utf8('with');
    const sealed = await suite.encrypt(key, nonce, aad, utf8('words'));
    assert.is(sealed.length, 5 + 16);
    assert.equal(await suite.decrypt(key, nonce, aad, sealed), utf8('words'));
    for (const bit of oneBitEach(sealed.length)) {
      assert.is(await suite.decrypt(key, nonce, aad, flipped(sealed, bit)), null);
    }
    assert.is(await suite.decrypt(flipped(key, 3), nonce, aad, sealed), null);
    assert.is(await suite.decrypt(key, flipped(nonce, 3), aad, sealed), null);
    assert.is(await suite.decrypt(key, nonce, utf8('without'), sealed), null);
    for (const length of [0, 1, 15, 16]) {
      assert.is(await suite.decrypt(key, nonce, aad, sealed.slice(0, length) as Bytes), null);
    }
  });
}

function keyTests(test: Test, { suite }: Implementation, vectors: CryptoVectors, keysOf: KeysOf) {
  test('derives the Ed25519 keys of RFC 8032 from their seeds', async () => {
    for (const { name, seed, pk } of vectors.rfc8032) {
      assert.is(toHex((await keysOf({ seed })).publicKey), pk, name);
    }
  });

  test('derives both keys of the people in the vectors', async () => {
    for (const person of vectors.pim.keys) {
      const keys = await keysOf(person);
      assert.is(toHex(keys.publicKey), person.ed25519_pk);
      assert.is(toHex(keys.agreementKey), person.x25519_pk);
    }
  });

  test('refuses seeds of every length but 32, and pads and cuts none', async () => {
    const publicKey = fromHex(vectors.pim.keys[0]!.ed25519_pk);
    for (const length of WRONG_SEED_LENGTHS) {
      const seed = new Uint8Array(length);
      await refusal(suite.keysFromSeed(seed), 'identity/invalid');
      await refusal(suite.keysFromStore({ kind: 'seed', seed }, publicKey), 'identity/invalid');
    }
  });

  test('loads the keys it stored, and refuses them under another name', async () => {
    const [a, b] = await Promise.all(vectors.pim.keys.map(keysOf));
    const loaded = await suite.keysFromStore(a!.stored, a!.publicKey);
    assert.equal(loaded.publicKey, a!.publicKey);
    assert.equal(loaded.agreementKey, a!.agreementKey);
    const signature = await loaded.sign('signal', utf8('hello'));
    assert.ok(await verify(suite, a!.publicKey, 'signal', utf8('hello'), signature));
    await refusal(suite.keysFromStore(a!.stored, b!.publicKey), 'identity/invalid');
  });

  test('keeps its own copy of a seed that the caller wipes', async () => {
    const [a] = vectors.pim.keys;
    const seed = fromHex(a!.seed);
    const keys = await suite.keysFromSeed(seed);
    seed.fill(0);
    const loaded = await suite.keysFromStore(keys.stored, keys.publicKey);
    const signature = await loaded.sign('confirm', utf8('still mine'));
    const key = fromHex(a!.ed25519_pk);
    assert.ok(await verify(suite, key, 'confirm', utf8('still mine'), signature));
  });
}

function signatureTests(
  test: Test,
  { suite }: Implementation,
  vectors: CryptoVectors,
  keysOf: KeysOf,
): void {
  const login = vectors.pim.relay_auth;
  const signedBody = fromHex(login.signed_bytes).slice('pim/1 relay-auth\0'.length) as Bytes;
  const [a, b] = vectors.pim.keys;

  test('accepts every signature of RFC 8032 and none of another message or key', async () => {
    for (const { name, pk, msg, sig } of vectors.rfc8032) {
      const [key, message, signature] = [fromHex(pk), fromHex(msg), fromHex(sig)];
      assert.ok(isStrictSignature(key, signature), name);
      assert.ok(await suite.verifyUnchecked(key, message, signature), name);
      const longer = concat(message, Uint8Array.of(0));
      assert.not.ok(await suite.verifyUnchecked(key, longer, signature), name);
      const other = fromHex(a!.ed25519_pk);
      assert.not.ok(await suite.verifyUnchecked(other, message, signature), name);
    }
  });

  test('makes the login signature of the vectors, byte for byte', async () => {
    const signature = await (await keysOf(a!)).sign('relay-auth', signedBody);
    assert.is(toHex(signature), login.sig);
    const wrong = fromHex(login.wrong_origin_sig_for_reject);
    const key = fromHex(a!.ed25519_pk);
    assert.ok(await verify(suite, key, 'relay-auth', signedBody, signature));
    assert.not.ok(await verify(suite, key, 'relay-auth', signedBody, wrong));
  });

  test('accepts a signature for the label it was made for and for no other', async () => {
    const keys = await keysOf(b!);
    const body = utf8('one body');
    for (const made of ['relay-auth', 'signal', 'confirm'] as const) {
      const signature = await keys.sign(made, body);
      for (const asked of ['relay-auth', 'signal', 'confirm'] as const) {
        const verdict = await verify(suite, keys.publicKey, asked, body, signature);
        assert.is(verdict, made === asked, `${made} as ${asked}`);
      }
    }
  });

  test('refuses a signature with any byte of it, of the key or of the body altered', async () => {
    const keys = await keysOf(b!);
    const body = utf8('exactly this');
    const signature = await keys.sign('signal', body);
    for (const bit of oneBitEach(signature.length)) {
      const altered = flipped(signature, bit);
      assert.not.ok(await verify(suite, keys.publicKey, 'signal', body, altered), `bit ${bit}`);
    }
    for (const bit of oneBitEach(32)) {
      const other = flipped(keys.publicKey, bit);
      assert.not.ok(await verify(suite, other, 'signal', body, signature), `key bit ${bit}`);
    }
    for (const bit of oneBitEach(body.length)) {
      const other = flipped(body, bit);
      assert.not.ok(await verify(suite, keys.publicKey, 'signal', other, signature));
    }
  });

  test('refuses signatures and keys of another length, and throws at none', async () => {
    const keys = await keysOf(a!);
    const body = utf8('body');
    const signature = await keys.sign('signal', body);
    for (const wrong of [
      signature.slice(0, 63),
      concat(signature, Uint8Array.of(0)),
      new Uint8Array(0),
    ]) {
      assert.not.ok(await verify(suite, keys.publicKey, 'signal', body, wrong as Bytes));
      assert.not.ok(await suite.verifyUnchecked(keys.publicKey, body, wrong as Bytes));
    }
    for (const wrong of [keys.publicKey.slice(0, 31), concat(keys.publicKey, Uint8Array.of(0))]) {
      assert.not.ok(await verify(suite, wrong as Bytes, 'signal', body, signature));
      assert.not.ok(await suite.verifyUnchecked(wrong as Bytes, body, signature));
    }
  });

  test('refuses S + L, a second spelling of a good signature', async () => {
    const keys = await keysOf(a!);
    const body = utf8('malleable');
    const signature = await keys.sign('signal', body);
    const second = unreduced(signature);
    assert.ok(await verify(suite, keys.publicKey, 'signal', body, signature));
    assert.not.ok(await verify(suite, keys.publicKey, 'signal', body, second));
  });

  test('gives the one verdict on every signature that verifiers disagree about', async () => {
    let verdicts = '';
    for (const { pk, message, sig, valid } of vectors.speccheck) {
      const [key, signature] = [fromHex(pk), fromHex(sig)];
      const isStrict = isStrictSignature(key, signature);
      const isGood = isStrict && (await suite.verifyUnchecked(key, fromHex(message), signature));
      assert.is(isGood, valid);
      verdicts += isGood ? 'V' : 'x';
    }
    assert.is(verdicts, SPECCHECK_VERDICTS);
  });

  test('refuses keys of small order, whose signatures anybody can make', async () => {
    const zero = new Uint8Array(32);
    for (const key of vectors.smallOrder) {
      for (const r of vectors.smallOrder) {
        const forged = concat(fromHex(r), zero);
        assert.not.ok(await verify(suite, fromHex(key), 'signal', utf8('any'), forged), key);
      }
    }
  });

  test('refuses R of small order under a good key', async () => {
    const keys = await keysOf(a!);
    const signature = await keys.sign('signal', utf8('body'));
    for (const r of vectors.smallOrder) {
      const forged = concat(fromHex(r), signature.subarray(32));
      assert.not.ok(await verify(suite, keys.publicKey, 'signal', utf8('body'), forged), r);
    }
  });
}

function agreementTests(
  test: Test,
  it: Implementation,
  vectors: CryptoVectors,
  keysOf: KeysOf,
): void {
  const { suite } = it;
  const { rfc9180 } = vectors;
  const context = { info: fromHex(rfc9180.info), aad: fromHex(rfc9180.aad), aead: rfc9180.aead };
  const message = { encapsulated: fromHex(rfc9180.enc), ciphertext: fromHex(rfc9180.ct) };
  const recipient = async () => {
    const { publicKey, agree } = await it.ephemeral(fromHex(rfc9180.skRm));
    return { agreementKey: publicKey, agree };
  };

  test('agrees on the same secret from both sides', async () => {
    const keys = await keysOf(vectors.pim.keys[0]!);
    const [mine, other] = [await suite.ephemeral(), await suite.ephemeral()];
    const shared = await mine.agree(keys.agreementKey);
    assert.equal(await keys.agree(mine.publicKey), shared);
    assert.not.equal(await keys.agree(other.publicKey), shared);
    assert.not.equal(mine.publicKey, other.publicKey);
  });

  test('refuses shares that make the secret zero', async () => {
    const keys = await keysOf(vectors.pim.keys[0]!);
    const own = await suite.ephemeral();
    for (const share of vectors.lowOrderShares) {
      await refusal(keys.agree(fromHex(share)), 'crypto/failed');
      await refusal(own.agree(fromHex(share)), 'crypto/failed');
    }
  });

  test('refuses shares of another length', async () => {
    const own = await suite.ephemeral();
    for (const length of [0, 31, 33]) {
      await refusal(own.agree(new Uint8Array(length).fill(9)), 'crypto/failed');
    }
  });

  test('opens the message of RFC 9180 A.1.1', async () => {
    const opened = await hpkeOpen(suite, await recipient(), context, message);
    assert.is(toHex(opened ?? new Uint8Array(0)), rfc9180.pt);
  });

  test('seals the message of RFC 9180 A.1.1 as it is printed there', async () => {
    const ephemeral = await it.ephemeral(fromHex(rfc9180.skEm));
    const to = fromHex(rfc9180.pkRm);
    const sealed = await hpkeSeal(suite, to, context, fromHex(rfc9180.pt), ephemeral);
    assert.is(toHex(sealed.encapsulated), rfc9180.enc);
    assert.is(toHex(sealed.ciphertext), rfc9180.ct);
  });

  test('opens a message under its own info and aad only', async () => {
    const to = await recipient();
    const wrong = [
      { ...context, info: utf8('another') },
      { ...context, aad: utf8('another') },
      { ...context, aead: { id: 2, keyBytes: 32 } },
    ];
    for (const each of wrong) assert.is(await hpkeOpen(suite, to, each, message), null);
  });
}

function sealTests(
  test: Test,
  it: Implementation,
  vectors: CryptoVectors,
  recipient: () => Promise<Keys>,
): void {
  const { suite } = it;
  const vector = vectors.pim.seal;
  const sealed = fromHex(vector.sealed);
  const signal = unpadSignal(fromHex(vector.plaintext));

  test('opens the sealed envelope of the vectors', async () => {
    assert.is(toHex(await open(suite, await recipient(), sealed)), toHex(signal));
  });

  test('seals the vectors envelope byte for byte with their ephemeral key', async () => {
    const to = fromHex(vectors.pim.keys[1]!.ed25519_pk);
    const ephemeral = await it.ephemeral(fromHex(vector.ephemeral_sk));
    assert.is(toHex(await seal(suite, to, signal, ephemeral)), vector.sealed);
  });

  test('seals anew each time, so that no two copies share their bytes', async () => {
    const me = await recipient();
    const copies = await Promise.all([1, 2].map(() => seal(suite, me.publicKey, signal)));
    const [first, second] = copies as [Bytes, Bytes];
    assert.is(first.length, second.length);
    assert.not.equal(first.subarray(1, 33), second.subarray(1, 33));
    assert.not.equal(first.subarray(33, 49), second.subarray(33, 49));
    for (const copy of copies) assert.equal(await open(suite, me, copy), signal);
  });

  test('refuses an envelope for somebody else, also where it is addressed to us', async () => {
    const me = await recipient();
    const other = await suite.keysFromSeed(fromHex(vectors.pim.keys[0]!.seed));
    await refusal(open(suite, other, sealed), 'seal/failed');
    const theirs = await seal(suite, other.publicKey, signal);
    await refusal(open(suite, me, theirs), 'seal/failed');
  });

  test('refuses an envelope whose share makes the secret zero', async () => {
    const me = await recipient();
    for (const share of vectors.lowOrderShares) {
      const poisoned = concat(sealed.subarray(0, 1), fromHex(share), sealed.subarray(33));
      await refusal(open(suite, me, poisoned), 'seal/failed');
    }
  });

  test('refuses an envelope of any other size or version before any arithmetic', async () => {
    const me = { ...(await recipient()), agree: () => Promise.reject(new Error('arithmetic')) };
    for (const length of [0, 1, 48, 49, 560, 562, 8242]) {
      const cut = new Uint8Array(length);
      cut.set(sealed.subarray(0, length));
      cut[0] = 1;
      await refusal(open(suite, me, cut), 'frame/invalid');
    }
    for (const version of [0, 2, 255]) {
      const other = concat(Uint8Array.of(version), sealed.subarray(1));
      await refusal(open(suite, me, other), 'frame/invalid');
    }
  });
}

/** Every single bit: a second or two, so not part of every run in a page. */
export function everyBitOfAnEnvelope(
  test: Test,
  { suite }: Implementation,
  vectors: CryptoVectors,
): void {
  test('refuses a sealed envelope with any single bit flipped', async () => {
    const keys = await suite.keysFromSeed(fromHex(vectors.pim.keys[1]!.seed));
    const sealed = await seal(suite, keys.publicKey, utf8('short'));
    assert.is(sealed.length, 561);
    // Most flips leave the share as it is; one agreement serves them all.
    const agreed = new Map<string, Promise<Bytes>>();
    const agree = (theirs: Bytes): Promise<Bytes> => {
      const known = agreed.get(toHex(theirs)) ?? keys.agree(theirs);
      agreed.set(toHex(theirs), known);
      return known;
    };
    const me = { ...keys, agree };
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const code = bit < 8 ? 'frame/invalid' : 'seal/failed';
      // X25519 ignores the highest bit of a share (RFC 7748 §5); the key schedule does not.
      await refusal(open(suite, me, flipped(sealed, bit)), code);
    }
  });
}

/** What implementations must agree on among themselves. */
export function agreementContract(
  test: Test,
  all: readonly Implementation[],
  vectors: CryptoVectors,
): void {
  const [a, b] = vectors.pim.keys.map((person) => fromHex(person.seed)) as [Bytes, Bytes];
  const pairs = all.flatMap((one) => all.map((other) => [one, other] as const));

  test('every implementation verifies what every other one signed', async () => {
    for (const [one, other] of pairs) {
      const keys = await one.suite.keysFromSeed(a);
      const body = utf8(`${one.name} to ${other.name}`);
      const signature = await keys.sign('confirm', body);
      assert.ok(await verify(other.suite, keys.publicKey, 'confirm', body, signature));
      const wrong = flipped(signature, 77);
      assert.not.ok(await verify(other.suite, keys.publicKey, 'confirm', body, wrong));
    }
  });

  test('every implementation opens what every other one sealed', async () => {
    for (const [one, other] of pairs) {
      const me = await other.suite.keysFromSeed(b);
      const words = utf8(`${one.name} to ${other.name}`);
      assert.equal(await open(other.suite, me, await seal(one.suite, me.publicKey, words)), words);
    }
  });

  test('every implementation loads a seed that another one stored', async () => {
    for (const [one, other] of pairs) {
      const { stored, publicKey } = await one.suite.keysFromSeed(a);
      if (stored.kind !== 'seed') continue;
      const keys = await other.suite.keysFromStore(stored, publicKey);
      const signature = await keys.sign('signal', utf8('moved'));
      assert.ok(await verify(one.suite, publicKey, 'signal', utf8('moved'), signature));
    }
  });
}
