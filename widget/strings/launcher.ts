/**
 * The few words that are needed before the chat is opened; apart from strings.ts so that a page
 * pays for no others until then.
 */

import type { Text } from '../words.js';

export const LAUNCHER_STRINGS = {
  'launcher.open': 'Open chat',
  'launcher.close': 'Close chat',
  'launcher.unread': { one: '{n} new message', other: '{n} new messages' },
  'launcher.failed': 'The chat could not be loaded. Check your connection and try again.',
  'launcher.retry': 'Try again',
} satisfies Record<string, Text>;
