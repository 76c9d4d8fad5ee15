/**
 * Entry of the lock's chunk: what asks for the passphrase, and what sets, changes and removes it. Its
 * words lie with the inbox's.
 */

import { LOCK_STYLES } from '../styles/lock.js';
import { Locked } from './locked.js';
import { PassphraseScreen } from './passphrase-screen.js';

export const chunk = {
  views: { Locked, PassphraseScreen },
  styles: LOCK_STYLES,
};
