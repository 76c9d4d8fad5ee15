/**
 * Entry of the inbox's chunk: views, deeds, words and looks that a visitor who writes to one person
 * never needs.
 */

import type { Chunk, InboxViews } from '../panel/ui.js';
import { INBOX_STRINGS } from '../strings/inbox.js';
import { INBOX_STYLES } from '../styles/inbox.js';
import { layer } from './deeds.js';
import { Main } from './main.js';

export const chunk: Chunk<InboxViews> = {
  views: { Main },
  layer,
  strings: INBOX_STRINGS,
  styles: INBOX_STYLES,
};
