/**
 * Every public name of the SDK, one by one.
 */

export type { Backup } from './backup/backup.js';
export type { ErrorCode, ErrorDetails, InvitationRefusal } from './base/errors.js';
export { isPimError, PimError } from './base/errors.js';
export type {
  HeldLock,
  HostFacts,
  Logger,
  Platform,
  SocketLike,
  TabChannel,
  Timer,
  Wake,
} from './base/platform.js';
export { browserPlatform } from './browser.js';
export type { FileState, FileStatus } from './chat/files/file-status.js';
export type { FileToSend, MessageContent } from './content.js';
export type { HistoryRange, SearchRange, SendOptions } from './conversations-area.js';
export type { DiagnoseOptions, Diagnosis } from './diagnose.js';
export type {
  Finding,
  FindingCheck,
  FindingCode,
  FindingDetails,
  FindingStatus,
  StorageFacts,
} from './diagnosis/finding.js';
export type {
  ConnectionState,
  ConnectionStatus,
  Contact,
  ContactRequest,
  ContactStatus,
  ConversationSummary,
  Message,
  MessageFile,
  MessageReaction,
  MessageStatus,
  PimEvents,
  RelayState,
  RelayStatus,
} from './events.js';
export { takeInvitation } from './invitation.js';
export type {
  InvitationChange,
  InvitationOptions,
  IssuedInvitation,
} from './invitation-deeds.js';
export type { Kept } from './kept.js';
export type { PimOptions, Policy } from './options.js';
export { Pim } from './pim.js';
export type { PimState } from './pim-state.js';
export { type Address, parseAddress } from './protocol/address.js';
export { formatLink } from './protocol/format-link.js';
export { type Invitation, parseLink } from './protocol/link.js';
export { parseRelayUrl } from './protocol/relay-url.js';
export { IndexedDbStorage } from './storage/indexeddb-storage.js';
export { MemoryStorage } from './storage/memory-storage.js';
export type { Range, Row, Storage, TableName, Write } from './storage/storage.js';
