/**
 * The words of files, fetched with their chunk.
 */

import type { Text } from '../words.js';

export const FILE_STRINGS = {
  'file.attach': 'Send files',
  'file.preparing': 'Getting {name} ready…',
  'file.accept': 'Get it',
  'file.decline': 'No, thanks',
  'file.pause': 'Pause',
  'file.resume': 'Go on',
  'file.again': 'Try again',
  'file.cancel': 'Cancel',
  'file.save': 'Save',
  'file.choose': 'Choose it again',
  'file.open': 'Show the picture large',
  'file.close': 'Close the picture',
  'file.picture': 'Picture: {name}',
  'file.progress': '{done} of {size}',
  'file.waiting': 'Waits until you are both here',
  'file.offered-mine': 'Not fetched yet',
  'file.paused-me': 'Paused by you',
  'file.paused-them': 'Paused over there',
  'file.declined-me': 'You declined it',
  'file.declined-them': 'Not wanted',
  'file.cancelled-me': 'You cancelled it',
  'file.cancelled-them': 'Cancelled over there',
  'file.missing-mine': 'Not at hand any longer. Choose the same file again, and it goes on.',
  'file.missing-theirs': 'Not at hand over there at the moment',
} satisfies Record<string, Text>;
