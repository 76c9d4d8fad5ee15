/**
 * What the widget needs of the SDK, and no more. `Pim` fits it; so does the tests' fake.
 */

import type {
  Backup,
  ConnectionStatus,
  Contact,
  ContactRequest,
  ConversationSummary,
  DiagnoseOptions,
  Diagnosis,
  FileStatus,
  InvitationChange,
  InvitationOptions,
  IssuedInvitation,
  Kept,
  Message,
  MessageContent,
  PimEvents,
  RelayStatus,
} from '../sdk/index.js';

export interface PimPort {
  readonly address: string;
  readonly state: 'stopped' | 'starting' | 'started' | 'stopping';
  start(options?: { takeOver?: boolean }): Promise<void>;
  stop(): Promise<void>;
  on<Name extends keyof PimEvents & string>(
    name: Name,
    handler: (event: PimEvents[Name]) => void,
  ): () => void;
  send(to: string, content: MessageContent): Promise<Message>;
  readonly contacts: ContactsPort;
  readonly conversations: ConversationsPort;
  readonly relays: {
    list(): readonly RelayStatus[];
    add(url: string): Promise<void>;
    remove(url: string): Promise<void>;
  };
  readonly connections: {
    status(address: string): ConnectionStatus;
    retry(address: string): void;
  };
  readonly identity: IdentityPort;
  readonly files: FilesPort;
  readonly invitations: InvitationsPort;
  diagnose(options?: DiagnoseOptions): Promise<Diagnosis>;
}

export interface ContactsPort {
  list(): readonly Contact[];
  get(address: string): Contact | null;
  requests(): readonly ContactRequest[];
  add(
    address: string,
    options?: { name?: string; relays?: readonly string[]; invite?: string },
  ): Promise<Contact>;
  accept(address: string): Promise<Contact>;
  decline(address: string): Promise<void>;
  block(address: string): Promise<unknown>;
  unblock(address: string): Promise<unknown>;
  rename(address: string, name: string): Promise<Contact>;
  remove(address: string): Promise<void>;
  setRelayOnly(address: string, relayOnly: boolean): Promise<Contact>;
  verify(address: string, isSame?: boolean): Promise<Contact>;
}

export interface ConversationsPort {
  list(): Promise<readonly ConversationSummary[]>;
  history(
    with_: string,
    options?: { before?: string; after?: string; limit?: number },
  ): Promise<{ messages: readonly Message[]; more: boolean }>;
  get(with_: string, id: string): Promise<Message | null>;
  search(
    with_: string,
    query: string,
    options?: { before?: string; limit?: number; signal?: AbortSignal },
  ): Promise<{ messages: readonly Message[]; more: boolean }>;
  edit(with_: string, id: string, text: string): Promise<Message>;
  delete(with_: string, id: string): Promise<Message>;
  react(with_: string, id: string, emoji: string): Promise<Message>;
  unreact(with_: string, id: string, emoji: string): Promise<Message>;
  markRead(with_: string): Promise<void>;
  typing(with_: string, isTyping?: boolean): void;
  draft(with_: string): Promise<string>;
  setDraft(with_: string, text: string): Promise<void>;
}

/** What I tell people of what I do, and they me. */
export interface Privacy {
  readonly receipts: boolean;
  readonly typing: boolean;
}

export interface FilesPort {
  send(to: string, file: File, options?: { handle?: unknown }): Promise<Message>;
  status(with_: string, id: string): Promise<FileStatus>;
  accept(with_: string, id: string): Promise<void>;
  decline(with_: string, id: string): Promise<void>;
  pause(with_: string, id: string): Promise<void>;
  resume(with_: string, id: string): Promise<void>;
  cancel(with_: string, id: string): Promise<void>;
  provide(with_: string, id: string, file: File): Promise<void>;
  read(with_: string, id: string): Promise<File>;
}

export interface InvitationsPort {
  create(options?: InvitationOptions): Promise<IssuedInvitation>;
  list(page?: string): Promise<readonly IssuedInvitation[]>;
  change(id: string, change: InvitationChange): Promise<IssuedInvitation>;
  withdraw(id: string): Promise<void>;
}

export interface IdentityPort {
  readonly name: string;
  readonly isPersistent: boolean;
  readonly privacy: Privacy;
  setName(name: string): Promise<void>;
  setPrivacy(change: Partial<Privacy>): Promise<void>;
  safetyNumber(address: string): Promise<string>;
  backup(passphrase: string): Promise<Uint8Array>;
  kept(): Promise<Kept>;
  persist(): Promise<boolean>;
  words(): Promise<readonly string[]>;
  readBackup(from: Uint8Array | string, passphrase?: string): Promise<Backup>;
  restore(backup: Backup, options?: { replace?: boolean }): Promise<void>;
  lock(passphrase: string, options?: { current?: string }): Promise<void>;
  unlock(by: string | Backup): Promise<void>;
  unlocked(options?: { signal?: AbortSignal }): Promise<void>;
  relock(): Promise<void>;
  removeLock(passphrase: string): Promise<void>;
  wipe(): Promise<void>;
}
