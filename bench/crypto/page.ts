/**
 * Runs in the browser: what signing, verifying, sealing and opening a signal cost through pim's
 * suites, and what the primitives beneath them cost by themselves.
 */

import { x25519 } from '@noble/curves/ed25519.js';
import ed25519 from 'node-forge/lib/ed25519.js';
import { type Bytes, concat } from '../../sdk/base/bytes.js';
import { PortableSuite } from '../../sdk/crypto/portable.js';
import { open, seal } from '../../sdk/crypto/seal.js';
import type { Keys, Suite } from '../../sdk/crypto/suite.js';
import { verify } from '../../sdk/crypto/verify.js';
import { WebCryptoSuite } from '../../sdk/crypto/webcrypto.js';
import { signingBytes } from '../../sdk/protocol/signing.js';

export const OPERATIONS = ['sign', 'verify', 'seal', 'open'] as const;
export type Operation = (typeof OPERATIONS)[number];

export interface Row {
  readonly suite: Suite['name'];
  readonly operation: Operation;
  /** One figure a round. */
  readonly suitePerS: readonly number[];
  readonly barePerS: readonly number[];
}

/** A whole OFFER is about as large. */
const SIGNAL_BYTES = 340;
/** An envelope of the smallest size, without its header (docs/protocol.md §5). */
const SEALED_BYTES = 512;

type Work = () => unknown;
type Works = Record<Operation, { readonly suite: Work; readonly bare: Work }>;

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
const AES = 'AES-GCM';

async function throughSuite(suite: Suite, keys: Keys): Promise<Record<Operation, Work>> {
  const signal = random(SIGNAL_BYTES);
  const signature = await keys.sign('signal', signal);
  const sealed = await seal(suite, keys.publicKey, concat(signal, signature));
  return {
    sign: () => keys.sign('signal', signal),
    verify: () => verify(suite, keys.publicKey, 'signal', signal, signature),
    seal: () => seal(suite, keys.publicKey, signal),
    open: () => open(suite, keys, sealed),
  };
}

/** Signature, key agreement and encryption alone, with keys at hand wherever they can be. */
async function bareWebCrypto(): Promise<Record<Operation, Work>> {
  const { subtle } = crypto;
  const pair = (await subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  const curve = (await subtle.generateKey('X25519', false, ['deriveBits'])) as CryptoKeyPair;
  const aes = await subtle.importKey('raw', random(32), AES, false, ['encrypt', 'decrypt']);
  const message = signingBytes('signal', random(SIGNAL_BYTES));
  const signature = await subtle.sign('Ed25519', pair.privateKey, message);
  const name = { name: AES, iv: random(12), additionalData: random(33) };
  const plaintext = random(SEALED_BYTES);
  const ciphertext = await subtle.encrypt(name, aes, plaintext);
  const agreement = { name: 'X25519', public: curve.publicKey };
  const agree = (own: CryptoKey) => subtle.deriveBits(agreement, own, 256);
  return {
    sign: () => subtle.sign('Ed25519', pair.privateKey, message),
    verify: () => subtle.verify('Ed25519', pair.publicKey, signature, message),
    seal: async () => {
      const own = (await subtle.generateKey('X25519', false, ['deriveBits'])) as CryptoKeyPair;
      await agree(own.privateKey);
      await subtle.encrypt(name, aes, plaintext);
    },
    open: async () => {
      await agree(curve.privateKey);
      await subtle.decrypt(name, aes, ciphertext);
    },
  };
}

async function barePortable(suite: Suite): Promise<Record<Operation, Work>> {
  const seed = random(32);
  const message = signingBytes('signal', random(SIGNAL_BYTES));
  const { publicKey } = ed25519.generateKeyPair({ seed });
  const signature = ed25519.sign({ message, privateKey: seed });
  const theirs = x25519.getPublicKey(random(32));
  const [key, nonce, aad] = [random(32), random(12), random(33)];
  const plaintext = random(SEALED_BYTES);
  const ciphertext = await suite.encrypt(key, nonce, aad, plaintext);
  return {
    sign: () => ed25519.sign({ message, privateKey: seed }),
    verify: () => ed25519.verify({ message, signature, publicKey }),
    seal: async () => {
      const own = random(32);
      x25519.getPublicKey(own);
      x25519.getSharedSecret(own, theirs);
      await suite.encrypt(key, nonce, aad, plaintext);
    },
    open: async () => {
      x25519.getSharedSecret(seed, theirs);
      await suite.decrypt(key, nonce, aad, ciphertext);
    },
  };
}

/** Calls one after the other for `forMs`, as the SDK makes them. */
async function perSecond(work: Work, forMs: number): Promise<number> {
  const from = performance.now();
  let count = 0;
  let now = from;
  while (now - from < forMs) {
    await work();
    count++;
    now = performance.now();
  }
  return (count / (now - from)) * 1000;
}

async function worksOf(suite: Suite): Promise<Works> {
  const through = await throughSuite(suite, await suite.keysFromSeed(random(32)));
  const bare = await (suite.name === 'webcrypto' ? bareWebCrypto() : barePortable(suite));
  const pair = (operation: Operation) => ({ suite: through[operation], bare: bare[operation] });
  return { sign: pair('sign'), verify: pair('verify'), seal: pair('seal'), open: pair('open') };
}

/** Suite and primitive take turns; a round that is not counted warms both up. */
async function measure(rounds: number, sliceMs: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const suite of [new WebCryptoSuite(crypto.subtle), new PortableSuite(random)]) {
    const works = await worksOf(suite);
    for (const operation of OPERATIONS) {
      const suitePerS: number[] = [];
      const barePerS: number[] = [];
      for (let round = -1; round < rounds; round++) {
        const [ours, bare] = [
          await perSecond(works[operation].suite, sliceMs),
          await perSecond(works[operation].bare, sliceMs),
        ];
        if (round < 0) continue;
        suitePerS.push(ours);
        barePerS.push(bare);
      }
      rows.push({ suite: suite.name, operation, suitePerS, barePerS });
    }
  }
  return rows;
}

declare global {
  var runCrypto: (rounds: number, sliceMs: number) => Promise<Row[]>;
}

globalThis.runCrypto = measure;
