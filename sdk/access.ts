/**
 * What the areas of a Pim share: the way to what is running, and from what callers name to what it is.
 */

import { type Bytes, equal } from './base/bytes.js';
import type { AnyEvent } from './base/emitter.js';
import { PimError } from './base/errors.js';
import type { HeldLock } from './base/platform.js';
import type { Conversation } from './chat/conversation.js';
import type { PimEvents } from './events.js';
import type { ResolvedOptions } from './options.js';
import type { PimState } from './pim-state.js';
import { decodeAddress } from './protocol/address.js';
import type { Prepare, Running } from './running.js';
import type { View } from './view.js';

/** Stops what runs, and lets its lock go. */
export type End = () => Promise<void>;

/** A Pim, as those see it who stand in for it (tabs/). */
export interface PublicPim {
  readonly leads: boolean;
  readonly address: string;
  start(): Promise<void>;
  on(type: '*', handler: (any: AnyEvent<PimEvents>) => void): () => void;
  readonly contacts: object;
  readonly invitations: object;
  readonly conversations: object;
  readonly files: object;
  readonly relays: object;
  readonly connections: object;
  readonly identity: object;
}

/** What the areas need of the Pim they belong to. */
export interface Access {
  /** @throws pim/not-started, pim/stopped */
  running(): Running & { readonly view: View };
  readonly options: ResolvedOptions;
  state(): PimState;
  /** Only where it is stopped. @param prepare changes the store first */
  start(prepare?: Prepare): Promise<void>;
  stop(): Promise<void>;

  // For several tabs (tabs/):
  readonly pim: PublicPim;
  emit<Name extends keyof PimEvents & string>(type: Name, event: PimEvents[Name]): void;
  /** Runs the chat here, in the place of what ran. @param lock released where that fails */
  lead(lock: HeldLock | null, prepare?: Prepare): Promise<void>;
  /** This Pim is started, and `end` ends it; null: nothing runs. @returns what ends what ran before */
  take(end: End | null): End | null;
}

/** The key of a contact's address. @throws address/invalid, address/own */
export function keyOfAddress(access: Access, address: string): Bytes {
  const key = decodeAddress(address);
  if (equal(key, access.running().identity.keys.publicKey)) {
    throw new PimError('address/own', 'This is your own address.', null);
  }
  return key;
}

/** A conversation by its id or by the other person's address. @throws conversation/unknown */
export function findConversation(access: Access, target: string): Conversation {
  const { chat } = access.running();
  const found = /^[0-9a-f]{32}$/.test(target)
    ? chat.conversations.get(target)
    : chat.conversations.of(keyOfAddress(access, target));
  if (found !== null) return found;
  throw unknownConversation();
}

export function unknownConversation(): PimError<'conversation/unknown'> {
  return new PimError('conversation/unknown', 'There is no such conversation.', null);
}

export function unknownContact(): PimError<'contact/unknown'> {
  return new PimError('contact/unknown', 'This person is no contact.', null);
}
