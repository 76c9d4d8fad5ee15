/**
 * Sealing a whole signal to an address and opening what was sealed to me, docs/protocol.md §5.
 */

import type { Bytes } from '../base/bytes.js';
import { PimError } from '../base/errors.js';
import {
  decodeEnvelope,
  encodeEnvelope,
  padSignal,
  SEAL_INFO,
  sealAad,
  unpadSignal,
} from '../protocol/envelope.js';
import { toMontgomery } from '../protocol/point.js';
import { type Encapsulated, hpkeOpen, hpkeSeal } from './hpke.js';
import type { Ephemeral, Keys, Suite } from './suite.js';

/**
 * Each call seals anew, so that two relays cannot match their copies by bytes.
 * @param to the recipient's Ed25519 key
 * @param signal a whole signal, signature included
 * @param ephemeral given only by tests against fixed values
 */
export async function seal(
  suite: Suite,
  to: Bytes,
  signal: Bytes,
  ephemeral?: Ephemeral,
): Promise<Bytes> {
  const context = { info: SEAL_INFO, aad: sealAad(to) };
  return encodeEnvelope(
    await hpkeSeal(suite, toMontgomery(to), context, padSignal(signal), ephemeral),
  );
}

/**
 * @throws frame/invalid before any arithmetic where the envelope has an impossible size or version
 * @throws seal/failed where it was not sealed to me, or was altered on the way
 */
export async function open(suite: Suite, me: Keys, sealed: Uint8Array): Promise<Bytes> {
  const envelope: Encapsulated = decodeEnvelope(sealed);
  const context = { info: SEAL_INFO, aad: sealAad(me.publicKey) };
  let plaintext: Bytes | null = null;
  try {
    plaintext = await hpkeOpen(suite, me, context, envelope);
  } catch (cause) {
    if (!(cause instanceof PimError)) throw cause;
  }
  if (plaintext === null) {
    throw new PimError(
      'seal/failed',
      'A message was altered on its way or not meant for us.',
      null,
    );
  }
  return unpadSignal(plaintext);
}
