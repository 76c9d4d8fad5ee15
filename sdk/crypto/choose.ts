/**
 * Which cryptography this platform gets, and whether its verifier can be believed: one good and
 * three bad signatures must come out right before anything is built on it.
 */

import { type Bytes, fromHex } from '../base/bytes.js';
import { PimError } from '../base/errors.js';
import { loaded } from '../base/loaded.js';
import type { Platform } from '../base/platform.js';
import type { Suite } from './suite.js';
import { WebCryptoSuite } from './webcrypto.js';

/** RFC 8032 §7.1, TEST 2. */
const KEY = fromHex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
const MESSAGE = Uint8Array.of(0x72);
const SIGNATURE = fromHex(
  '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
    '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
);

/**
 * Web Crypto where it has both curves, else the portable chunk.
 * @throws crypto/self-test-failed where the verifier is wrong; nothing is started then
 */
export async function chooseSuite(platform: Platform): Promise<Suite> {
  const { subtle } = platform;
  if (subtle !== null && (await hasCurves(subtle))) {
    return selfTested(new WebCryptoSuite(subtle));
  }
  const { PortableSuite } = await loaded(import('./portable.js'));
  return selfTested(new PortableSuite((length) => platform.random(length)));
}

/** @throws crypto/self-test-failed */
export async function selfTested(suite: Suite): Promise<Suite> {
  const flipped = (bytes: Bytes, at: number) =>
    bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)) as Bytes;
  const trials: [Bytes, Bytes, boolean][] = [
    [MESSAGE, SIGNATURE, true],
    [flipped(MESSAGE, 0), SIGNATURE, false],
    [MESSAGE, flipped(SIGNATURE, 0), false],
    [MESSAGE, flipped(SIGNATURE, 40), false],
  ];
  const verdicts = trials.map(async ([message, signature, isGood]) => {
    return (await suite.verifyUnchecked(KEY, message, signature)) === isGood;
  });
  // One that throws is believed as little as one that is wrong.
  const isRight = (await Promise.allSettled(verdicts)).every(
    (each) => each.status === 'fulfilled' && each.value,
  );
  if (!isRight) {
    const message = 'The cryptography of this browser gives wrong answers. Nothing was started.';
    throw new PimError('crypto/self-test-failed', message, { suite: suite.name });
  }
  return suite;
}

async function hasCurves(subtle: SubtleCrypto): Promise<boolean> {
  try {
    await Promise.all([
      subtle.importKey('raw', KEY, 'Ed25519', false, ['verify']),
      subtle.generateKey('X25519', false, ['deriveBits']),
    ]);
    return true;
  } catch {
    return false;
  }
}
