/**
 * What the chat needs of its owner, and what it tells.
 */

import type { Bytes } from '../base/bytes.js';
import type { PimError } from '../base/errors.js';
import type { Logger, Platform } from '../base/platform.js';
import type { Identity } from '../crypto/identity.js';
import type { Suite } from '../crypto/suite.js';
import type { Storage } from '../storage/storage.js';
import type { FrameSocket } from '../transport/frame-socket.js';
import type { LinkState } from '../transport/relay-link.js';
import type { Conversation } from './conversation.js';
import type { Step } from './delivery.js';
import type { StoredEntry } from './entry-rows.js';
import type { FileStatus } from './files/file-status.js';
import type { ContactRecord, RequestRecord } from './records.js';
import type { Settings } from './settings.js';

/** What the chat tells its owner. */
export interface ChatCallbacks {
  /** Told after the write has committed. */
  onStored(conversation: Conversation, entries: readonly StoredEntry[]): void;
  /** Messages that were here read otherwise now. */
  onChanged(conversation: Conversation, messages: readonly StoredEntry[]): void;
  /**
   * The status of entries in my log of that name, behind `from`, up to `to`, may have changed.
   * @returns when that has been told; never rejects
   */
  onProgress(
    conversation: Conversation,
    log: Bytes,
    from: number,
    to: number,
    step: Step,
  ): Promise<void>;
  onFile(status: FileStatus): void;
  onTyping(conversation: Conversation, isTyping: boolean): void;
  onContact(contact: ContactRecord, isRemoved: boolean): void;
  onRequest(request: RequestRecord): void;
  onConversation(conversation: Conversation): void;
  onConnection(key: Bytes): void;
  onRelay(url: string, state: LinkState, reason: PimError | null): void;
  onFault(fault: PimError): void;
}

export interface ChatHost extends ChatCallbacks {
  readonly storage: Storage;
  readonly suite: Suite;
  readonly identity: Identity;
  readonly platform: Platform;
  readonly logger: Logger;
  readonly settings: Settings;
  readonly relays: readonly string[];
  /** Sockets of these relays that were dialled already. */
  readonly early?: Map<string, FrameSocket>;
  readonly policy: 'ask' | 'contacts' | 'accept';
  /** @param relayOnly whether this connection may not be a direct one */
  rtcConfig(relayOnly?: boolean): Promise<RTCConfiguration>;
}
