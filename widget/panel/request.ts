/**
 * What views ask of the store. A view changes nothing by itself.
 */

import type {
  Backup,
  Diagnosis,
  Finding,
  InvitationChange,
  InvitationOptions,
  IssuedInvitation,
  Kept,
  Message,
} from '../../sdk/index.js';
import type { IdentityPort, PimPort, Privacy } from '../port.js';
import type { Screen } from './state.js';

export type PanelRequest =
  /** A person wants the chat to begin here, or to come here from another tab. */
  | { readonly ask: 'begin' }
  | { readonly ask: 'go'; readonly screen: Screen }
  | { readonly ask: 'open'; readonly address: string }
  | { readonly ask: 'draft'; readonly address: string; readonly text: string }
  /** `name` where the person gave theirs along with their first words. */
  | { readonly ask: 'send'; readonly text: string; readonly name?: string }
  | { readonly ask: 'unblock'; readonly address: string }
  | { readonly ask: 'retry' }
  | { readonly ask: 'dismiss' };

/** What only the inbox's views ask; the deeds come with their chunk. */
export type InboxRequest =
  | { readonly ask: 'accept' | 'decline'; readonly from: string }
  | { readonly ask: 'block' | 'remove'; readonly address: string }
  | { readonly ask: 'rename'; readonly address: string; readonly name: string }
  | { readonly ask: 'safety'; readonly address: string }
  /** An address or a link, as the person typed or pasted it. */
  | { readonly ask: 'add'; readonly text: string }
  /** Yes to an invitation. */
  | { readonly ask: 'invited' }
  | { readonly ask: 'link' }
  | { readonly ask: 'name'; readonly name: string }
  | { readonly ask: 'privacy'; readonly change: Partial<Privacy> }
  /** What these find goes to the view that asked: secrets have no place in the state. */
  | { readonly ask: 'backup'; readonly passphrase: string; readonly got: Got<Uint8Array> }
  /** `persist`: the browser is asked to promise it first. */
  | { readonly ask: 'kept'; readonly persist: boolean; readonly got: Got<Kept> }
  | { readonly ask: 'words'; readonly got: Got<readonly string[]> }
  | {
      readonly ask: 'read-backup';
      readonly from: Uint8Array | string;
      readonly passphrase: string;
      readonly got: Got<Backup>;
    }
  | {
      readonly ask: 'restore';
      readonly backup: Backup;
      readonly replace: boolean;
      readonly got: (code: string | null) => void;
    }
  | {
      readonly ask: 'diagnose';
      readonly signal: AbortSignal;
      readonly heard: (finding: Finding) => void;
      readonly got: Got<Diagnosis>;
    }
  | {
      readonly ask: 'relay-only';
      readonly address: string;
      readonly isOn: boolean;
      readonly got: Got<null>;
    }
  | { readonly ask: 'compared'; readonly address: string; readonly isSame: boolean }
  | { readonly ask: 'invitations'; readonly got: Got<readonly IssuedInvitation[]> }
  | {
      readonly ask: 'invite';
      readonly options: InvitationOptions;
      readonly got: Got<IssuedInvitation>;
    }
  | {
      readonly ask: 'change-invitation';
      readonly id: string;
      /** Null withdraws it. */
      readonly change: InvitationChange | null;
      readonly got: Got<null>;
    }
  /** What a view does with the identity, which need not be open. */
  | {
      readonly ask: 'identity';
      readonly use: (identity: IdentityPort) => Promise<unknown>;
      /** Null where it was done; without it, the state says what went wrong. */
      readonly got?: (code: string | null) => void;
    }
  /** The chat goes on here once the key was opened in another tab. */
  | { readonly ask: 'unlocked'; readonly signal: AbortSignal }
  | { readonly ask: 'erase' };

/** What only the comforts' views ask. */
export type ComfortRequest =
  /** What a view knows how to do itself, with the SDK that runs. */
  | { readonly ask: 'use'; readonly use: (pim: PimPort) => Promise<unknown> }
  /** A conversation is shown: hears of it, and fetches its draft. */
  | {
      readonly ask: 'attend';
      readonly signal: AbortSignal;
      /** Runs `deed` whenever the page goes away, perhaps for good, until `signal`. */
      readonly onLeave: (deed: () => void) => void;
    }
  /** Messages before or after those that are here; `newest`: the end of the conversation. */
  | { readonly ask: 'older' | 'newer' | 'newest' | 'trim' | 'seen' }
  | { readonly ask: 'react'; readonly message: Message; readonly emoji: string }
  | { readonly ask: 'delete'; readonly message: Message }
  /** The next words answer or change this message, or none. */
  | {
      readonly ask: 'about';
      readonly how: 'reply' | 'edit';
      readonly message: Message | null;
    }
  /** Brings a message into sight. */
  | { readonly ask: 'show'; readonly id: string }
  | { readonly ask: 'quoted'; readonly id: string; readonly got: (found: Message | null) => void }
  /** A null query ends the search. */
  | { readonly ask: 'find'; readonly query: string | null }
  /** From the hit that is shown to an older one (1) or a newer one (-1). */
  | { readonly ask: 'hit'; readonly step: 1 | -1 };

/** What was found, or the code of why it was not. */
type Got<Found> = (found: Found | string) => void;

export type Request = PanelRequest | InboxRequest | ComfortRequest;

/** Whether it was done; where it was not, the state says why. */
export type Dispatch = (request: Request) => Promise<boolean>;
