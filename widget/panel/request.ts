/**
 * What views ask of the store. A view changes nothing by itself.
 */

import type { Backup, Diagnosis, Finding } from '../../sdk/index.js';
import type { Screen } from './state.js';

export type PanelRequest =
  /** A person wants the chat to begin here, or to come here from another tab. */
  | { readonly ask: 'begin' }
  | { readonly ask: 'go'; readonly screen: Screen }
  | { readonly ask: 'open'; readonly address: string }
  | { readonly ask: 'older' }
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
  /** What these find goes to the view that asked: secrets have no place in the state. */
  | { readonly ask: 'backup'; readonly passphrase: string; readonly got: Got<Uint8Array> }
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
  | { readonly ask: 'erase' };

/** What was found, or the code of why it was not. */
type Got<Found> = (found: Found | string) => void;

export type Request = PanelRequest | InboxRequest;

/** Whether it was done; where it was not, the state says why. */
export type Dispatch = (request: Request) => Promise<boolean>;
