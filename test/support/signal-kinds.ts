/**
 * What no relay can see: the kind of signal an envelope holds. Whoever seals it says so, at the one
 * place where it is still readable, so that a test can aim an attack at one step of the set-up.
 * Runs in Node and in pages.
 */

import type { SignalKind } from '../../sdk/protocol/signal.js';

/** The type byte of a signal, docs/protocol.md §6.1. */
const BY_TYPE: Readonly<Record<number, SignalKind>> = {
  1: 'knock',
  2: 'hello',
  3: 'offer',
  4: 'answer',
  5: 'candidates',
  6: 'bye',
  7: 'invite',
  8: 'accept',
};
/** Plaintext of an envelope, §5: two bytes of length, then the signal's version and type. */
const TYPE_AT = 3;
const SIZES: ReadonlySet<number> = new Set([512, 1024, 2048, 4096, 8192]);
const TAG_BYTES = 16;

/** The tag of AES-GCM names an envelope: no two have the same. */
const nameOf = (sealed: Uint8Array): string => sealed.slice(-TAG_BYTES).join();

/** The kinds of all envelopes that were sealed in this test. */
export class SignalKinds {
  readonly #kinds = new Map<string, SignalKind>();

  note(name: string, kind: SignalKind): void {
    this.#kinds.set(name, kind);
  }

  /** Null for what no watched machine has sealed. */
  of(sealed: Uint8Array): SignalKind | null {
    return this.#kinds.get(nameOf(sealed)) ?? null;
  }
}

/**
 * The same Web Crypto; `note` hears of every envelope before anybody else gets to see it.
 * @param note awaited, so that it may take its way out of a page
 */
export function watchSeals(
  subtle: SubtleCrypto,
  note: (name: string, kind: SignalKind) => unknown,
): SubtleCrypto {
  const encrypt: SubtleCrypto['encrypt'] = async (algorithm, key, data) => {
    const plaintext = new Uint8Array(data as ArrayBuffer);
    const sealed = await subtle.encrypt(algorithm, key, data);
    const kind = BY_TYPE[plaintext[TYPE_AT] ?? 0];
    if (SIZES.has(plaintext.length) && kind !== undefined) {
      await note(nameOf(new Uint8Array(sealed)), kind);
    }
    return sealed;
  };
  return new Proxy(subtle, {
    get: (target, name) => {
      if (name === 'encrypt') return encrypt;
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
