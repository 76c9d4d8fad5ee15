/** One Pim on a machine in hand, nobody else there: what its calls, its states and its events do. */

import { webcrypto } from 'node:crypto';
import type { AnyEvent } from '../../sdk/base/emitter.js';
import type { HeldLock } from '../../sdk/base/platform.js';
import type { PimEvents } from '../../sdk/events.js';
import { Pim, type PimOptions } from '../../sdk/index.js';
import { encodeAddress } from '../../sdk/protocol/address.js';
import { BrokenStorage } from '../chat/broken-storage.js';
import { pim as vectors } from '../support/vectors.js';
import { HandPlatform, settle, suite } from '../transport/hand-platform.js';

/** Addresses of people who never come. */
export const ANN = vectors.keys[0]!.address;
export const BOB = vectors.keys[1]!.address;

export async function anAddress(seed: number): Promise<string> {
  const keys = await suite.keysFromSeed(new Uint8Array(32).fill(seed));
  return encodeAddress(keys.publicKey);
}

export class Machine extends HandPlatform {
  override readonly subtle = webcrypto.subtle as unknown as never;
  override isSecure = true;
  /** Who holds the identity's name; another page may take it away. */
  holder: { lose(): void } | null = null;

  override holdLock = async (_name = '', force = false): Promise<HeldLock | null> => {
    if (this.holder !== null && !force) return null;
    let lose: () => void = () => undefined;
    const lost = new Promise<void>((resolve) => {
      lose = resolve;
    });
    this.holder?.lose();
    const mine = { lose };
    this.holder = mine;
    const release = () => {
      if (this.holder === mine) this.holder = null;
    };
    return { release, lost };
  };
}

export interface Alone {
  readonly pim: Pim;
  readonly machine: Machine;
  readonly storage: BrokenStorage;
  readonly events: AnyEvent<PimEvents>[];
  readonly logged: string[];
  of<Name extends keyof PimEvents>(type: Name): PimEvents[Name][];
}

export async function made(options: PimOptions = {}, before?: Partial<Alone>): Promise<Alone> {
  const machine = before?.machine ?? new Machine();
  const storage = before?.storage ?? (await BrokenStorage.opened());
  const logged: string[] = [];
  const logger = (level: string, text: string) => void logged.push(`${level} ${text}`);
  const pim = new Pim({ storage, platform: machine, logger, ...options });
  const events: AnyEvent<PimEvents>[] = [];
  pim.on('*', (any) => events.push(any));
  const of = <Name extends keyof PimEvents>(type: Name) =>
    events.filter((each) => each.type === type).map((each) => each.event as PimEvents[Name]);
  return { pim, machine, storage, events, logged, of };
}

export async function started(options: PimOptions = {}, before?: Partial<Alone>): Promise<Alone> {
  const alone = await made(options, before);
  await alone.pim.start();
  return alone;
}

/** Resolves when `check` holds; for cryptography that waits for threads. */
export async function soon(check: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!check()) {
    if (performance.now() > end) throw new Error(`not so within 10 s: ${check}`);
    await settle();
  }
}
