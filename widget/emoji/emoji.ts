/** Entry of the emoji chunk: the list, and a way to choose from it. */

import { EMOJI_STYLES } from '../styles/emoji.js';
import { Picker } from './picker.js';

export const chunk = { Picker, styles: EMOJI_STYLES } as const;
