/**
 * What every view is given: the state, the words for it, and one way to ask for something.
 */

import type { Message } from '../../sdk/index.js';
import type { Child } from '../render/jsx-runtime.js';
import type { StringKey } from '../strings.js';
import type { Dictionary, Words } from '../words.js';
import type { Formats } from './format.js';
import type { Layer } from './perform.js';
import type { Dispatch } from './request.js';
import type { State, Thread } from './state.js';

export interface Ui {
  readonly state: State;
  readonly words: Words<StringKey>;
  readonly formats: Formats;
  /** Milliseconds since 1970, of this drawing. */
  readonly now: number;
  readonly dispatch: Dispatch;
  /** Closes the bubble. */
  close(): void;
  /** The inbox's views, once they are fetched: a visitor who talks to one person needs none. */
  readonly inbox: InboxViews | undefined;
  /** There once somebody points at, touches or moves to what they are for, or there is a past. */
  readonly comforts: ComfortViews | undefined;
  /** Fetches them. */
  comfort(): void;
  /** Adds a style sheet to the element, once. */
  adopt(css: string): void;
}

type Given<Props> = { readonly ui: Ui } & Props;

export type View<Props = object> =
  | ((props: Given<Props>) => Child)
  | (new (
      props: Given<Props>,
    ) => { render(props: Given<Props>, state: never): Child });
type OfThread = View<{ readonly thread: Thread }>;

export interface InboxViews {
  /**
   * Everything but what stands instead of it; for a page's own chat, what is about the person; and for
   * all, what asks for the passphrase.
   */
  readonly Main: View;
}

/** What a conversation has beyond saying and reading. */
export interface ComfortViews {
  /** What is in a bubble. */
  readonly Body: View<{ readonly message: Message }>;
  /** Over and beside the log: menu, jump, search. */
  readonly Beside: OfThread;
  /** Behind the last message. */
  readonly Below: OfThread;
  /** Above the field: what the next words answer or change. */
  readonly About: OfThread;
  /** In the field, and in the head. */
  readonly InField: OfThread;
  readonly InHead: OfThread;
}

/** What is fetched when it is first needed. */
export interface Chunk<Views> {
  readonly views: Views;
  readonly layer: Layer;
  readonly strings: Dictionary;
  readonly styles: string;
}
