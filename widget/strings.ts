/**
 * Every sentence of the chat, in English: one dictionary in five files, so that a page pays for the
 * words of what it shows. A page replaces single ones through the `strings` property; `{name}`
 * places are filled in, plural sentences have one text per form.
 */

import type { COMFORT_STRINGS } from './strings/comforts.js';
import type { CONVERSATION_STRINGS } from './strings/conversation.js';
import type { FAULT_STRINGS } from './strings/faults.js';
import type { FILE_STRINGS } from './strings/files.js';
import type { INBOX_STRINGS } from './strings/inbox.js';
import type { LAUNCHER_STRINGS } from './strings/launcher.js';
import type { Text } from './words.js';

export type StringKey =
  | keyof typeof LAUNCHER_STRINGS
  | keyof typeof CONVERSATION_STRINGS
  | keyof typeof COMFORT_STRINGS
  | keyof typeof FAULT_STRINGS
  | keyof typeof FILE_STRINGS
  | keyof typeof INBOX_STRINGS;

/** A language’s words for the panel; the button’s lie apart. A missing one is said in English. */
export type Translation = {
  readonly [Key in Exclude<StringKey, keyof typeof LAUNCHER_STRINGS>]?: Text;
};

/** The shape of the `strings` property: any of the sentences, in the page's own words. */
export type StringOverrides = { readonly [Key in StringKey]?: Text };
