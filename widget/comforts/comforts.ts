/**
 * Entry of the comforts' chunk: what a conversation has beyond saying and reading. Fetched when
 * somebody points at messages, has a past, or is sent more than plain words.
 */

import type { Chunk, ComfortViews } from '../panel/ui.js';
import { COMFORT_STRINGS } from '../strings/comforts.js';
import { FILE_STRINGS } from '../strings/files.js';
import { COMFORT_STYLES } from '../styles/comforts.js';
import { FILE_STYLES } from '../styles/files.js';
import { About } from './about.js';
import { Below } from './below.js';
import { Beside } from './beside.js';
import { Body } from './body.js';
import { layer } from './deeds.js';
import { InHead } from './find-bar.js';
import { InField } from './in-field.js';

export const chunk: Chunk<ComfortViews> = {
  views: { About, Below, Beside, Body, InField, InHead },
  layer,
  strings: { ...COMFORT_STRINGS, ...FILE_STRINGS },
  styles: COMFORT_STYLES + FILE_STYLES,
};
