/**
 * What every view is given: the state, the words for it, and one way to ask for something.
 */

import type { Child } from '../render/jsx-runtime.js';
import type { StringKey } from '../strings.js';
import type { Dictionary, Words } from '../words.js';
import type { Formats } from './format.js';
import type { PerformInbox } from './perform.js';
import type { Dispatch } from './request.js';
import type { State } from './state.js';

export interface Ui {
  readonly state: State;
  readonly words: Words<StringKey>;
  readonly formats: Formats;
  /** Milliseconds since 1970, of this drawing. */
  readonly now: number;
  readonly dispatch: Dispatch;
  /** Closes the bubble. */
  close(): void;
  /** The inbox's views, null until they are fetched: a visitor who talks to one person needs none. */
  readonly inbox: InboxViews | null;
}

export type View = (props: { readonly ui: Ui }) => Child;

export interface InboxViews {
  /** Everything but what stands instead of it; for a page's own chat, what is about the person. */
  readonly Main: View;
}

export interface InboxChunk {
  readonly views: InboxViews;
  readonly perform: PerformInbox;
  readonly strings: Dictionary;
  readonly styles: string;
}
