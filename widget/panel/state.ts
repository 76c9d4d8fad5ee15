/**
 * Everything the views draw, as one value. Only the store makes a new one.
 */

import type {
  ConnectionStatus,
  Contact,
  ContactRequest,
  ConversationSummary,
  Message,
  RelayStatus,
} from '../../sdk/index.js';
import type { Settings } from '../contract.js';
import type { Privacy } from '../port.js';
import type { Fault } from './fault.js';
import type { Phase } from './phase.js';

/** Whom the chat is with, by the element's `to`. */
export type Target =
  /** No `to`: the person's own inbox. */
  | { readonly kind: 'inbox' }
  | { readonly kind: 'person'; readonly address: string }
  /** `to` is the address of this person. */
  | { readonly kind: 'own'; readonly address: string }
  | { readonly kind: 'invalid'; readonly fault: Fault; readonly error: unknown };

/** What the main pane shows. */
export type Screen =
  | { readonly name: 'list' }
  | { readonly name: 'conversation'; readonly address: string }
  | { readonly name: 'person'; readonly address: string }
  | { readonly name: 'request'; readonly from: string }
  | { readonly name: 'invitation'; readonly invitation: Invitation }
  | { readonly name: 'add' }
  | { readonly name: 'me' }
  | { readonly name: 'invitations' }
  | { readonly name: 'settings' }
  | { readonly name: 'diagnosis' }
  | { readonly name: 'backup' }
  | { readonly name: 'passphrase' }
  | { readonly name: 'restore' };

/** An invitation link somebody gave this person. */
export interface Invitation {
  readonly address: string;
  readonly token: string | null;
  readonly relays: readonly string[];
}

export interface Me {
  readonly address: string;
  readonly name: string;
  readonly isPersistent: boolean;
  readonly privacy: Privacy;
}

/** What more there is to a conversation; kept by its chunk. */
export interface ThreadExtra {
  /** What the next words answer or change. */
  readonly about: About | null;
  readonly isTyping: boolean;
  /** Messages of the other person that came while the reader was further up. */
  readonly missed: number;
  /** The message to bring into sight; a new object each time. */
  readonly shown: { readonly id: string } | null;
  readonly find: Find | null;
}

export interface About {
  readonly how: 'reply' | 'edit';
  readonly message: Message;
  /** What stood in the field before. */
  readonly before: string;
}

export interface Find {
  readonly query: string;
  /** Found messages, the newest first. */
  readonly hits: readonly string[];
  /** Which of them is shown. */
  readonly at: number;
  /** Whether there may be others further back. */
  readonly more: boolean;
  readonly isBusy: boolean;
}

/** The open conversation, as far as it is loaded. */
export interface Thread {
  readonly address: string;
  /** Null before the first message to somebody new. */
  readonly contact: Contact | null;
  /** Oldest first. */
  readonly messages: readonly Message[];
  /** Whether there are earlier ones in the store, and later ones. */
  readonly more: boolean;
  readonly newer: boolean;
  readonly loading: 'newest' | 'older' | null;
  /** There were messages when it was opened. */
  readonly hasPast: boolean;
  readonly connection: ConnectionStatus | null;
  /** The first message that was unread when the conversation was opened. */
  readonly newFrom: string | null;
  readonly safetyNumber: string | null;
  /** What the comforts know of it. */
  readonly extra?: ThreadExtra;
}

export interface State {
  readonly settings: Settings;
  readonly phase: Phase;
  readonly target: Target;
  readonly screen: Screen;
  readonly me: Me | null;
  readonly relays: readonly RelayStatus[];
  /** Whether any relay is reached: `unknown` until the first try has ended. */
  readonly reach: 'unknown' | 'yes' | 'no';
  /** The latest first. */
  readonly conversations: readonly ConversationSummary[];
  readonly requests: readonly ContactRequest[];
  readonly thread: Thread | null;
  /** My own invitation link, once it was asked for. */
  readonly link: string | null;
  /** Something a person asked for failed, or something failed by itself that they should know. */
  readonly notice: Fault | null;
  /** What is typed and not sent, by address. */
  readonly drafts: Readonly<Record<string, string>>;
}

export function initialState(
  settings: Settings,
  target: Target,
  phase: Phase = { name: 'idle' },
): State {
  return {
    settings,
    phase,
    target,
    screen:
      target.kind === 'person'
        ? { name: 'conversation', address: target.address }
        : { name: 'list' },
    me: null,
    relays: [],
    reach: 'unknown',
    conversations: [],
    requests: [],
    thread: target.kind === 'person' ? emptyThread(target.address) : null,
    link: null,
    notice: null,
    drafts: {},
  };
}

export function emptyThread(address: string): Thread {
  return {
    address,
    contact: null,
    messages: [],
    more: false,
    newer: false,
    loading: null,
    hasPast: false,
    connection: null,
    newFrom: null,
    safetyNumber: null,
  };
}
