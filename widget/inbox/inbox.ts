/**
 * Entry of the inbox's chunk: views, deeds, words and looks that a visitor who writes to one person
 * never needs.
 */

import type { InboxChunk } from '../panel/ui.js';
import { INBOX_STRINGS } from '../strings/inbox.js';
import { INBOX_STYLES } from '../styles/inbox.js';
import { perform } from './deeds.js';
import { Main } from './main.js';

export const inbox: InboxChunk = {
  views: { Main },
  perform,
  strings: INBOX_STRINGS,
  styles: INBOX_STYLES,
};
