/**
 * What the element and the panel ask of each other. Types alone: the panel is loaded only when it
 * is needed, and everything the two share has to be named here.
 */

import type { ConnectionStatus, ContactRequest, Message, PimOptions } from '../sdk/index.js';
import type { PimPort } from './port.js';
import type { StringOverrides } from './strings.js';
import type { Language, wordsOf } from './words.js';

export type Mode = 'bubble' | 'inline' | 'page';
export type IceServers = NonNullable<PimOptions['iceServers']>;

/** The element's attributes and properties, resolved. */
export interface Settings {
  /** The address as the page gave it, unchecked; null makes the element the person's own inbox. */
  readonly to: string | null;
  readonly relays: readonly string[];
  /** My display name, '' where the page gives none. */
  readonly name: string;
  readonly greeting: string;
  readonly mode: Mode;
  readonly storage: 'persistent' | 'memory';
  /** Token of an invitation, '' where there is none. */
  readonly invite: string;
  readonly relayOnly: boolean;
  readonly ownTurnOnly: boolean;
  readonly iceServers: IceServers;
  readonly allowInsecure: boolean;
  readonly disabled: boolean;
  /** Texts are shown as they were typed, without marks. */
  readonly plain: boolean;
  /** Nothing outside of the chat tells of news. */
  readonly quiet: boolean;
  readonly strings: StringOverrides;
  readonly language: Language;
  /** The page's own SDK instance, or null where the panel makes one. */
  readonly pim: PimPort | null;
  /** Where the server of this script has its inbox page; null where the script came from a file. */
  readonly inboxUrl: string | null;
}

/** `detail` of each event of the element. */
export interface PimChatEvents {
  'pim-ready': { address: string; isNew: boolean; isPersistent: boolean };
  'pim-open': null;
  'pim-close': null;
  'pim-message': Message;
  'pim-request': ContactRequest;
  'pim-unread': { unread: number };
  'pim-connection': ConnectionStatus;
  /** A PimError, or what made the panel fail. */
  'pim-error': unknown;
}

/** As listeners get them. */
export type PimChatEventMap = {
  [Name in keyof PimChatEvents]: CustomEvent<PimChatEvents[Name]>;
};

/** The element, as the panel sees it. */
export interface PanelHost {
  readonly shadow: ShadowRoot;
  /** The panel renders here and leaves it empty. */
  readonly place: HTMLElement;
  /** Rises with every change. */
  settings(): Settings;
  /** These two lie with the element, which needs them too. */
  readonly wordsOf: typeof wordsOf;
  /** Adds style rules, once. */
  adopt(css: string): void;
  /** Resolves once the settings have all words of their language. */
  speak(): Promise<void>;
  emit<Name extends keyof PimChatEvents>(name: Name, detail: PimChatEvents[Name]): void;
  /** The person asked to close the bubble. */
  close(): void;
  setUnread(count: number): void;
  setOnline(online: boolean): void;
}

/** The panel, as the element sees it. */
export interface Panel {
  /** Settings changed. */
  update(): void;
  /** Shown or hidden; hidden panels mark nothing as read. */
  setShown(shown: boolean): void;
  /** Identity, storage and relays may be used from now on; `byPerson` also takes over from another tab. */
  begin(byPerson: boolean): void;
  focus(): void;
  send(text: string): Promise<Message>;
  destroy(): void;
}

export interface PanelModule {
  mountPanel(host: PanelHost): Panel;
}
