/**
 * What the parts of the store share: the state, the SDK once it runs, and the world outside.
 */

import type { PimChatEvents, Settings } from '../contract.js';
import type { PimPort } from '../port.js';
import type { Invitation, State } from './state.js';

/** The world of the store: no DOM in it, so that a test can be the world. */
export interface Outside {
  settings(): Settings;
  /** An SDK instance for these settings, perhaps shared; `release` when it is no longer needed. */
  openPim(settings: Settings): Promise<{ readonly pim: PimPort; release(): void }>;
  /** @throws address/invalid */
  parseAddress(text: string): string;
  /** @throws address/invalid, link/invalid */
  parseLink(text: string): Invitation;
  /** The page that my invitation links open. */
  pageUrl(): string;
  emit<Name extends keyof PimChatEvents>(name: Name, detail: PimChatEvents[Name]): void;
  setUnread(count: number): void;
  setOnline(isOnline: boolean): void;
}

export interface Core {
  readonly outside: Outside;
  state(): State;
  set(patch: Partial<State>): void;
  /** A person wants the chat to begin here. */
  begin(): Promise<void>;
  /** The running SDK; begins where nothing has begun. Rejects where it cannot run. */
  running(): Promise<PimPort>;
  /** Whether the person sees the open conversation. */
  hasAttention(): boolean;
  /** Nothing of this person is here any longer. */
  erased(): void;
}
