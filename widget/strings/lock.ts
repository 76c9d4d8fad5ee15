/** The words of the passphrase lock, in the inbox's chunk. */

import type { Text } from '../words.js';

export const LOCK_STRINGS = {
  // Said at the field at once: the other faults would have to be fetched first
  'fault.identity/passphrase': 'This is not the passphrase.',

  // In place of everything else, until it is opened
  'lock.title': 'This chat is locked',
  'lock.text':
    'Enter your passphrase to open it. Until then nothing comes in and nothing goes out.',
  'lock.show': 'Show what is typed',
  'lock.open': 'Unlock',
  'lock.opening': 'Unlocking…',
  'lock.slow': 'This takes longer than usual. Wait a little more, or try again.',
  'lock.forgot': 'Forgot it?',
  'lock.back': 'Back to the passphrase',
  'lock.forgot-text':
    'Nobody can tell you the passphrase or reset it. But your backup file or your 24 words open this chat too: nothing is lost, and the passphrase is taken away.',
  'lock.erase': 'With neither of them, all that is left is to begin anew.',

  // Settings
  'lock.off':
    'Whoever opens this browser can write in your name. A passphrase keeps your key locked.',
  'lock.on':
    'A passphrase is set. It is asked for when this site is opened and no other tab of it is open.',
  'lock.set': 'Set a passphrase',
  'lock.change': 'Change or remove it',
  'lock.now': 'Lock now',

  // Setting, changing and removing it
  'lock.what':
    'Whoever has this device but not the passphrase cannot write or be reached in your name. It guards your key alone: the chats kept here are not encrypted by it.',
  'lock.warning':
    'Only you know it, and nobody can reset it. If you forget it, you need a backup: the file, or your 24 words.',
  'lock.backup-first': 'Make a backup first',
  'lock.current': 'Present passphrase',
  'lock.new': 'New passphrase',
  'lock.again': 'The same once more',
  'lock.short': 'At least 10 characters: best are a few words that do not belong together.',
  'lock.weak': 'Easy to guess. Add words that do not belong together.',
  'lock.fair': 'It would hold for a while. One more word makes it much harder to guess.',
  'lock.strong': 'Hard to guess.',
  'lock.different': 'The two are not the same.',
  'lock.replace': 'Change the passphrase',
  'lock.saved': 'Done. It is asked for once all tabs of this site were closed, or when you lock.',
  'lock.remove': 'Remove the passphrase',
  'lock.removed': 'The passphrase is removed.',
} satisfies Record<string, Text>;
