/** The passphrase lock of the SDK in memory. */

import { type Backup, PimError } from '../../sdk/index.js';
import type { IdentityPort } from '../../widget/port.js';
import type { FakePim } from './fake-pim.js';

/** Of nobody: the seed 0x7f… of BIP-39's own test vectors. */
export const WORDS =
  'legal winner thank year wave sausage worth useful legal winner thank year ' +
  'wave sausage worth useful legal winner thank year wave sausage worth title';

type Lock = Pick<IdentityPort, 'lock' | 'unlock' | 'unlocked' | 'relock' | 'removeLock'>;

export class FakeKey {
  /** What the key lies under; null: it lies open. */
  passphrase: string | null = null;
  /** Whether it waits for its passphrase. */
  isShut = false;
  /** Ends the waiting of those who hope for another tab. */
  readonly waiting = new Set<(fault: Error | null) => void>();
  /** What a backup is found to be, by what it was read from. */
  readonly backups = new Map<string, Backup>();
}

export function lockOf(fake: FakePim): Lock {
  const check = (passphrase: string | null): void => {
    if (passphrase === fake.passphrase) return;
    throw new PimError('identity/passphrase', 'not this one', null);
  };
  const put = (passphrase: string | null): void => {
    fake.passphrase = passphrase;
    fake.kept = { ...fake.kept, isLocked: passphrase !== null };
  };
  return {
    lock: async (passphrase, { current } = {}) => {
      check(current ?? null);
      put(passphrase);
    },
    unlock: async (by) => {
      fake.calls.push('unlock');
      if (typeof by === 'string') check(by);
      else if (by.address !== fake.me) throw new PimError('identity/exists', '', null);
      else put(null);
      fake.isShut = false;
      await fake.start();
    },
    unlocked: ({ signal } = {}) =>
      new Promise((resolve, reject) => {
        const end = (fault: Error | null) => (fault === null ? resolve() : reject(fault));
        fake.waiting.add(end);
        signal?.addEventListener('abort', () => {
          fake.waiting.delete(end);
          reject(new PimError('pim/aborted', '', null));
        });
      }),
    relock: async () => {
      fake.isShut = true;
      fake.state = 'stopped';
      fake.say('error', new PimError('identity/locked', '', { address: fake.me }));
    },
    removeLock: async (passphrase) => {
      check(passphrase);
      put(null);
    },
  };
}
